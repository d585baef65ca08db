"""What is asked of an index: how many customers, which ones, and whom of them a channel reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.errors import IndexBusyError
from regulars.index.questions import Order, Query, find_and_count

if TYPE_CHECKING:
    from tests.index.indexed import IndexedCompany

CUSTOMERS = [
    {"external_id": "1", "city": "Turku", "email": "a@example.org", "can_email": True},
    {"external_id": "2", "city": "Oulu", "email": "b@example.org", "can_email": False},
    {"external_id": "3", "city": "Turku", "can_email": True, "can_sms": True},
    {"external_id": "4", "phone_number": "+358401234567", "can_sms": True, "can_push": True},
    {"external_id": "5", "city": "Turku", "street_name": "Linnankatu", "can_post": True},
]


def query(company: IndexedCompany, condition: str = "", *words: str) -> Query:
    company.upload(*CUSTOMERS)
    schema = company.index.catch_up()
    if not condition:
        return Query(None, words)
    return Query(check_condition(read_condition(condition).tree, schema, no_segments), words)


@pytest.mark.parametrize(
    ("condition", "words", "ids"),
    [
        ("", (), [1, 2, 3, 4, 5]),
        ("city = turku", (), [1, 3, 5]),
        ("city = turku", ("example.org",), [1]),
        ("city = turku or can_push = true", (), [1, 3, 4, 5]),
        ("not (city = turku)", ("example.org",), [2]),
        ("", ("turku", "linna"), [5]),
        ("", ("turku", "nowhere"), []),
    ],
)
def test_condition_and_words_must_both_hold(
    company: IndexedCompany, condition: str, words: tuple[str, ...], ids: list[int]
) -> None:
    wanted = query(company, condition, *words)
    assert company.index.find_ids(wanted) == ids
    assert company.index.count(wanted) == len(ids)
    in_order = company.index.find_ids(wanted, Order("external_id", is_descending=True))
    assert in_order == ids[::-1]


def test_a_channel_reaches_who_allows_it_and_has_an_address(company: IndexedCompany) -> None:
    everybody = company.index.measure(query(company))
    assert everybody.customers == 5
    assert everybody.reach == {"email": 1, "sms": 1, "post": 1, "push": 1}
    in_turku = company.index.measure(query(company, "city = Turku"))
    assert in_turku.customers == 3
    assert in_turku.reach == {"email": 1, "sms": 0, "post": 1, "push": 0}


def test_a_condition_that_was_checked_before_a_field_got_another_type_is_asked_again(
    company: IndexedCompany,
) -> None:
    company.upload({"external_id": "1", "ACME__size": 7})
    checked_before = query(company, "acme__size = 7")
    company.upload({"external_id": "2", "ACME__size": "seven"})
    company.index.catch_up()
    with pytest.raises(IndexBusyError):
        company.index.count(checked_before)
    assert company.index.count(query(company, "acme__size = 7")) == 1


WORDS = [
    {"external_id": f"{number}", "first_name": name, "city": city, "can_email": number % 3 == 0}
    for number, (name, city) in enumerate(
        [("Anna", "Turku"), ("Hanna", None), ("Joanna", "Oulu"), ("Eva", "Turku"), ("Anna", "Åbo")]
        * 4
    )
]


@pytest.mark.parametrize(
    "order", [None, Order("city"), Order("city", is_descending=True), Order("can_email")]
)
@pytest.mark.parametrize("exact", [(), (2, 4, 19, 99)])
@pytest.mark.parametrize("words", [(), ("anna",), ("anna", "turku"), ("nobody",)])
def test_pages_that_are_counted_at_once_are_those_that_are_found_alone(
    company: IndexedCompany, order: Order | None, exact: tuple[int, ...], words: tuple[str, ...]
) -> None:
    company.upload(*WORDS)
    company.index.catch_up()
    query = Query(None, words, exact if words else ())
    after, seen = None, []
    while True:
        found = company.index.ask(
            lambda view, after=after: find_and_count(view, query, order, after, 3)  # type: ignore[misc]
        )
        assert found.customers == company.index.count(query)
        assert found.ids == company.index.find_ids(query, order, after, 3)
        seen += found.ids
        if not found.ids:
            break
        after = found.ids[-1]
    assert len(seen) == len(set(seen)) == found.customers
