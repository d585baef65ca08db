from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import OpenPage
    from tests.site import Site


@pytest.mark.parametrize("script", [True, False])
def test_who_signs_in_goes_on_to_the_page_they_asked_for(
    chromium: Browser, shown_site: Site, script: bool
) -> None:
    context = chromium.new_context(base_url=shown_site.url, java_script_enabled=script)
    page = context.new_page()
    page.goto("/help/")
    assert page.url.endswith("/sign-in/?to=%2Fhelp%2F")
    page.get_by_label("E-mail address").fill(shown_site.email("viewer"))
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    assert "The e-mail address or the password is wrong." in page.get_by_role("alert").inner_text()
    page.get_by_label("Password").fill("as long as it need be")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/help/")
    context.close()


def test_who_signs_out_is_out(open_page: OpenPage) -> None:
    page = open_page("/help/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    page.goto("/help/")
    assert "/sign-in/" in page.url
