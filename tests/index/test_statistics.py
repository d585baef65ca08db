"""Who customers are, in numbers: counted in the index, spelled as customers have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.index.questions import Query
from regulars.index.statistics import count_overlap
from regulars.services.spelled_values import spell_distributions

if TYPE_CHECKING:
    from tests.index.indexed import IndexedCompany

CUSTOMERS = [
    {"external_id": "1", "city": "Turku", "tags": ["VIP", "Gold"], "country": "fi"},
    {"external_id": "2", "city": "TURKU", "tags": ["vip"], "ACME__points": 7},
    {"external_id": "3", "city": "Åbo", "birth_date": "2000-02-29", "ACME__points": "7"},
    {"external_id": "4", "last_login": "2026-01-31T10:00:00.5Z", "can_email": True},
]


def asked(company: IndexedCompany, condition: str) -> Query:
    schema = company.index.catch_up()
    return Query(check_condition(read_condition(condition).tree, schema, no_segments))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("city = Turku", "tags has any (vip)", (2, 0, 0)),
        ("city = Turku", "city != Turku", (0, 2, 2)),
        ("city = Turku", "country = FI", (1, 1, 0)),
        ("country = FI", "not country = FI", (0, 1, 3)),
        ("country != FI", "city is not set", (1, 2, 0)),
        ("acme__points = 7", "acme__points > 6", (2, 0, 0)),
    ],
)
def test_an_overlap_counts_each_customer_once_also_those_without_a_value(
    company: IndexedCompany, first: str, second: str, expected: tuple[int, int, int]
) -> None:
    company.upload(*CUSTOMERS)
    one, other = asked(company, first), asked(company, second)
    overlap = company.index.ask(lambda view: count_overlap(view, one, other))
    assert (overlap.both, overlap.only_first, overlap.only_second) == expected


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("city", [("Turku", 2), ("Åbo", 1)]),
        ("tags", [("VIP", 2), ("Gold", 1)]),
        ("country", [("FI", 1)]),
        ("birth_date", [("2000-02-29", 1)]),
        ("last_login", [("2026-01-31T10:00:00.5Z", 1)]),
        ("can_email", [(False, 3), (True, 1)]),
        ("external_id", [("1", 1), ("2", 1), ("3", 1), ("4", 1)]),
        ("acme__points", [(7, 2)]),
    ],
)
def test_values_are_spelled_as_a_customer_has_them(
    company: IndexedCompany, key: str, values: list[tuple[Any, int]]
) -> None:
    company.upload(*CUSTOMERS)
    schema = company.index.catch_up()
    counted = company.index.distribution(Query(), key)
    (spelled,) = spell_distributions(company.uploaded.store, schema, [counted])
    assert [(each.value, each.customers) for each in spelled.values] == values
    assert spelled.field == schema.fields[key].name


def test_a_value_that_a_customer_has_no_more_is_told_as_it_was_counted(
    company: IndexedCompany,
) -> None:
    company.upload(*CUSTOMERS)
    schema = company.index.catch_up()
    keys = ("city", "tags", "birth_date", "last_login")
    counted = [company.index.distribution(Query(), key) for key in keys]
    company.upload(*({"external_id": str(number), "is_forgotten": True} for number in range(1, 5)))
    spelled = spell_distributions(company.uploaded.store, schema, counted)
    assert [each.values[0].value for each in spelled] == [
        "turku", "vip", "2000-02-29", "2026-01-31T10:00:00.5Z",
    ]  # fmt: skip
