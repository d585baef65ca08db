"""Fields, tokens, the audit log and the suppression list, over HTTP and without script."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest

from regulars.services.segments import Segments
from tests.web.test_settings import MARKUP, as_text, audited

if TYPE_CHECKING:
    from tests.site import Site, Visit

# Fields


def test_a_field_is_declared(own_site: Site, admin: Visit) -> None:
    form = {"name": "level", "type": "integer"}
    assert admin.submit("/settings/fields/", form).is_redirect
    page = as_text(admin.get("/settings/fields/").text)
    assert f"{own_site.shop.prefix}level Whole number Declared 0" in page
    report = own_site.shop.upload({"external_id": "1", f"{own_site.shop.prefix}level": "gold"})
    assert report["problems"][0]["code"] == "bad_integer"
    name = f"{own_site.shop.prefix}level"
    assert audited(own_site)[-1][:3] == ("field:declare", name, "integer")


@pytest.mark.parametrize("form", [{"name": MARKUP, "type": "string"}, {"name": "a", "type": "x"}])
def test_a_field_that_cannot_be_is_refused(
    own_site: Site, admin: Visit, form: dict[str, str]
) -> None:
    reply = admin.submit("/settings/fields/", form)
    assert reply.status_code == 422
    assert "<img src=x" not in reply.text
    assert audited(own_site) == []


def test_fields_tell_who_has_a_value_and_which_segments_use_them(
    own_site: Site, admin: Visit
) -> None:
    name = f"{own_site.shop.prefix}size"
    own_site.shop.upload({"external_id": "1", name: 40}, {"external_id": "2", name: 41},
                         {"external_id": "3", "city": "Turku"})  # fmt: skip
    page = as_text(admin.get("/settings/fields/").text)
    assert f"{name} Whole number Inferred 2 –" in page
    assert "City city Text 1 –" in page
    admin.submit("/settings/fields/", {"name": name, "type": "integer"})
    register = own_site.server.installation.open_register(own_site.shop.short_name)
    segments = Segments(own_site.server.installation)
    segments.save(register, MARKUP, f"{name} > 40", actor="test")
    shown = admin.get("/settings/fields/").text
    assert (
        f"{name} Whole number Declared 2 {MARKUP}" in as_text(shown) or html.escape(MARKUP) in shown
    )
    assert "<img src=x" not in shown


def test_a_type_changes_once_all_values_read(own_site: Site, admin: Visit) -> None:
    name = f"{own_site.shop.prefix}size"
    own_site.shop.upload({"external_id": "1", name: "40"}, {"external_id": "2", name: MARKUP})
    form = {"name": name, "type": "integer"}
    preview = admin.submit("/settings/fields/preview/", form)
    assert preview.status_code == 200, preview.text
    assert "cannot be changed yet" in preview.text
    assert html.escape(MARKUP).replace("&quot;", "&#34;") in preview.text
    assert "<img src=x" not in preview.text
    (number,) = re.findall(r'href="/customers/(\d+)/"', preview.text)
    assert MARKUP in as_text(admin.get(f"/customers/{number}/").text) or number
    refused = admin.submit("/settings/fields/change/", form)
    assert refused.status_code == 409
    assert "The type is not changed" in refused.text
    own_site.shop.upload({"external_id": "2", name: "41"})
    assert "All values read." in admin.submit("/settings/fields/preview/", form).text
    assert admin.submit("/settings/fields/change/", form).is_redirect
    assert [each[name] for each in own_site.shop.customers(order="external_id")] == [40, 41]


def test_the_first_20_values_that_do_not_read_are_shown(own_site: Site, admin: Visit) -> None:
    name = f"{own_site.shop.prefix}size"
    records = [{"external_id": str(n), name: f"size {n}"} for n in range(23)]
    own_site.shop.upload(*records, {"external_id": "fits", name: "7"})
    page = admin.submit("/settings/fields/preview/", {"name": name, "type": "integer"}).text
    assert "The first 20 values that do not read" in page
    assert len(re.findall(r'href="/customers/\d+/"', page)) == 20
    assert "Values that do not 23" in as_text(page)
    assert "Values that read as whole number 1" in as_text(page)


# Tokens


def test_a_token_is_shown_once_and_works_until_revoked(own_site: Site, admin: Visit) -> None:
    form = {"name": MARKUP, "scope": ["upload", "read", "imports"]}
    page = admin.submit("/settings/tokens/", form).text
    secret, command = map(html.unescape, re.findall(r'data-copy="([^"]+)"', page))
    assert secret.startswith("rgl_")
    done = subprocess.run([*shlex.split(command), "-s"], capture_output=True, text=True, check=True)
    assert '"response":"ok"' in done.stdout
    listed = admin.get("/settings/tokens/").text
    assert secret not in listed
    assert secret[-4:] not in as_text(listed)
    assert "Upload customers, Read customers, Follow imports" in listed
    assert "<img src=x" not in listed + page
    token_id = re.findall(r"/settings/tokens/([0-9a-f]+)/revoke/", listed)[0]
    assert admin.submit(f"/settings/tokens/{token_id}/revoke/").is_redirect
    assert own_site.server.client(secret).get("/api/data/customers/").status_code == 401
    assert admin.submit(f"/settings/tokens/{token_id}/revoke/").status_code == 409
    assert [action for action, *_ in audited(own_site)] == ["token:create", "token:revoke"]


def test_a_token_may_do_what_was_chosen_and_nothing_else(own_site: Site, admin: Visit) -> None:
    page = admin.submit("/settings/tokens/", {"name": "reader", "scope": "read"}).text
    secret, _ = map(html.unescape, re.findall(r'data-copy="([^"]+)"', page))
    http = own_site.server.client(secret)
    assert http.get("/api/data/customers/").status_code == 200
    assert http.post("/api/customers/upload/", json=[]).status_code == 403


@pytest.mark.parametrize(
    "form",
    [{"name": "", "scope": "read"}, {"name": "x"}, {"name": "x", "scope": "all"},
     {"name": "x", "scope": "read", "expires_on": "2020-01-01"},
     {"name": "x", "scope": "read", "expires_on": "soon"},
     {"name": "x", "scope": "read", "expires_on": "9999-12-31"}],
)  # fmt: skip
def test_a_token_that_cannot_be_is_not_made(
    own_site: Site, admin: Visit, form: dict[str, str]
) -> None:
    assert admin.submit("/settings/tokens/", form).status_code == 422
    assert audited(own_site) == []


def test_tokens_of_other_companies_are_not_revoked(site: Site, admin: Visit) -> None:
    (token, *_) = site.server.access.load_tokens(site.shop.short_name)
    assert admin.submit(f"/settings/tokens/{token.id}/revoke/").status_code == 409
    assert site.shop.http.get("/api/data/customers/?limit=1").status_code == 200


# Audit log


def test_the_audit_log_is_paged_and_filtered(own_site: Site, admin: Visit) -> None:
    short_name = own_site.shop.short_name
    for number in range(60):
        own_site.server.installation.add_audit_entry(
            short_name, f"token:{MARKUP}", "segment:create", f"segment {number} {MARKUP}"
        )
    page = admin.get("/settings/audit/").text
    assert "segment 59 " in page
    assert "<img src=x" not in page
    assert "segment 9 " not in page
    older = html.unescape(re.findall(r'href="(/settings/audit/\?before=[^"]+)"', page)[0])
    assert "segment 9 " in admin.get(older).text
    users = admin.get("/settings/audit/", params={"action": "user:create"}).text
    assert "segment 59 " not in users
    assert own_site.email("viewer") in users
    assert "No act of this kind" in admin.get("/settings/audit/?action=no:such").text
    fragment = admin.get("/settings/audit/", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "segment 59 " in fragment


# Suppression list


def test_a_suppression_is_lifted_with_a_reason(own_site: Site, admin: Visit) -> None:
    email = "ada@example.org"
    own_site.shop.upload({"external_id": "1", "email": email})
    own_site.shop.upload({"external_id": "1", "is_forgotten": True})
    page = admin.get("/settings/suppressions/").text
    assert "In force" in page
    assert email not in page
    (place,) = re.findall(r'action="(/settings/suppressions/\d+/lift/)"', page)
    assert own_site.shop.upload({"email": email})["ignored"] == 1
    assert admin.submit(place, {"reason": " "}).status_code == 422
    assert admin.submit(place, {"reason": MARKUP}).is_redirect
    shown = admin.get("/settings/suppressions/").text
    assert "Lifted" in shown
    assert "<img src=x" not in shown
    assert own_site.shop.upload({"email": email})["created"] == 1
    assert admin.submit(place, {"reason": "again"}).status_code == 409
    assert audited(own_site)[-1][0] == "suppression:lift"
