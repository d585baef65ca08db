"""A planner builds segments in a browser, and learns who is in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check_page

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.browser.conftest import OpenPage
    from tests.site import Site

SOME_NUMBER = re.compile(r"\d")


def test_a_nested_segment_is_built_while_its_counts_move(open_page: OpenPage) -> None:
    page = open_page("/segments/new/")
    page.get_by_role("textbox", name="Name").fill("Finns near the coast")
    choose(page, 1, "country", "FI")
    expect(page.locator("#n1-count")).to_have_text(SOME_NUMBER)
    everyone = whole(page)

    page.locator("button[value='add-group 0']").click()
    expect(page.locator("#n2-join")).to_be_focused()
    page.locator("#n3-field").select_option("city")
    page.locator("#n3-value1").press_sequentially("Turku")
    expect(page.locator("#text")).to_have_value("country = FI and city = Turku")
    page.locator("button[value='add-row 2']").click()
    expect(page.locator("#n4-field")).to_be_focused()
    page.locator("#n4-field").select_option("tags")
    page.get_by_label("vip").check()
    expect(page.locator("#text")).to_have_value(
        "country = FI and (city = Turku or tags has any (vip))"
    )
    expect(page.locator("#n4-count")).to_have_text(SOME_NUMBER)
    expect(page.locator("#figures")).to_contain_text("City is “Turku” or Tags has any of “vip”")
    assert 0 < whole(page) < everyone
    check_page(page)

    assert page.url.endswith("/segments/new/"), "nothing of it stands in the address"
    page.get_by_role("button", name="Save segment").click()
    page.wait_for_url(re.compile(r"/segments/\d+/$"))
    expect(page.get_by_role("heading", name="Finns near the coast")).to_be_visible()


def test_the_text_is_edited_and_rows_follow(open_page: OpenPage) -> None:
    page = open_page("/segments/new/")
    text = page.locator("#text")
    text.fill("country = FI and (city = Oulu or not sample 50 %)")
    expect(page.locator(".part")).to_have_count(3)
    expect(page.locator("#n2-join")).to_have_value("any")
    expect(text).to_be_focused()
    assert whole(page) > 0

    text.fill("country = FI and (city =")
    expect(page.locator("#text-problems mark")).to_be_visible()
    expect(page.locator("#text-problems")).to_contain_text("(character 25)")
    check_page(page)

    text.fill("country = FI and city = Oulu")
    expect(page.locator(".part")).to_have_count(2)
    page.locator("button[value='up 2']").click()
    expect(text).to_have_value("city = Oulu and country = FI")
    page.locator("button[value='remove 1']").click()
    expect(text).to_have_value("country = FI")


def test_typing_cancels_the_count_that_it_makes_obsolete(open_page: OpenPage) -> None:
    page = open_page("/segments/new/")
    choose(page, 1, "country", "FI")
    expect(page.locator("#n1-count")).to_have_text(SOME_NUMBER)
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.failure or ""))
    # The answer to the first count is held back until the second one was asked for.
    page.route("**/segments/new/", hold_back, times=1)
    with page.expect_request("**/segments/new/"):
        page.locator("#text").fill("country = SE")
    page.locator("#text").fill("country = NO")
    expect(page.locator("#figures")).to_contain_text("Country is NO")
    assert any("ERR_ABORTED" in each for each in failed), failed


@pytest.mark.parametrize("script", [True, False])
def test_a_page_tells_why_a_customer_is_in_a_segment(
    open_page: OpenPage, shown_site: Site, *, script: bool
) -> None:
    customer = next(each for each in shown_site.shop.customers() if each.get("email"))
    page = open_page("/segments/", role="viewer", script=script)
    page.get_by_role("link", name="VIPs to write to").click()
    page.get_by_label("E-mail address, phone number or external ID").fill(customer["email"])
    page.get_by_role("button", name="Explain").click()
    expect(page.locator(".why-tree")).to_contain_text("In the segment “VIPs”")
    expect(page.locator(".why-tree")).to_contain_text("E-mail address is set")
    assert customer["email"] not in page.url
    if script:
        check_page(page)


def test_two_segments_are_compared_and_the_list_is_readable(open_page: OpenPage) -> None:
    page = open_page("/segments/", role="viewer")
    check_page(page)
    page.get_by_role("link", name="Newsletter", exact=True).click()
    page.get_by_role("combobox", name="Other segment").select_option(label="VIPs")
    expect(page.locator("#overlap")).to_contain_text("In both")
    check_page(page)


def test_a_segment_is_built_without_script(open_page: OpenPage) -> None:
    page = open_page("/segments/new/", script=False)
    page.get_by_role("textbox", name="Name").fill("Built by hand")
    page.locator("#n1-field").select_option("city")
    page.get_by_role("button", name="Show the inputs").click()
    page.locator("#n1-value1").fill("Turku")
    page.get_by_role("button", name="Recount").last.click()
    expect(page.locator("#n1-count")).to_have_text(SOME_NUMBER)
    page.get_by_role("button", name="Add condition").click()
    page.locator("#n2-field").select_option("can_email")
    page.get_by_role("button", name="Show the inputs").last.click()
    page.locator("#n2-value1").select_option("true")
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator(".condition-text").first).to_have_text("city = Turku and can_email = true")


def hold_back(_: Route) -> None:
    """Neither answers nor refuses a request."""


def choose(page: Page, number: int, field: str, value: str) -> None:
    """Fill in a row whose value is chosen."""
    page.locator(f"#n{number}-field").select_option(field)
    page.locator(f"#n{number}-value1").select_option(value)


def whole(page: Page) -> int:
    """How many customers meet all of it."""
    return int(page.locator(".whole strong").inner_text().replace(",", ""))
