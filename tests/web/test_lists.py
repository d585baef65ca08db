"""Mailing lists and tags: what the page counts, and renaming and removing one with everybody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.site import Site

MARKUP = '"><img src=x onerror=alert(1)>'


def fill(site: Site) -> None:
    site.shop.upload(
        {"external_id": "1", "mailing_lists": ["news", "sale"], "tags": ["vip"]},
        {"external_id": "2", "mailing_lists": ["News"]},
        {"email": "eino@example.org", "mailing_lists": ["news"]},
        {"phone_number": "+358401234567", "mailing_lists": ["sale"]},
    )
    site.settle()


def lists_of(site: Site) -> list[list[str]]:
    return [customer.get("mailing_lists", []) for customer in site.shop.customers()]


def ended(site: Site, reply: httpx.Response) -> dict[str, object]:
    """The report of the import that a form has led to."""
    assert reply.status_code == 303, reply.text
    import_id = reply.headers["location"].split("/")[2]
    return site.shop.wait({"status": "queued", "id": import_id})


def test_the_page_counts_each_list_and_tag(own_site: Site) -> None:
    fill(own_site)
    page = own_site.sign_in("viewer").get("/lists/").text
    assert '<th scope="row">news</th>' in page
    assert "3 <small>75 %</small>" in page
    assert '<th scope="row">vip</th>' in page
    assert "Change" not in page


def test_a_renamed_list_is_renamed_with_everybody_whatever_its_spelling(own_site: Site) -> None:
    fill(own_site)
    planner = own_site.sign_in("planner")
    form = {"field": "mailing_lists", "item": "news", "new_item": "letters"}
    report = ended(own_site, planner.submit("/lists/rename/", form))
    assert (report["updated"], report["customers_changed"]) == (3, 3)
    assert lists_of(own_site) == [["sale", "letters"], ["letters"], ["letters"], ["sale"]]


def test_two_lists_are_joined_by_renaming_one_to_the_other(own_site: Site) -> None:
    fill(own_site)
    planner = own_site.sign_in("planner")
    form = {"field": "mailing_lists", "item": "news", "new_item": "sale"}
    ended(own_site, planner.submit("/lists/rename/", form))
    assert lists_of(own_site) == [["sale"], ["sale"], ["sale"], ["sale"]]


def test_a_list_is_taken_away_from_everybody_and_that_can_be_undone(own_site: Site) -> None:
    fill(own_site)
    before = lists_of(own_site)
    planner = own_site.sign_in("planner")
    form = {"field": "mailing_lists", "item": "sale"}
    assert planner.submit("/lists/remove/", form).status_code == 422
    assert lists_of(own_site) == before
    report = ended(own_site, planner.submit("/lists/remove/", form | {"confirmed": "yes"}))
    assert lists_of(own_site) == [["news"], ["News"], ["news"], []]
    undone = own_site.shop.http.post(f"/api/imports/{report['id']}/undo/")
    own_site.shop.wait(undone.json()["import"])
    assert lists_of(own_site) == before


@pytest.mark.parametrize("new_item", ["", "   ", "x" * 201, "a\x07b"])
def test_a_name_that_is_none_is_refused(own_site: Site, new_item: str) -> None:
    fill(own_site)
    planner = own_site.sign_in("planner")
    form = {"field": "tags", "item": "vip", "new_item": new_item}
    reply = planner.submit("/lists/rename/", form)
    assert reply.status_code == 422
    assert "1 to 200 characters" in reply.text


def test_a_viewer_changes_no_list(own_site: Site) -> None:
    fill(own_site)
    viewer = own_site.sign_in("viewer")
    form = {"field": "tags", "item": "vip", "new_item": "x", "confirmed": "yes"}
    for address in ("/lists/change/", "/lists/rename/", "/lists/remove/"):
        assert viewer.submit(address, form).status_code == 403


def test_names_of_lists_are_never_markup(own_site: Site) -> None:
    own_site.shop.upload({"external_id": "1", "tags": [MARKUP], "mailing_lists": [MARKUP]})
    own_site.settle()
    planner = own_site.sign_in("planner")
    form = {"field": "tags", "item": MARKUP}
    for page in (planner.get("/lists/"), planner.submit("/lists/change/", form)):
        assert page.status_code == 200
        assert "<img" not in page.text
    assert "<img" not in planner.get("/permissions/").text


def this_month() -> str:
    """As the company's calendar has it, which may be a month ahead of UTC's."""
    return f"{datetime.now(ZoneInfo('Europe/Helsinki')):%b %Y}"


def test_permissions_are_counted_by_country_and_list_and_over_time(own_site: Site) -> None:
    began = this_month()
    own_site.shop.upload(
        {"external_id": "1", "email": "a@example.org", "can_email": True, "country": "FI",
         "mailing_lists": ["News"]},
        {"external_id": "2", "can_email": True, "country": "SE"},
        {"external_id": "3", "can_email": False, "country": "FI"},
    )  # fmt: skip
    own_site.shop.upload({"external_id": "2", "can_email": False})
    own_site.settle()
    page = own_site.sign_in("viewer").get("/permissions/").text
    assert "1 <small>33 % of all</small>" in page
    assert "1 can be reached" in page
    assert any(f"<title>{month}: 1</title>" in page for month in (began, this_month()))
    assert "Finland" in page
    assert '<th scope="row">News</th>' in page
