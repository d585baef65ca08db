"""The settings of a company, over HTTP and without script."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.audit import audit_log
from tests.site import PASSWORD, find_token

if TYPE_CHECKING:
    from regulars.store.contract import Company
    from tests.site import Site, Visit

PLACES = ("", "fields/", "users/", "tokens/", "audit/", "suppressions/")
MARKUP = '"><img src=x onerror=alert(1)><script>alert(1)</script>'


def company_of(site: Site) -> Company:
    found = site.server.installation.store.find_company(site.shop.short_name)
    assert found is not None
    return found


def audited(site: Site) -> list[tuple[str, str, str, str]]:
    """What the admin did, as the audit log has it."""
    log = audit_log(site.server.installation, site.shop.short_name)
    by = f"user:{site.email('admin')}"
    return [(each.action, each.subject, each.details, each.actor) for each in log
            if each.actor == by]  # fmt: skip


def as_text(page: str) -> str:
    """What a page says, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ["planner", "viewer"])
def test_settings_are_for_admins_alone(site: Site, place: str, role: str) -> None:
    reply = site.sign_in(role).get(f"/settings/{place}")
    assert reply.status_code == 403
    assert "role of an admin" in reply.text


@pytest.mark.parametrize("role", ["planner", "viewer"])
@pytest.mark.parametrize(
    "place",
    ["company/", "limits/", "fields/", "fields/change/", "users/", "users/role/", "tokens/",
     "suppressions/1/lift/"],
)  # fmt: skip
def test_only_admins_change_settings(site: Site, role: str, place: str) -> None:
    before = company_of(site)
    form = {"name": "Mine", "timezone": "UTC", "country": "SE", "email": "new@example.org"}
    assert site.sign_in(role).submit(f"/settings/{place}", form).status_code == 403
    assert company_of(site) == before


@pytest.mark.parametrize("place", PLACES)
def test_admins_see_all_settings(site: Site, place: str) -> None:
    page = site.sign_in("admin").get(f"/settings/{place}")
    assert page.status_code == 200, page.text
    assert 'aria-current="page"' in page.text


# Company


def test_a_changed_company_is_saved_and_audited(own_site: Site, admin: Visit) -> None:
    form = {"name": MARKUP, "timezone": "Europe/London", "country": "GB"}
    reply = admin.submit("/settings/company/", form)
    assert reply.headers["location"] == "/settings/?done=company"
    company = company_of(own_site)
    assert (company.name, company.timezone, company.country) == (MARKUP, "Europe/London", "GB")
    assert company.short_name == own_site.shop.short_name
    page = admin.get("/settings/?done=company").text
    assert "The company is saved." in page
    assert "<script>alert" not in page
    assert "<img" not in page
    ((action, subject, details, _),) = audited(own_site)
    assert (action, subject) == ("company:change", own_site.shop.short_name)
    assert "timezone: Europe/Helsinki → Europe/London" in details
    admin.submit("/settings/company/", form)
    assert len(audited(own_site)) == 1, "what changes nothing is no act"


@pytest.mark.parametrize(
    ("name", "value"),
    [("name", ""), ("timezone", "Europe/Atlantis"), ("timezone", "../x"), ("country", "XX")],
)
def test_a_company_that_cannot_be_stays_as_it_is(
    own_site: Site, admin: Visit, name: str, value: str
) -> None:
    before = company_of(own_site)
    form = {"name": "Shop", "timezone": "UTC", "country": "FI", name: value}
    reply = admin.submit("/settings/company/", form)
    assert reply.status_code == 422
    assert "Nothing is saved." in reply.text
    assert company_of(own_site) == before


def test_limits_of_its_own_are_in_force_and_go_back_to_the_installations(
    own_site: Site, admin: Visit
) -> None:
    reply = admin.submit("/settings/limits/", {"deleted_days": "5", "hold_gone_customers": "7"})
    assert reply.status_code == 303, reply.text
    register = own_site.server.installation.open_register(own_site.shop.short_name)
    assert register.settings.deleted_days == 5
    assert register.settings.hold_gone_customers == 7
    assert register.settings.rejected_days == 30
    page = admin.get("/settings/").text
    assert 'value="5"' in page
    assert "Installation: 90" in page
    admin.submit("/settings/limits/", {})
    register = own_site.server.installation.open_register(own_site.shop.short_name)
    assert register.settings == own_site.server.installation.settings
    assert [details for _, _, details, _ in audited(own_site)] == [
        "deleted_days: as the installation → 5; hold_gone_customers: as the installation → 7",
        "deleted_days: 5 → as the installation; hold_gone_customers: 7 → as the installation",
    ]


@pytest.mark.parametrize(
    ("name", "value"), [("deleted_days", "0"), ("deleted_days", "-1"), ("hold_gone_percent", "101"),
                        ("rejected_days", "many"), ("rejected_days", "40000")],
)  # fmt: skip
def test_a_limit_that_cannot_be_is_refused_and_shown_again(
    own_site: Site, admin: Visit, name: str, value: str
) -> None:
    reply = admin.submit("/settings/limits/", {name: value, "hold_address_records": "12"})
    assert reply.status_code == 422
    assert f'value="{value}"' in reply.text
    assert 'value="12"' in reply.text
    assert audited(own_site) == []


