"""What admins do in settings, in a real browser."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check_page

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage
    from tests.site import Site

PLACES = ("", "fields/", "users/", "tokens/", "audit/", "suppressions/")


def test_settings_are_accessible_and_fit_a_phone(open_page: OpenPage) -> None:
    page = open_page("/settings/", role="admin")
    for place in PLACES:
        page.goto(f"/settings/{place}")
        for folded in page.locator("summary").all():
            folded.click()
        check_page(page)


@pytest.mark.parametrize("script", [True, False])
def test_an_admin_declares_a_field_and_sees_what_another_type_would_do(
    open_page: OpenPage, shown_site: Site, script: bool
) -> None:
    name = f"{shown_site.shop.prefix}shoe_{'a' if script else 'b'}"
    page = open_page("/settings/fields/", role="admin", script=script)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("combobox", name="Type", exact=True).select_option(label="Text")
    page.get_by_role("button", name="Declare").click()
    assert page.get_by_role("status").inner_text().startswith("The field is declared")
    shown_site.shop.upload({"external_id": f"shoe-{script}", "last_name": "Shoe", name: "large"})
    row = page.get_by_role("row").filter(has_text=name)
    row.locator("summary").click()
    row.get_by_role("combobox").select_option(label="Whole number")
    row.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("status")).to_contain_text("The type cannot be changed yet.")
    page.get_by_role("link", name="Shoe").click()
    page.wait_for_url("**/customers/*/")
    assert "large" in page.locator("main").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_an_admin_makes_a_token_that_curl_uses(open_page: OpenPage, script: bool) -> None:
    page = open_page("/settings/tokens/", role="admin", script=script)
    page.get_by_label("Name", exact=True).fill("nightly")
    page.get_by_label("Upload customers").uncheck()
    page.get_by_role("button", name="Make token").click()
    if script:
        check_page(page)
    command = page.locator("pre").inner_text()
    done = subprocess.run(
        [*shlex.split(command), "-sS"], capture_output=True, text=True, check=True
    )
    assert '"customers":[' in done.stdout


@pytest.mark.parametrize("script", [True, False])
def test_an_admin_makes_a_user_who_signs_in(
    open_page: OpenPage, shown_site: Site, script: bool
) -> None:
    email = f"new-{'a' if script else 'b'}@{shown_site.shop.short_name}.example.org"
    page = open_page("/settings/users/", role="admin", script=script)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("radio", name="Viewer").check()
    page.get_by_role("button", name="Make user").click()
    password = page.locator(".secret code").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()
    page.goto("/help/")
    assert email in page.locator("header").first.inner_text()
    assert page.locator("nav a[href='/settings/']").count() == 0
