"""Each sentence of the page that the project comes from, kept as a promise over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop

AINO = {"external_id": "1", "first_name": "Aino", "city": "Turku", "tags": ["vip"]}


def customer_of(shop: Shop, external_id: str = "1") -> dict[str, Any]:
    customer = shop.customer(external_id)
    assert customer is not None
    return customer


def codes(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in report["problems"]]


# Uploading again


def test_a_second_import_with_the_same_identifier_updates_only_the_keys_supplied(
    shop: Shop,
) -> None:
    shop.upload(AINO)
    report = shop.upload({"external_id": "1", "city": "Oulu"})
    assert report["updated"] == 1
    customer = customer_of(shop)
    assert customer["first_name"] == "Aino"
    assert customer["city"] == "Oulu"
    assert customer["tags"] == ["vip"]


@pytest.mark.parametrize("identifier", ["external_id", "email", "phone_number"])
def test_the_second_import_may_name_the_customer_by_any_identifier(
    shop: Shop, identifier: str
) -> None:
    identifiers = {
        "external_id": "1",
        "email": "aino@example.org",
        "phone_number": "+358401234567",
    }
    shop.upload({**identifiers, "first_name": "Aino"})
    report = shop.upload({identifier: identifiers[identifier], "city": "Oulu"})
    assert (report["created"], report["updated"]) == (0, 1)
    assert customer_of(shop)["city"] == "Oulu"


def test_an_empty_string_removes_the_key_and_no_other(shop: Shop) -> None:
    shop.upload(AINO)
    assert shop.upload({"external_id": "1", "city": ""})["updated"] == 1
    customer = customer_of(shop)
    assert "city" not in customer
    assert customer["first_name"] == "Aino"


# Identifiers


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        ("external_id", "3619490226"),
        ("phone_number", "+358401234567"),
        ("email", "person@example.org"),
    ],
)
def test_one_identifier_of_any_kind_is_enough(shop: Shop, identifier: str, value: str) -> None:
    assert shop.upload({identifier: value})["created"] == 1
    assert shop.customers()[0][identifier] == value


def test_a_record_without_identifier_is_rejected(shop: Shop) -> None:
    reply = shop.post({"customers": [{"first_name": "Aino", "canonical_id": "1"}]})
    assert reply.status_code == 400
    assert codes(reply.json()["error"]["import"]) == [("no_identifier", None)]
    assert shop.customers() == []


@pytest.mark.parametrize("external_id", ["3619490226", "A-1", "-", "Ääkkönen-7", "७"])
def test_an_external_id_consists_of_letters_numbers_and_dashes(
    shop: Shop, external_id: str
) -> None:
    assert shop.upload({"external_id": external_id})["created"] == 1
    assert customer_of(shop, external_id)["external_id"] == external_id


@pytest.mark.parametrize(
    "external_id", ["a_1", "a 1", "a.1", "1/2", "a@example.org", "1\N{EN DASH}2", True, ["1"]]
)
def test_an_external_id_of_anything_else_rejects_its_record(
    busy_shop: Shop, external_id: Any
) -> None:
    email = f"{uuid4().hex}@example.org"
    report = busy_shop.upload({"external_id": external_id, "email": email})
    assert report["rejected"] == 1
    assert codes(report) == [("bad_external_id", "external_id")]
    assert busy_shop.customers(email=email) == []


def test_a_phone_number_comes_in_a_country_prefixed_format(shop: Shop) -> None:
    shop.upload({"external_id": "1", "phone_number": "+447757138957"})
    assert customer_of(shop)["phone_number"] == "+447757138957"


def test_several_records_may_share_a_canonical_id_and_stay_customers_of_their_own(
    shop: Shop,
) -> None:
    report = shop.upload(
        {"external_id": "1", "canonical_id": "p"}, {"external_id": "2", "canonical_id": "p"}
    )
    assert report["created"] == 2
    assert [customer["canonical_id"] for customer in shop.customers()] == ["p", "p"]


# Permissions

PERMISSIONS = ("can_email", "can_post", "can_profile", "can_push", "can_sms")


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_defaults_to_false_if_omitted(shop: Shop, permission: str) -> None:
    others = {name: True for name in PERMISSIONS if name != permission}
    shop.upload({"external_id": "1", **others})
    customer = customer_of(shop)
    assert customer[permission] is False
    assert all(customer[name] is True for name in others)


def test_a_permission_that_is_omitted_later_stays_as_it_is(shop: Shop) -> None:
    shop.upload({"external_id": "1", "can_email": True})
    shop.upload({"external_id": "1", "city": "Oulu"})
    assert customer_of(shop)["can_email"] is True


# Mailing lists and tags


def test_a_single_mailing_list_may_be_a_string(shop: Shop) -> None:
    shop.upload({"external_id": "1", "mailing_lists": "kitchenware"})
    assert customer_of(shop)["mailing_lists"] == ["kitchenware"]


def test_mailing_lists_may_be_an_array(shop: Shop) -> None:
    shop.upload({"external_id": "1", "mailing_lists": ["kitchenware", "garden"]})
    assert customer_of(shop)["mailing_lists"] == ["kitchenware", "garden"]


def test_tags_are_a_set(shop: Shop) -> None:
    shop.upload({"external_id": "1", "tags": ["vip", "kitchenware", "vip"]})
    assert customer_of(shop)["tags"] == ["vip", "kitchenware"]


def test_the_pages_example_adds_a_tag_and_removes_a_mailing_list(shop: Shop) -> None:
    shop.upload(
        {
            "external_id": "3619490226",
            "tags": ["kitchenware"],
            "mailing_lists": ["kitchenware", "garden"],
        }
    )
    report = shop.upload(
        {
            "external_id": "3619490226",
            "first_name": "James",
            "last_name": "Carroll",
            "email": "james.carroll@example.org",
            "can_email": True,
            "tags.add": ["vip"],
            "mailing_lists.remove": ["kitchenware"],
        }
    )
    assert (report["updated"], report["problems"]) == (1, [])
    customer = customer_of(shop, "3619490226")
    assert customer["tags"] == ["kitchenware", "vip"]
    assert customer["mailing_lists"] == ["garden"]
    assert customer["can_email"] is True


@pytest.mark.parametrize("field", ["tags", "mailing_lists"])
@pytest.mark.parametrize(
    ("before", "operations", "after"),
    [
        (None, {"add": ["a"]}, ["a"]),
        (["a"], {"add": "b"}, ["a", "b"]),
        (["a"], {"add": ["a"]}, ["a"]),
        (["a", "b"], {"remove": "a"}, ["b"]),
        (["a"], {"remove": ["a"]}, None),
        (["a"], {"remove": ["b"]}, ["a"]),
        (["a"], {"remove": ["a"], "add": ["b"]}, ["b"]),
        (["a"], {"remove": ["b"], "add": ["b"]}, ["a"]),
        (["a"], {"add": "", "remove": []}, ["a"]),
    ],
)
def test_a_list_is_added_to_and_taken_from(
    busy_shop: Shop, field: str, before: Any, operations: dict[str, Any], after: Any
) -> None:
    external_id = uuid4().hex
    busy_shop.upload({"external_id": external_id, field: before})
    busy_shop.upload(
        {"external_id": external_id}
        | {f"{field}.{name}": items for name, items in operations.items()}
    )
    assert customer_of(busy_shop, external_id).get(field) == after


# Dates and times


@pytest.mark.parametrize("field", ["date_joined", "last_login"])
@pytest.mark.parametrize(
    ("timezone", "given", "expected"),
    [
        ("Europe/Helsinki", "2015-08-28", "2015-08-27T21:00:00"),
        ("Europe/Helsinki", "2015-08-28T14:10:00Z", "2015-08-28T14:10:00"),
        ("Europe/Helsinki", "2015-08-28T14:10:00", "2015-08-28T11:10:00"),
        ("America/New_York", "2015-08-28T14:10:00", "2015-08-28T18:10:00"),
    ],
)
def test_a_time_without_zone_is_in_the_companys_timezone(
    server: RunningServer, field: str, timezone: str, given: str, expected: str
) -> None:
    shop = server.make_shop(timezone=timezone)
    shop.upload({"external_id": "1", field: given})
    assert customer_of(shop)[field] == expected


# Company fields


def test_a_company_adds_fields_of_its_own_behind_its_short_name(shop: Shop) -> None:
    name = f"{shop.prefix}loyalty_level"
    report = shop.upload({"external_id": "1", name: 3})
    assert report["problems"] == []
    assert customer_of(shop)[name] == 3


def test_another_companys_prefix_is_an_unknown_field(shop: Shop) -> None:
    report = shop.upload({"external_id": "1", "OTHER__loyalty_level": 3})
    assert codes(report) == [("unknown_field", "OTHER__loyalty_level")]
    assert "OTHER__loyalty_level" not in customer_of(shop)


# Deleted and forgotten


def test_a_customer_marked_as_deleted_is_gone(shop: Shop) -> None:
    shop.upload(AINO)
    assert shop.upload({"external_id": "1", "is_deleted": True})["updated"] == 1
    assert shop.customer("1") is None
    assert shop.customers() == []


@pytest.mark.parametrize("later", [{}, {"is_deleted": False}, {"is_deleted": ""}])
def test_a_deleted_customer_cannot_be_recovered(shop: Shop, later: dict[str, Any]) -> None:
    shop.upload({**AINO, "is_deleted": True})
    report = shop.upload({**AINO, **later})
    assert report["ignored"] == 1
    assert codes(report) == [("customer_is_deleted", None)]
    assert shop.customer("1") is None


def test_a_forgotten_customer_keeps_no_personal_data(shop: Shop) -> None:
    shop.upload({**AINO, "email": "aino@example.org", f"{shop.prefix}size": "M"})
    assert shop.upload({"external_id": "1", "is_forgotten": True})["updated"] == 1
    assert shop.customer("1") == {
        "external_id": "1", **dict.fromkeys(PERMISSIONS, False), "is_forgotten": True,
    }  # fmt: skip


@pytest.mark.parametrize("later", [{}, {"is_forgotten": False}, {"is_forgotten": ""}])
def test_a_customer_cannot_be_unforgotten(shop: Shop, later: dict[str, Any]) -> None:
    shop.upload({**AINO, "is_forgotten": True})
    report = shop.upload({**AINO, **later})
    assert report["ignored"] == 1
    assert "first_name" not in customer_of(shop)


def test_is_forgotten_and_is_deleted_default_to_false(shop: Shop) -> None:
    shop.upload({**AINO, "is_forgotten": False, "is_deleted": False})
    assert customer_of(shop)["first_name"] == "Aino"
