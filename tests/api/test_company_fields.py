"""Fields of a company's own: names, inferred and declared types (SPEC section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from regulars.services.fields import declare_field

if TYPE_CHECKING:
    from tests.running_server import Shop


def codes(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in report["problems"]]


def values_of(shop: Shop, own_name: str) -> list[Any]:
    return [customer.get(shop.prefix + own_name) for customer in shop.customers()]


def declare(shop: Shop, own_name: str, type_name: str) -> None:
    installation = shop.server.installation
    register = installation.open_register(shop.short_name)
    declare_field(installation, register, own_name, type_name, actor="test")


@pytest.mark.parametrize(
    "value", [True, 1, 1.5, "gold", "7", ["a", "b"], {"size": "M", "inner": [1, None]}]
)
def test_a_field_is_declared_at_first_sight_from_the_type_of_its_value(
    shop: Shop, value: Any
) -> None:
    report = shop.upload({"external_id": "1", f"{shop.prefix}own": value})
    assert report["problems"] == []
    (shown,) = values_of(shop, "own")
    assert (shown, type(shown)) == (value, type(value))


def test_the_name_is_shown_as_first_seen_behind_the_prefix_in_upper_case(shop: Shop) -> None:
    shop.upload({"external_id": "1", f"{shop.short_name}__Loyalty_Level": 1})
    shop.upload({"external_id": "1", f"{shop.prefix}LOYALTY_LEVEL": 2})
    assert values_of(shop, "Loyalty_Level") == [2]


@pytest.mark.parametrize("name", ["1st", "_a", "a-b", "a b", "", "ä"])
def test_an_unfit_name_behind_the_prefix_is_a_warning(shop: Shop, name: str) -> None:
    report = shop.upload({"external_id": "1", f"{shop.prefix}{name}": 1})
    assert [code for code, _ in codes(report)] == ["bad_field_name"]
    assert report["created"] == 1


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (1, 2.5, [1, 2.5]),
        (1, "gold", ["1", "gold"]),
        (True, "gold", ["true", "gold"]),
        ("gold", ["a"], [["gold"], ["a"]]),
        (7, ["a"], [["7"], ["a"]]),
    ],
)
def test_an_inferred_type_widens_to_what_reads_both_values(
    shop: Shop, first: Any, second: Any, shown: list[Any]
) -> None:
    name = f"{shop.prefix}own"
    report = shop.upload({"external_id": "1", name: first}, {"external_id": "2", name: second})
    assert report["problems"] == []
    assert values_of(shop, "own") == shown


@pytest.mark.parametrize(("first", "second"), [(1, {"a": 1}), ({"a": 1}, "gold")])
def test_an_object_beside_anything_else_is_a_wrong_type(
    shop: Shop, first: Any, second: Any
) -> None:
    name = f"{shop.prefix}own"
    report = shop.upload({"external_id": "1", name: first}, {"external_id": "2", name: second})
    assert codes(report) == [("wrong_type", name)]
    assert values_of(shop, "own") == [first, None]


def test_widening_is_no_change_of_the_customers(shop: Shop) -> None:
    name = f"{shop.prefix}own"
    shop.upload({"external_id": "1", name: 1})
    report = shop.upload({"external_id": "2", name: "gold"}, {"external_id": "1", name: "1"})
    assert (report["created"], report["unchanged"], report["customers_changed"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("type_name", "given", "expected"),
    [
        ("string", 7, "7"),
        ("email", "Aino@Example.org", "aino@example.org"),
        ("phone_number", "040 123 4567", "+358401234567"),
        ("boolean", "yes", True),
        ("integer", "7", 7),
        ("number", "7.5", 7.5),
        ("money", "1995", 1995),
        ("date", "2015-08-28T14:10:00", "2015-08-28"),
        ("datetime", "2015-08-28", "2015-08-27T21:00:00"),
        ("day_of_year", "05/01", "05/01"),
        ("country_code", "swe", "SE"),
        ("language_code", "en-GB", "en"),
        ("list", "a", ["a"]),
        ("set", ["a", "a"], ["a"]),
        ("object", {"a": 1}, {"a": 1}),
    ],
)
def test_a_declared_field_is_read_as_its_type(
    shop: Shop, type_name: str, given: Any, expected: Any
) -> None:
    declare(shop, "own", type_name)
    report = shop.upload({"external_id": "1", f"{shop.prefix}own": given})
    assert report["problems"] == []
    assert values_of(shop, "own") == [expected]


def test_a_declared_type_stays_and_an_unfit_value_is_a_problem(shop: Shop) -> None:
    declare(shop, "loyalty_level", "integer")
    report = shop.upload({"external_id": "1", f"{shop.prefix}loyalty_level": "gold"})
    assert codes(report) == [("bad_integer", f"{shop.prefix}loyalty_level")]
    assert values_of(shop, "loyalty_level") == [None]


def test_own_lists_have_operations_too(shop: Shop) -> None:
    name = f"{shop.prefix}interests"
    shop.upload({"external_id": "1", f"{name}.add": ["tea", "coffee"]})
    shop.upload({"external_id": "1", f"{name}.remove": "tea"})
    assert values_of(shop, "interests") == [["coffee"]]


@pytest.mark.parametrize("operation", ["add", "remove", "replace"])
def test_only_lists_and_sets_have_operations(shop: Shop, operation: str) -> None:
    report = shop.upload({"external_id": "1", f"city.{operation}": "Turku"})
    assert codes(report) == [("bad_operation", "city")]


def test_an_empty_string_removes_a_field_of_the_companys_own(shop: Shop) -> None:
    shop.upload({"external_id": "1", f"{shop.prefix}own": {"a": 1}})
    shop.upload({"external_id": "1", f"{shop.prefix}own": ""})
    assert values_of(shop, "own") == [None]
