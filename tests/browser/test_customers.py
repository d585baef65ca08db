"""Journeys on the page of customers, in a real Chromium."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import check_page
from tests.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

VIEW = re.compile(r".*/customers/view/[0-9a-f]{32}/.*")


def count(page: Page) -> int:
    text = page.locator(".count strong").inner_text()
    return int(re.sub(r"\D", "", text))


def settle(page: Page, sentence: str) -> None:
    expect(page.locator(".chip.filter", has_text=sentence)).to_be_visible()


def test_a_planner_types_and_the_customers_follow(open_page: OpenPage) -> None:
    page = open_page("/customers/")
    everyone = count(page)
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("anna")
    page.wait_for_url(VIEW)
    expect(page.locator("tbody tr").first).to_contain_text(re.compile("anna", re.IGNORECASE))
    assert 0 < count(page) < everyone
    expect(box).to_be_focused()
    box.fill("country = FI and can_email = true")
    settle(page, "E-mail permission is true")
    finns = count(page)
    page.get_by_role("button", name="Remove: E-mail permission is true").click()
    expect(box).to_have_value("country = FI")
    assert finns < count(page) < everyone
    box.fill("cuntry = FI")
    expect(page.get_by_text("There is no such field")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(0)
    page.get_by_role("button", name="Search these words instead").click()
    expect(page.get_by_text("Nobody is found")).to_be_visible()
    # Back leads to what was looked at before.
    page.go_back()
    expect(page.get_by_role("searchbox")).not_to_have_value("")


@pytest.mark.parametrize("script", [True, False])
def test_a_planner_filters_sorts_chooses_columns_saves_and_exports(
    open_page: OpenPage, downloads: Path, script: bool
) -> None:
    page = open_page("/customers/", script=script)
    page.get_by_text("Add a filter").click()
    page.get_by_role("combobox", name="Field").select_option("country")
    if not script:
        page.get_by_role("button", name="Show the inputs").click()
    page.get_by_label("Value").select_option("SE")
    page.get_by_role("button", name="Add", exact=True).click()
    settle(page, "Country is SE")
    swedes = count(page)
    page.locator("summary", has_text="Columns").click()
    page.get_by_role("checkbox", name="Postal code").check()
    page.get_by_role("button", name="Show these columns").click()
    page.get_by_role("link", name="Postal code").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Postal code")
    if swedes > 50:
        page.get_by_role("link", name="Next").click()
        expect(page.get_by_text(re.compile("51–"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export CSV").click()
    file = downloads / "customers.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8", newline="") as stream:
        assert {row["country"] for row in csv.DictReader(stream)} == {"SE"}
    page.locator("summary", has_text="Save as segment").click()
    page.get_by_label("Name of the segment").fill(f"Swedes {script}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r".*/segments/\d+/"))


def test_who_is_shown_is_told_in_numbers_below(open_page: OpenPage) -> None:
    page = open_page("/customers/")
    page.locator(".further").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="Joined per month")).to_be_visible()
    page.get_by_role("button", name="Finland").click()
    settle(page, "Country is FI")
    page = open_page("/customers/statistics/", script=False)
    expect(page.get_by_role("heading", name="Joined per month")).to_be_visible()


def test_the_page_is_accessible_in_all_its_states(open_page: OpenPage) -> None:
    page = open_page("/customers/")
    page.get_by_text("Add a filter").click()
    page.get_by_role("combobox", name="Field").select_option("tags")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    page.locator(".further").scroll_into_view_if_needed()
    expect(page.get_by_role("heading", name="Joined per month")).to_be_visible()
    check_page(page)
    page.get_by_role("searchbox").fill("country = FI and tags")
    expect(page.get_by_text("The condition is not finished.")).to_be_visible()
    check_page(page)
    page.get_by_role("searchbox").fill("country = FI")
    settle(page, "Country is FI")
    page.locator("summary", has_text="Columns").click()
    check_page(page)


def test_an_empty_company_is_told_how_to_begin(open_page: OpenPage, shown_site: Site) -> None:
    empty = Site(shown_site.server.make_shop())
    page = open_page("/customers/", site=empty)
    check_page(page)
    page.get_by_role("link", name="Import a file").click()
    page.wait_for_url("**/imports/")
    empty.close()
