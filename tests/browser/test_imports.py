"""A planner's way with a file: columns, dry run, report, mended rows, undo; with script and
without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.accessibility import check_page
from tests.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

ODD = (
    "Asiakasnumero;Sähköposti;Etunimi;Sukunimi;Mobile;Kenkäkoko;Muistiinpano\r\n"
    "{0}-1;anna@{0}.example.org;Anna;Åkerlund;+358 40 123 4567;38;ostaa usein\r\n"
    "{0} 2;eva@{0}.example.org;Eva;Mäki;;37;väärä numero\r\n"
    "{0}-3;no address;Ida;Lind;12;40;\r\n"
)


@pytest.mark.parametrize("script", [True, False])
def test_a_file_with_odd_columns_is_mapped_tried_applied_mended_and_undone(
    open_page: OpenPage, shown_site: Site, downloads: Path, script: bool
) -> None:
    name = "with" if script else "without"
    file = downloads / f"{name}.csv"
    file.write_bytes(ODD.format(name).encode("windows-1252"))
    page = open_page("/imports/", script=script)
    page.get_by_role("link", name="Import a file").click()
    if script:
        check_page(page)
    page.get_by_label("Choose a file").set_input_files(file)
    if not script:
        page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/imports/new/draft*/")

    assert page.get_by_label("Column Sähköposti becomes").input_value() == "email"
    page.get_by_label("Column Kenkäkoko becomes").select_option("+")
    page.get_by_label("Name of the new field for column Kenkäkoko").fill(f"shoe_size_{name}")
    if script:
        page.keyboard.press("Tab")
        page.get_by_role("columnheader", name=f"shoe_size_{name}").wait_for()
        check_page(page)
    try_and_apply(page, shown_site, name, checks=script)
    rejected = mend_rejected(page, downloads, name)
    send_again_and_undo(page, shown_site, rejected, script=script)


def press_and_see_end(page: Page, site: Site, button: str) -> None:
    """Press what begins an import, and see its page once it has ended: without script, a page that
    was answered before stays as it is.
    """
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()
    site.shop.end_of(page.url.rstrip("/").rpartition("/")[2])
    page.reload()


def try_and_apply(page: Page, site: Site, name: str, *, checks: bool) -> None:
    """Make a dry run, and apply it."""
    press_and_see_end(page, site, "Dry run")
    page.get_by_text("nothing has been changed yet").wait_for()
    assert site.shop.customer(f"{name}-1") is None
    if checks:
        check_page(page)

    press_and_see_end(page, site, "Apply it")
    page.get_by_role("heading", name="Records that were rejected").wait_for()
    found = site.shop.customer(f"{name}-1")
    assert found is not None
    assert found["last_name"] == "Åkerlund"
    if checks:
        check_page(page)


def mend_rejected(page: Page, downloads: Path, name: str) -> Path:
    """The rejected records, with what was wrong put right."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download rejected records").click()
    rejected = downloads / f"rejected-{name}.csv"
    download.value.save_as(rejected)
    rejected.write_bytes(rejected.read_bytes().replace(f"{name} 2".encode(), f"{name}-2".encode()))
    return rejected


def send_again_and_undo(page: Page, site: Site, rejected: Path, *, script: bool) -> None:
    """Send the mended records as people do, and take that back."""
    name = rejected.stem.removeprefix("rejected-")
    page.goto("/imports/new/")
    page.get_by_label("Choose a file").set_input_files(rejected)
    if not script:
        page.get_by_role("button", name="Go on").click()
    page.get_by_text("As you chose the last time").wait_for()
    press_and_see_end(page, site, "Import now")
    page.get_by_text("Undo it").first.wait_for()
    found = site.shop.customer(f"{name}-2")
    assert found is not None
    assert found[f"{site.shop.prefix}shoe_size_{name}"] == "37"

    page.locator("summary").get_by_text("Undo it").click()
    press_and_see_end(page, site, "Undo it")
    page.get_by_text("the import had made them").wait_for()
    assert site.shop.customer(f"{name}-2") is None
    page.goto("/imports/")
    if script:
        check_page(page)


def test_a_file_that_is_none_is_told_where_it_was_dropped(
    open_page: OpenPage, downloads: Path
) -> None:
    page = open_page("/imports/new/")
    workbook = downloads / "customers.xlsx"
    workbook.write_bytes(b"PK\x03\x04 and so on")
    page.get_by_label("Choose a file").set_input_files(workbook)
    page.get_by_text("this is a workbook").wait_for()
    # The form stands there again as soon as the script is done with the answer.
    page.get_by_label("Choose a file").wait_for()


def test_a_running_import_is_followed_to_its_end(
    open_page: OpenPage, shown_site: Site, downloads: Path
) -> None:
    file = downloads / "many.csv"
    rows = "".join(f"many-{n},m{n}@many.example.org,Oulu\n" for n in range(60_000))
    file.write_text(f"Customer number,E-mail,City\n{rows}")
    # So many customers would slow down whoever shares the company with them.
    site = Site(shown_site.server.make_shop())
    page = open_page("/imports/new/", site=site)
    page.get_by_label("Choose a file").set_input_files(file)
    page.wait_for_url("**/imports/new/draft*/")
    page.get_by_role("button", name="Import now").click()
    page.get_by_text("made a customer").wait_for(timeout=60_000)
    page.get_by_text("Undo it").first.wait_for(timeout=60_000)
    followed = page.url.rstrip("/").rpartition("/")[2]
    assert site.shop.http.get(f"/api/imports/{followed}/").json()["import"]["created"] == 60_000
    site.close()
