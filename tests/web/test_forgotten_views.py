"""Views that hold an address of somebody who was forgotten since (SPEC section 7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from regulars.services.customer_views import CustomerViews
from regulars.services.installation import Installation
from tests.web.customer_pages import address_of, look_for, view_in

if TYPE_CHECKING:
    from tests.site import Site, Visit

AINO = {"external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567"}
SEARCHES = (
    {"search": "aino@example.org"},
    {"search": "AINO@Example.Org oulu"},
    {"search": "040 123 4567"},
    {"search": 'email in ("aino@example.org", "eva@example.org")'},
    {"f-field": "phone_number", "f-operator": "is", "f-value": "+358 40 1234567", "step": "add"},
)


def forget(site: Site) -> None:
    assert site.shop.upload({"external_id": "1", "is_forgotten": True})["updated"] == 1


def kept(site: Site) -> set[str]:
    company = site.shop.short_name
    return {view.id for view in site.server.installation.store.visits.load_views(company)}


@pytest.mark.parametrize("form", SEARCHES, ids=lambda form: form.get("search", "filter"))
def test_a_view_of_who_was_forgotten_since_is_gone(
    own_site: Site, admin: Visit, form: dict[str, str]
) -> None:
    own_site.shop.upload(AINO)
    address = address_of(admin, **form)
    other = address_of(admin, search="eva@example.org 040 765 4321")
    assert admin.get(address).status_code == 200
    forget(own_site)
    page = admin.get(address)
    assert page.status_code == 404
    assert "aino" not in page.text
    assert view_in(address) not in kept(own_site)
    assert admin.get(other).status_code == 200


def test_views_that_nobody_opens_any_more_go_too(own_site: Site, admin: Visit) -> None:
    own_site.shop.upload(AINO)
    address = address_of(admin, search="aino@example.org")
    other = address_of(admin, search="eva@example.org")
    views = CustomerViews(own_site.server.installation)
    register = own_site.server.installation.open_register(own_site.shop.short_name)
    assert views.delete_forgotten(register) == 0
    forget(own_site)
    assert views.delete_forgotten(register) == 1
    assert kept(own_site) == {view_in(other)}
    assert admin.get(address).status_code == 404


def test_whoever_looks_whether_somebody_is_gone_is_told_so(own_site: Site, admin: Visit) -> None:
    own_site.shop.upload(AINO)
    forget(own_site)
    address = address_of(admin, search="aino@example.org")
    page = look_for(admin, view=view_in(address), search="aino@example.org")
    assert page.status_code == 200
    assert "Nobody" in page.text or "No customer" in page.text
    installation = own_site.server.installation
    register = installation.open_register(own_site.shop.short_name)
    assert CustomerViews(installation).delete_forgotten(register) == 0
    later = Installation(
        installation.store, installation.settings, b"k" * 32,
        lambda: installation.now() + timedelta(hours=1, seconds=1),
    )  # fmt: skip
    assert CustomerViews(later).delete_forgotten(register) == 2
    assert kept(own_site) == set()
