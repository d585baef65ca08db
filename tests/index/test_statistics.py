"""Who customers are, in numbers: counted in the index, spelled as customers have it."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.index.permission_statistics import count_permission_steps, count_permissions_by
from regulars.index.questions import Query
from regulars.index.statistics import MOST_VALUES, count_overlap
from regulars.services.spelled_values import spell_distributions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.index.indexed import IndexedCompany

CUSTOMERS = [
    {"external_id": "1", "city": "Turku", "tags": ["VIP", "Gold"], "country": "fi"},
    {"external_id": "2", "city": "TURKU", "tags": ["vip"], "ACME__points": 7},
    {"external_id": "3", "city": "Åbo", "birth_date": "2000-02-29", "ACME__points": "7"},
    {"external_id": "4", "last_login": "2026-01-31T10:00:00.5Z", "can_email": True},
]

COUNTRIES = (
    "FI", "SE", "NO", "DK", "DE", "FR", "GB", "US", "EE", "LV", "LT", "PL", "NL", "BE", "ES", "PT",
    "IT", "AT", "CH", "CZ", "SK", "HU", "IE", "IS", "CA",
)  # fmt: skip


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


def made_up(count: int) -> list[dict[str, Any]]:
    """Customers with more values of each field than are told one by one."""
    dice = Random(7)  # noqa: S311 - nothing is kept secret by it
    makers: dict[str, tuple[float, Callable[[int], object]]] = {
        **{name: (0.6, lambda _: dice.random() < 0.5) for name in PERMISSIONS},
        "email": (0.6, lambda number: f"c{number}@example.org"),
        "phone_number": (0.5, lambda number: f"+3584012{number:05}"),
        "street_address": (0.2, lambda _: "Linnankatu 1"),
        "street_name": (0.2, lambda _: "Linnankatu"),
        "country": (0.9, lambda _: dice.choice(COUNTRIES)),
        "tags": (0.7, lambda _: made_up_items(dice)),
        "mailing_lists": (0.7, lambda _: made_up_items(dice)),
        "date_joined": (
            0.8,
            lambda _: f"202{dice.randrange(6)}-0{dice.randrange(1, 10)}-05T10:00Z",
        ),
    }
    return [
        {"external_id": f"{number}"}
        | {name: make(number) for name, (share, make) in makers.items() if dice.random() < share}
        for number in range(count)
    ]


def made_up_items(dice: Random) -> list[str]:
    return [f"item {dice.randrange(30)}" for _ in range(dice.randrange(1, 5))]


def values_of(customer: dict[str, Any], key: str) -> set[str]:
    value = customer.get(key, [])
    return {str(each).lower() for each in (value if isinstance(value, list) else [value])}


def count_by_hand(
    customers: list[dict[str, Any]], key: str, most: int = MOST_VALUES
) -> tuple[Any, ...]:
    """The most frequent values, how many there are besides, and who has such, and who none."""
    counted = Counter(value for each in customers for value in values_of(each, key))
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    told = {value for value, _ in ordered[:most]}
    others = sum(bool(values_of(each, key) - told) for each in customers)
    without = sum(not values_of(each, key) for each in customers)
    return ordered[:most], max(0, len(ordered) - most), others, without


def reach_by_hand(customers: list[dict[str, Any]]) -> dict[str, int]:
    ways = {
        "email": ("can_email", ("email",)),
        "sms": ("can_sms", ("phone_number",)),
        "post": ("can_post", ("street_address", "street_name")),
        "push": ("can_push", ("external_id",)),
    }
    return {
        channel: sum(
            each.get(permission) is True and any(name in each for name in addresses)
            for each in customers
        )
        for channel, (permission, addresses) in ways.items()
    }


@pytest.mark.parametrize("most", [5, MOST_VALUES, 40])
@pytest.mark.parametrize("words", [(), ("example.org",)])
def test_values_are_counted_alike_however_many_are_told(
    company: IndexedCompany, words: tuple[str, ...], most: int
) -> None:
    customers = made_up(200)
    company.upload(*customers)
    company.index.catch_up()
    if words:
        customers = [each for each in customers if "email" in each]
    for key in ("tags", "country"):
        found = company.index.distribution(Query(None, words), key, most)
        values = [(value.value, value.customers) for value in found.values]
        by_hand = count_by_hand(customers, key, most)
        assert (values, found.other_values, found.others, found.without) == by_hand


@pytest.mark.parametrize("words", [(), ("example.org",)])
@pytest.mark.parametrize("condition", ["", "country in (FI, SE)", "city = Turku"])
def test_statistics_are_what_counting_by_hand_gives(
    company: IndexedCompany, condition: str, words: tuple[str, ...]
) -> None:
    customers = made_up(400)
    company.upload(*customers)
    query = msgspec.structs.replace(asked(company, condition or "external_id is set"), words=words)
    if words:
        customers = [each for each in customers if "email" in each]
    if condition:
        countries = ("FI", "SE") if "country" in condition else ()
        customers = [each for each in customers if each.get("country") in countries]
    found = company.index.statistics(query)
    assert found.customers == len(customers)
    assert found.reach == company.index.measure(query).reach == reach_by_hand(customers)
    assert found.permissions == {
        name: sum(each.get(name) is True for each in customers) for name in PERMISSIONS
    }
    for each in found.distributions:
        values = [(value.value, value.customers) for value in each.values]
        by_hand = count_by_hand(customers, each.field)
        assert (values, each.other_values, each.others, each.without) == by_hand
        assert each == company.index.distribution(query, each.field)
    months = Counter(each["date_joined"][:7] for each in customers if "date_joined" in each)
    assert [(each.month, each.customers) for each in found.joined] == sorted(months.items())
    assert found.joined_without == len(customers) - months.total()


def test_permissions_by_value_and_month_are_what_counting_by_hand_gives(
    company: IndexedCompany,
) -> None:
    customers = made_up(300)
    company.upload(*customers)
    changed = [
        {"external_id": each["external_id"], "can_email": number % 2 == 0, "can_push": None}
        for number, each in enumerate(customers[:100])
    ]
    company.upload(*changed)
    company.upload(*({**each, "can_email": True} for each in changed[:30]))
    for each, change in zip(customers, changed, strict=False):
        each["can_email"] = change["can_email"] or each in customers[:30]
    company.index.catch_up()
    steps = company.index.ask(count_permission_steps)
    for name in PERMISSIONS:
        assert sum(steps[name].values()) == sum(each.get(name) is True for each in customers)
    for key in ("country", "tags"):
        found = company.index.ask(
            lambda view, key=key: count_permissions_by(view, Query(), key, 5)  # type: ignore[misc]
        )
        assert [(each.value, each.customers) for each in found] == count_by_hand(customers, key)[0][
            :5
        ]
        for shares in found:
            having = [one for one in customers if shares.value in values_of(one, key)]
            assert shares.permissions == {
                name: sum(one.get(name) is True for one in having) for name in PERMISSIONS
            }


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