def test_imports_are_held_at_the_companys_own_limit(own_site: Site, admin: Visit) -> None:
    records = [{"external_id": str(number)} for number in range(5)]
    own_site.shop.upload(*records)
    admin.submit("/settings/limits/", {"hold_gone_customers": "3", "hold_gone_percent": "10"})
    gone = [record | {"is_deleted": True} for record in records]
    assert own_site.shop.upload(*gone[:3])["status"] == "done"
    own_site.shop.upload(*[{"external_id": f"new{number}"} for number in range(5)])
    again = [{"external_id": f"new{number}", "is_deleted": True} for number in range(5)]
    assert own_site.shop.upload(*again)["status"] == "held"


def test_another_timezone_and_country_count_from_now_on(own_site: Site, admin: Visit) -> None:
    shop = own_site.shop
    shop.upload({"external_id": "1", "last_login": "2026-01-31T23:30:00Z"})
    day = "last_login between 2026-02-01 and 2026-02-01"
    assert [each["external_id"] for each in shop.customers(where=day)] == ["1"]
    admin.submit("/settings/company/", {"name": "S", "timezone": "Europe/London", "country": "GB"})
    assert shop.customers(where=day) == [], "the day in London is another one"
    shop.upload({"external_id": "2", "last_login": "2026-02-01T00:30:00",
                 "phone_number": "020 7946 0018"})  # fmt: skip
    assert [each["external_id"] for each in shop.customers(where=day)] == ["2"]
    assert shop.customers(external_id="1")[0]["last_login"] == "2026-01-31T23:30:00"
    assert shop.customers(external_id="2")[0]["last_login"] == "2026-02-01T00:30:00"
    assert shop.customers(phone_number="+442079460018")[0]["external_id"] == "2"


# Users


def test_a_user_is_made_and_signs_in_with_the_password_shown(own_site: Site, admin: Visit) -> None:
    email = f"new@{own_site.shop.short_name}.example.org"
    page = admin.submit("/settings/users/", {"email": email, "role": "viewer"})
    assert page.status_code == 200
    (password,) = re.findall(r'data-copy="([^"]+)"', page.text)
    assert password not in admin.get("/settings/users/").text
    http = own_site.server.client()
    form = {"email": email, "password": password}
    token = find_token(http.get("/sign-in/").text)
    assert http.post("/sign-in/", data=form | {"_csrf": token}).status_code == 303
    assert http.get("/help/").status_code == 200
    assert "just now" in admin.get("/settings/users/").text
    assert audited(own_site)[-1][:3] == ("user:create", email, "viewer")


def test_a_role_is_changed_and_counts_at_once(own_site: Site, admin: Visit) -> None:
    viewer = own_site.sign_in("viewer")
    email = own_site.email("viewer")
    assert admin.submit("/settings/users/role/", {"email": email, "role": "admin"}).is_redirect
    assert viewer.get("/settings/").status_code == 200
    assert audited(own_site)[-1][:3] == ("user:role", email, "viewer → admin")


def test_a_disabled_user_is_out_until_enabled_again(own_site: Site, admin: Visit) -> None:
    email = own_site.email("planner")
    planner = own_site.sign_in("planner")
    assert admin.submit("/settings/users/disable/", {"email": email}).is_redirect
    assert planner.get("/help/").status_code == 303
    assert "Disabled" in admin.get("/settings/users/").text
    assert admin.submit("/settings/users/enable/", {"email": email}).is_redirect
    own_site.sign_in("planner")
    acts = [action for action, *_ in audited(own_site)]
    assert acts == ["user:disable", "user:enable"]


def test_nobody_takes_their_own_access_or_the_last_admins(own_site: Site, admin: Visit) -> None:
    own = {"email": own_site.email("admin")}
    for place, more in (("disable/", {}), ("role/", {"role": "viewer"})):
        reply = admin.submit(f"/settings/users/{place}", own | more)
        assert reply.status_code == 422
        assert "Nobody can take their own access away" in as_text(reply.text)
    assert admin.get("/settings/").status_code == 200
    assert audited(own_site) == []


def test_a_new_password_signs_out_everywhere(own_site: Site, admin: Visit) -> None:
    viewer = own_site.sign_in("viewer")
    form = {"email": own_site.email("viewer"), "password": "another long one"}
    assert admin.submit("/settings/users/password/", form).is_redirect
    assert viewer.get("/help/").status_code == 303


@pytest.mark.parametrize("place", ["disable/", "enable/", "role/", "password/"])
def test_users_of_other_companies_are_nobody_here(site: Site, admin: Visit, place: str) -> None:
    form = {"email": site.email("viewer"), "role": "admin", "password": PASSWORD}
    assert admin.submit(f"/settings/users/{place}", form).status_code == 422
    user = site.server.installation.store.find_user(site.email("viewer"))
    assert user is not None
    assert (user.role, user.disabled_at) == ("viewer", None)


@pytest.mark.parametrize(
    "form",
    [{"email": MARKUP, "role": "viewer"}, {"email": "a@example.org", "role": "owner"},
     {"email": "a@example.org", "role": "viewer", "password": "short"}],
)  # fmt: skip
def test_a_user_who_cannot_be_is_not_made(
    own_site: Site, admin: Visit, form: dict[str, str]
) -> None:
    reply = admin.submit("/settings/users/", form)
    assert reply.status_code == 422
    assert "<img src=x" not in reply.text
    assert "<script>alert" not in reply.text
    assert audited(own_site) == []
