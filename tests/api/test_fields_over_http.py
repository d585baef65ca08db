"""Every field of a customer: how its values are read, shown and removed (SPEC sections 2 and 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from regulars.domain.fields.catalogue import BUILTIN_FIELDS

if TYPE_CHECKING:
    from tests.running_server import Shop

# What the seed page says of each field, and what its type makes of other spellings.
ROWS = [
    ("external_id", "  3619490226 ", "3619490226"),
    ("external_id", 3619490226, "3619490226"),
    ("phone_number", "+358 40 123 4567", "+358401234567"),
    ("phone_number", "00358401234567", "+358401234567"),
    ("phone_number", "040 123 4567", "+358401234567"),
    ("email", " Person@Example.ORG ", "person@example.org"),
    ("canonical_id", "person-7", "person-7"),
    ("first_name", "James", "James"),
    ("last_name", " Carroll ", "Carroll"),
    ("can_email", True, True),
    ("can_email", "1", True),
    ("can_post", "yes", True),
    ("can_profile", 1, True),
    ("can_push", "TRUE", True),
    ("can_sms", "no", False),
    ("date_joined", "2015-08-28", "2015-08-27T21:00:00"),
    ("date_joined", "2015-08-28T14:10:00Z", "2015-08-28T14:10:00"),
    ("mailing_lists", "kitchenware", ["kitchenware"]),
    ("mailing_lists", ["a", "b", "a"], ["a", "b", "a"]),
    ("shop_id", "Helsinki", "Helsinki"),
    ("shop_id", 7, "7"),
    ("birth_date", "1991-06-14", "1991-06-14"),
    ("birth_date", "1991-06-14T23:30:00Z", "1991-06-14"),
    ("city", "Epwell", "Epwell"),
    ("company", "Acme Oy", "Acme Oy"),
    ("country", "se", "SE"),
    ("country", "swe", "SE"),
    ("gender", "Female", "Female"),
    ("gender", "prefer not to say", "prefer not to say"),
    ("house_number", "III", "III"),
    ("house_number", 3, "3"),
    ("house_number_addition", "B 12", "B 12"),
    ("language", "EN", "en"),
    ("language", "sv-FI", "sv"),
    ("last_login", "2015-08-28T14:10:00", "2015-08-28T11:10:00"),
    ("last_login", "2015-08-28 14:10:00+0200", "2015-08-28T12:10:00"),
    ("province", "Uusimaa", "Uusimaa"),
    ("street_address", "42 Red Lane", "42 Red Lane"),
    ("street_name", "Red Lane", "Red Lane"),
    ("tags", ["vip", "a", "vip"], ["vip", "a"]),
    ("tags", "vip", ["vip"]),
    ("vat_number", "FI123456", "FI123456"),
    ("zip_code", "OX15 3PW", "OX15 3PW"),
    ("zip_code", "00100", "00100"),
]
STATES = {"is_forgotten", "is_deleted"}

UNREADABLE = [
    ("phone_number", "12", "bad_phone_number"),
    ("email", "no address", "bad_email"),
    ("first_name", ["James"], "wrong_type"),
    ("last_name", "a" * 10_001, "too_long"),
    ("city", "Tur\0ku", "bad_text"),
    ("can_post", "maybe", "bad_boolean"),
    ("date_joined", "0000-00-00", "bad_datetime"),
    ("last_login", "yesterday", "bad_datetime"),
    ("birth_date", "14.6.1991", "bad_date"),
    ("country", "Sweden", "bad_country_code"),
    ("language", "Swedish", "bad_language_code"),
    ("mailing_lists", {"a": 1}, "wrong_type"),
    ("tags", 7, "wrong_type"),
]


def codes(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in report["problems"]]


def customer_of(shop: Shop) -> dict[str, Any]:
    (customer,) = shop.customers()
    return customer


def test_every_field_of_the_seed_page_has_a_row() -> None:
    assert {field.name for field in BUILTIN_FIELDS} == {row[0] for row in ROWS} | STATES


@pytest.mark.parametrize(("field", "given", "expected"), ROWS)
def test_a_value_is_read_back_in_its_canonical_form(
    busy_shop: Shop, field: str, given: Any, expected: Any
) -> None:
    external_id = expected if field == "external_id" else uuid4().hex
    report = busy_shop.upload({"external_id": external_id, field: given})
    assert report["problems"] == []
    customer = busy_shop.customer(external_id)
    assert customer is not None
    assert customer[field] == expected
    assert type(customer[field]) is type(expected)


def test_an_empty_string_removes_every_field_but_external_id(shop: Shop) -> None:
    values = {field: given for field, given, _ in ROWS} | {"external_id": "1"}
    shop.upload(values)
    report = shop.upload({"external_id": "1"} | dict.fromkeys(values.keys() - {"external_id"}, ""))
    assert (report["updated"], report["problems"]) == (1, [])
    customer = customer_of(shop)
    assert customer.pop("external_id") == "1"
    assert not any(customer.values())
    assert all(name.startswith("can_") for name in customer)


def test_null_is_not_supplied(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku", "can_post": True})
    report = shop.upload({"external_id": "1", "city": None, "can_post": None})
    assert (report["unchanged"], report["problems"]) == (1, [])
    assert customer_of(shop)["city"] == "Turku"


@pytest.mark.parametrize(("field", "given", "code"), UNREADABLE)
def test_a_value_that_does_not_read_is_a_warning_and_the_rest_applies(
    busy_shop: Shop, field: str, given: Any, code: str
) -> None:
    external_id = uuid4().hex
    report = busy_shop.upload({"external_id": external_id, field: given, "province": "Uusimaa"})
    assert codes(report) == [(code, field)]
    assert (report["created"], report["rejected"], report["warnings"]) == (1, 0, 1)
    customer = busy_shop.customer(external_id)
    assert customer is not None
    assert customer["province"] == "Uusimaa"
    assert not customer.get(field)


def test_an_unreadable_value_leaves_the_former_one(shop: Shop) -> None:
    shop.upload({"external_id": "1", "birth_date": "1991-06-14"})
    report = shop.upload({"external_id": "1", "birth_date": "1991-02-30"})
    assert (report["unchanged"], codes(report)) == (1, [("bad_date", "birth_date")])
    assert customer_of(shop)["birth_date"] == "1991-06-14"


def test_names_of_fields_compare_without_case_and_outer_spaces(shop: Shop) -> None:
    report = shop.upload({" External_ID ": "1", "CITY": "Turku", "Tags.ADD": ["vip"]})
    assert report["problems"] == []
    assert (customer_of(shop)["city"], customer_of(shop)["tags"]) == ("Turku", ["vip"])


def test_unknown_fields_are_kept_once_with_their_count(shop: Shop) -> None:
    report = shop.upload(
        {"external_id": "1", "state": "new"},
        {"external_id": "2", "state": "new", "mage_type": "guest"},
    )
    assert [(each["code"], each["field"], each["count"]) for each in report["problems"]] == [
        ("unknown_field", "state", 2),
        ("unknown_field", "mage_type", 1),
    ]
    assert report["created"] == 2


@pytest.mark.parametrize(
    ("record", "skipped"),
    [
        ({"email": "no address", "can_email": True}, "can_email"),
        ({"phone_number": "12", "can_sms": True}, "can_sms"),
    ],
)
def test_a_permission_for_an_unreadable_address_is_skipped(
    shop: Shop, record: dict[str, Any], skipped: str
) -> None:
    report = shop.upload({"external_id": "1", **record})
    assert ("permission_without_address", skipped) in codes(report)
    assert customer_of(shop)[skipped] is False


@pytest.mark.parametrize(
    ("record", "withdrawn"),
    [
        ({"email": "no address", "can_email": False}, "can_email"),
        ({"phone_number": "12", "can_sms": ""}, "can_sms"),
    ],
)
def test_a_withdrawal_applies_even_beside_an_unreadable_address(
    shop: Shop, record: dict[str, Any], withdrawn: str
) -> None:
    shop.upload({"external_id": "1", withdrawn: True})
    assert shop.upload({"external_id": "1", **record})["updated"] == 1
    assert customer_of(shop)[withdrawn] is False


def test_a_changed_address_leaves_the_permission_as_it_is(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "aino@example.org", "can_email": True})
    shop.upload({"external_id": "1", "email": "aino@example.net"})
    assert customer_of(shop)["can_email"] is True


@pytest.mark.parametrize(
    ("record", "number"),
    [
        ({}, "+358401234567"),
        ({"country": "se", "phone_number": "070-174 06 05"}, "+46701740605"),
    ],
)
def test_a_national_number_is_read_with_the_country_of_record_or_company(
    shop: Shop, record: dict[str, Any], number: str
) -> None:
    shop.upload({"external_id": "1", "phone_number": "0401234567", **record})
    assert customer_of(shop)["phone_number"] == number


def test_a_national_number_is_read_with_the_country_of_the_customer(shop: Shop) -> None:
    shop.upload({"external_id": "1", "country": "SE"})
    shop.upload({"external_id": "1", "phone_number": "070-174 06 05"})
    assert customer_of(shop)["phone_number"] == "+46701740605"
