"""The page of a customer: what it shows, and how customers are changed, deleted and forgotten."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.site import Site, Visit

MARKUP = '"><img src=x onerror=alert(1)>'
AINO = {
    "external_id": "1", "email": "aino@example.org", "first_name": "Aino", "last_name": "Virta",
    "can_email": True, "tags": ["vip"], "date_joined": "2026-01-31T22:30:00Z",
}  # fmt: skip


def edit(visit: Visit, number: int, **values: str) -> str:
    """Change fields of a customer as the form does; gives the address or the page that follows."""
    form = {f"value.{name}": value for name, value in values.items()}
    form |= {f"was.{name}": "something else" for name in values}
    reply = visit.submit(f"/customers/{number}/edit/", form)
    return reply.headers.get("location") or unescape(reply.text)


def test_the_page_says_who_it_is_and_who_allowed_what(own_site: Site) -> None:
    own_site.shop.upload(AINO)
    page = own_site.sign_in("viewer").get("/customers/1/").text
    assert "<h1>Aino Virta</h1>" in page
    # An instant is shown in the company's timezone, where it is the next day already.
    assert "1 Feb 2026, 00:30" in page
    assert "by the token test" in page
    assert "Never asked" in page
    assert 'href="/customers/1/edit/"' not in page
    assert "Forget" not in page


def test_an_edit_writes_what_was_changed_and_leaves_the_rest(own_site: Site) -> None:
    own_site.shop.upload(AINO)
    planner = own_site.sign_in("planner")
    address = edit(planner, 1, city="Turku", tags="vip\nkitchen\n", can_email="false")
    assert address == "/customers/1/?done=saved"
    customer = own_site.shop.customer("1")
    assert customer is not None
    assert (customer["city"], customer["tags"]) == ("Turku", ["vip", "kitchen"])
    assert (customer["can_email"], customer["last_name"]) == (False, "Virta")
    page = planner.get(address).text
    assert f"by {own_site.email('planner')}" in page
    assert "The change is saved." in page


def test_what_was_not_changed_in_the_form_is_not_written(own_site: Site) -> None:
    own_site.shop.upload(AINO)
    planner = own_site.sign_in("planner")
    form = {"value.city": "", "was.city": "", "value.last_name": "Virta", "was.last_name": "Virta"}
    own_site.shop.upload({"external_id": "1", "city": "Oulu"})
    reply = planner.submit("/customers/1/edit/", form)
    assert reply.headers["location"] == "/customers/1/?done=same"
    assert (own_site.shop.customer("1") or {})["city"] == "Oulu"


def test_an_empty_field_removes_and_the_last_identifier_stays(own_site: Site) -> None:
    own_site.shop.upload({"email": "eino@example.org", "city": "Oulu"})
    planner = own_site.sign_in("planner")
    assert edit(planner, 1, city="") == "/customers/1/?done=saved"
    assert "needs at least one of" in edit(planner, 1, email="")
    (customer,) = own_site.shop.customers(email="eino@example.org")
    assert "city" not in customer


def test_what_cannot_be_read_is_told_beside_its_field_and_the_rest_is_saved(
    own_site: Site,
) -> None:
    own_site.shop.upload(AINO)
    page = edit(own_site.sign_in("planner"), 1, phone_number="12", city="Turku")
    assert "Some fields could not be written. The others are saved." in page
    assert 'value="12"' in page
    assert 'aria-invalid="true"' in page
    assert (own_site.shop.customer("1") or {})["city"] == "Turku"


@pytest.mark.parametrize(("way", "field"), [("forget", "is_forgotten"), ("delete", "is_deleted")])
def test_nobody_is_taken_out_without_a_confirmation(own_site: Site, way: str, field: str) -> None:
    own_site.shop.upload(AINO)
    planner = own_site.sign_in("planner")
    assert "What will happen" in planner.get(f"/customers/1/{way}/").text
    assert planner.submit(f"/customers/1/{way}/").status_code == 422
    assert own_site.shop.customer("1") is not None
    assert planner.submit(f"/customers/1/{way}/", {"confirmed": "yes"}).status_code == 200
    if field == "is_deleted":
        assert planner.get("/customers/1/").status_code == 404
    else:
        page = planner.get("/customers/1/").text
        assert "A forgotten person" in page
        assert "Virta" not in page
    assert planner.get("/customers/1/edit/").status_code in (404, 409)


def test_a_viewer_changes_nothing(own_site: Site) -> None:
    own_site.shop.upload(AINO)
    viewer = own_site.sign_in("viewer")
    assert "role of a planner" in edit(viewer, 1, city="Turku")
    for way in ("edit", "forget", "delete"):
        assert viewer.get(f"/customers/1/{way}/").status_code == 403
        assert viewer.submit(f"/customers/1/{way}/", {"confirmed": "yes"}).status_code == 403
    assert "city" not in (own_site.shop.customer("1") or {})


def test_no_customer_of_another_company_is_reached(own_site: Site, site: Site) -> None:
    planner = own_site.sign_in("planner")
    assert site.sign_in("planner").get("/customers/1/").status_code == 200
    for page in ("", "edit/", "json/", "forget/", "delete/"):
        assert planner.get(f"/customers/1/{page}").status_code == 404


def test_text_of_customers_is_never_markup(own_site: Site) -> None:
    prefix = own_site.shop.prefix
    own_site.shop.upload(
        AINO | dict.fromkeys(("first_name", "city", "street_name", f"{prefix}note"), MARKUP)
        | {"tags": [MARKUP], "mailing_lists": [MARKUP], f"{prefix}thing": {MARKUP: MARKUP}}
    )  # fmt: skip
    own_site.shop.upload({"external_id": "1", "city": f"{MARKUP}!"})
    planner = own_site.sign_in("planner")
    for page in ("", "edit/", "forget/", "delete/"):
        assert "<img" not in planner.get(f"/customers/1/{page}").text


def test_the_timeline_goes_on_where_it_is_long(own_site: Site) -> None:
    for number in range(25):
        own_site.shop.upload({"external_id": "1", "city": f"City {number}"})
    viewer = own_site.sign_in("viewer")
    page = viewer.get("/customers/1/").text
    assert "<ins>City 24</ins>" in page
    assert "<ins>City 4</ins>" not in page
    older = page.split('hx-get="')[1].split('"')[0]
    part = viewer.get(older, headers={"HX-Request": "true"}).text
    assert "<ins>City 4</ins>" in part
    assert "<html" not in part


def test_the_customer_as_json_is_what_the_api_gives(own_site: Site) -> None:
    own_site.shop.upload(AINO)
    found = own_site.sign_in("viewer").get("/customers/1/json/").json()
    assert found == own_site.shop.customers(external_id="1", datetimes="rfc3339")[0]
