"""What every page has in common: sign-in, tokens of forms, headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from regulars.web.application import HANDLERS
from tests.running_server import NO_TLS
from tests.site import PASSWORD, find_token

if TYPE_CHECKING:
    from tests.site import Site, Visit

OPEN: set[str] = {"/sign-in"}


def addresses(method: str) -> list[str]:
    """The addresses that take a method, with made-up names and numbers in their places."""
    paths = {
        path for handler in HANDLERS if method in handler.http_methods for path in handler.paths
    }
    return sorted(paths)


def filled(path: str) -> str:
    """An address with something in each of its places."""
    parts = ["7" if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


@pytest.mark.parametrize("path", [each for each in addresses("GET") if each not in OPEN])
def test_nobody_sees_a_page_without_signing_in(site: Site, path: str) -> None:
    reply = httpx.get(site.url + filled(path), verify=NO_TLS)

    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/sign-in/")
    assert reply.text == ""


@pytest.mark.parametrize("path", addresses("POST"))
@pytest.mark.parametrize("token", [None, "", "0" * 64, "another visit's"])
def test_a_form_without_its_own_token_does_nothing(
    site: Site, planner: Visit, path: str, token: str | None
) -> None:
    admin = site.sign_in("admin")
    if token == "another visit's":
        token = planner.csrf_token
    form = {} if token is None else {"_csrf": token}

    reply = admin.http.post(filled(path), data={"email": "x@example.org", **form})

    assert reply.status_code == 403, reply.text
    assert "not from this site" in reply.text


def test_the_token_may_come_in_a_header(planner: Visit) -> None:
    headers = {"X-CSRF-Token": planner.csrf_token}
    assert planner.http.post("/sign-out/", headers=headers).status_code == 303


def test_a_foreign_header_is_refused_though_the_form_has_a_token(planner: Visit) -> None:
    reply = planner.submit("/sign-out/", headers={"X-CSRF-Token": "0" * 64})
    assert reply.status_code == 403


def test_a_visit_ends_with_its_user(own_site: Site) -> None:
    visit = own_site.sign_in("viewer")
    own_site.server.access.disable_user(
        own_site.shop.short_name, own_site.email("viewer"), actor="test"
    )
    assert visit.get("/help/").status_code == 303


def test_no_address_leads_from_the_sign_in_page_to_another_site(site: Site) -> None:
    for address in ("//example.org/", "https://example.org/", "/\\example.org", "javascript:1"):
        with httpx.Client(base_url=site.url, verify=NO_TLS) as http:
            page = http.get("/sign-in/", params={"to": address})
            form = {"email": site.email("viewer"), "password": PASSWORD, "to": address}
            reply = http.post("/sign-in/", data=form | {"_csrf": find_token(page.text)})
            assert reply.status_code == 303
            assert reply.headers["location"] == "/"


def test_cookies_are_kept_from_scripts_and_other_sites(site: Site) -> None:
    with httpx.Client(base_url=site.url, verify=NO_TLS) as http:
        page = http.get("/sign-in/")
        form = {"email": site.email("viewer"), "password": PASSWORD}
        reply = http.post("/sign-in/", data=form | {"_csrf": find_token(page.text)})
    for cookie in page.headers.get_list("set-cookie") + reply.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


def test_every_answer_lets_a_browser_load_from_here_alone(visit: Visit) -> None:
    for address in ("/help/", "/nothing/", "/sign-in/"):
        headers: Any = visit.get(address).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_files_may_be_kept_by_browsers(visit: Visit) -> None:
    page = visit.get("/help/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in visit.get(address).headers["cache-control"]


def test_a_script_is_led_to_the_sign_in_page_as_a_whole(site: Site) -> None:
    reply = httpx.get(f"{site.url}/help/", headers={"HX-Request": "true"}, verify=NO_TLS)
    assert reply.status_code == 401
    assert reply.headers["hx-redirect"].startswith("/sign-in/")
