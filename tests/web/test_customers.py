"""Searching, filtering and paging customers over HTTP, as a browser without script does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.customer_pages import (
    address_of,
    chips,
    ids,
    link,
    look_for,
    names,
    view_in,
)

if TYPE_CHECKING:
    from tests.site import Site, Visit


def test_all_customers_are_seen_page_by_page(planner: Visit) -> None:
    page = planner.get("/customers/")
    assert "<strong>300 customers</strong>" in page.text
    seen = ids(page)
    assert len(seen) == 50
    address = link(page, "Next")
    while address is not None:
        page = planner.get(address)
        seen += ids(page)
        address = link(page, "Next")
    assert len(seen) == len(set(seen)) == 300
    assert "251–300 of 300" in page.text
    back = planner.get(link(page, "Previous") or "")
    assert ids(back) == seen[200:250]


def test_a_sorted_table_is_paged_in_its_order(planner: Visit) -> None:
    page = planner.get(link(planner.get("/customers/"), "City") or "")
    assert 'aria-sort="ascending"' in page.text
    seen = ids(page)
    while (address := link(page, "Next")) is not None:
        page = planner.get(address)
        seen += ids(page)
    assert len(seen) == len(set(seen)) == 300
    assert "order=-city" in (link(page, "City") or "")
    assert planner.get("/customers/?order=tags").status_code == 400
    assert planner.get("/customers/?order=no_such_field").status_code == 400
    assert planner.get("/customers/?after=x").status_code == 400


def test_words_find_customers_and_stand_in_no_address(searched_site: Site, shopper: Visit) -> None:
    address = address_of(shopper, search="astrom TURKU")
    view_in(address)
    page = shopper.get(address)
    assert names(page) == ["Anna Åström"]
    assert 'value="astrom TURKU"' in page.text
    assert "astrom" not in searched_site.server.log.lower()


def test_a_view_can_be_sent_to_a_colleague_and_to_nobody_else(
    shopper: Visit, onlooker: Visit, planner: Visit
) -> None:
    address = address_of(shopper, search="country = FI and city is set")
    page = onlooker.get(address)
    assert names(page) == ["Anna Åström", "Cia Berg"]
    for each in (address, f"{address}statistics/", f"/customers/view/{'0' * 32}/"):
        assert planner.get(each).status_code == 404
    for form in ("/customers/", "/customers/export/", "/customers/segment/", "/customers/columns/"):
        reply = planner.submit(form, {"view": view_in(address), "name": "x"})
        assert reply.status_code == 404


def test_whoever_has_the_very_identifier_comes_first(shopper: Visit) -> None:
    assert names(look_for(shopper, search="anna")) == ["Anna Åström", "Bo Anna"]
    assert names(look_for(shopper, search="040 123-4567")) == ["Anna Åström"]
    assert names(look_for(shopper, search="b-2"))[0] == "Bo Anna"


def test_a_condition_is_shown_in_its_parts_each_of_which_can_go(shopper: Visit) -> None:
    address = address_of(shopper, search="country = FI and (city = Turku or tags has any (vip))")
    page = shopper.get(address)
    assert chips(page) == ["Country is FI", "City is “Turku” or Tags has any of “vip”"]
    assert names(page) == ["Anna Åström"]
    page = look_for(shopper, view=view_in(address), remove="search-1")
    assert chips(page) == ["Country is FI"]
    assert 'value="country = FI"' in page.text
    assert names(page) == ["Anna Åström", "Cia Berg"]
    everyone = shopper.submit("/customers/", {"view": view_in(address), "step": "clear"})
    assert everyone.headers["location"] == "/customers/"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("country = ", "The condition is not finished."),
        ("country FI", "<mark>FI</mark>"),
        ("country = XX", "<mark>XX</mark>"),
        ("cuntry = FI", "It could be <code>country</code>"),
        ('segment "gone"', "There is no such segment"),
        ("not anna", "The condition is not finished."),
        ("city = " + "x" * 21_000, "longer than 20,000 characters"),
    ],
)
def test_a_wrong_condition_says_where_and_never_means_everyone(
    shopper: Visit, search: str, said: str
) -> None:
    address = address_of(shopper, search=search)
    page = shopper.get(address)
    assert said in page.text
    assert names(page) == []
    assert "Search these words instead" in page.text
    assert shopper.submit("/customers/export/", {"view": view_in(address)}).status_code == 400
    # As words it finds nobody here, and says so.
    page = look_for(shopper, view=view_in(address), search=search, step="words")
    assert "Nobody is found" in page.text
    assert "Read it as a condition" in page.text


def test_words_that_look_like_a_condition_are_words_until_they_change(shopper: Visit) -> None:
    address = address_of(shopper, search="city åbo", step="words")
    again = address_of(shopper, view=view_in(address), search="city åbo")
    assert "Searched as words" in shopper.get(again).text
    changed = address_of(shopper, view=view_in(again), search="city = åbo")
    assert names(shopper.get(changed)) == ["Bo Anna"]


def test_a_filter_is_added_without_script_in_two_steps(shopper: Visit) -> None:
    page = shopper.submit("/customers/", {"step": "f-row", "f-field": "country"})
    assert page.status_code == 200
    assert "Finland" in page.text
    form = {"step": "add", "f-field": "country", "f-operator": "is", "f-value": "FI"}
    address = address_of(shopper, **form)
    assert chips(shopper.get(address)) == ["Country is FI"]
    tags = {"step": "add", "f-field": "tags", "f-operator": "has_none", "f-more": "vip, x"}
    page = look_for(shopper, view=view_in(address), search="berg", **tags)
    assert chips(page) == ["Country is FI", "Tags has none of “vip” or “x”"]
    assert names(page) == ["Cia Berg"]
    assert 'value="berg"' in page.text


def test_a_filter_joins_the_condition_in_the_search_box(shopper: Visit) -> None:
    form = {"step": "add", "f-field": "date_joined", "f-operator": "at_least",
            "f-value": "2026-01-01"}  # fmt: skip
    page = look_for(shopper, search="country = FI", **form)
    assert 'value="country = FI and date_joined &gt;= 2026-01-01"' in page.text
    assert names(page) == ["Anna Åström"]


def test_a_filter_that_cannot_be_asked_is_told_at_its_inputs(shopper: Visit) -> None:
    form = {"step": "add", "f-field": "birth_date", "f-operator": "in_last", "f-days": "soon"}
    page = shopper.submit("/customers/", {"search": "anna", **form})
    assert page.status_code == 422
    assert "Days are a whole number" in page.text
    assert 'value="soon"' in page.text
    assert names(page) == ["Anna Åström", "Bo Anna"]
