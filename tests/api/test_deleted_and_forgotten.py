"""What deleting and forgetting do to later records (SPEC sections 6 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.running_server import Shop

EMAIL = "aino@example.org"
NUMBER = "+358401234567"
AINO = {"external_id": "1", "email": EMAIL, "phone_number": NUMBER, "first_name": "Aino"}


def codes(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in report["problems"]]


def suppressions(shop: Shop) -> list[tuple[str, bool]]:
    store = shop.server.installation.open_register(shop.short_name).store
    return sorted((each.kind, each.lifted_at is None) for each in store.load_suppressions())


# Deleted


def test_a_deleted_customer_can_still_be_forgotten(shop: Shop) -> None:
    shop.upload({**AINO, "is_deleted": True})
    assert shop.upload({"external_id": "1", "is_forgotten": True})["updated"] == 1
    assert suppressions(shop) == [("email", True), ("phone_number", True)]


def test_deleting_an_unknown_external_id_makes_a_deleted_customer(shop: Shop) -> None:
    assert shop.upload({"external_id": "1", "is_deleted": True})["created"] == 1
    report = shop.upload({"external_id": "1"})
    assert codes(report) == [("customer_is_deleted", None)]
    assert shop.customers() == []


def test_deleting_an_unknown_address_is_ignored(shop: Shop) -> None:
    report = shop.upload({"email": EMAIL, "is_deleted": True})
    assert (report["ignored"], codes(report)) == (1, [("no_such_customer", None)])


def test_a_deleted_customer_without_external_id_is_found_by_its_address(shop: Shop) -> None:
    shop.upload({"email": EMAIL, "city": "Turku"})
    shop.upload({"email": EMAIL, "is_deleted": True})
    assert codes(shop.upload({"email": EMAIL})) == [("customer_is_deleted", None)]
    assert shop.customers() == []


def test_the_address_of_a_deleted_registered_customer_is_free_for_another(shop: Shop) -> None:
    shop.upload({**AINO, "is_deleted": True})
    assert shop.upload({"external_id": "2", "email": EMAIL})["created"] == 1
    assert [customer["external_id"] for customer in shop.customers()] == ["2"]


# Forgotten


@pytest.mark.parametrize("address", [{"email": EMAIL}, {"phone_number": NUMBER}])
def test_a_record_with_only_a_suppressed_address_is_ignored(
    shop: Shop, address: dict[str, str]
) -> None:
    shop.upload(AINO)
    shop.upload({"external_id": "1", "is_forgotten": True})
    report = shop.upload({**address, "city": "Turku"})
    assert report["ignored"] == 1
    assert codes(report)[0][0] == "suppressed_identifier"
    assert shop.customers() == []


def test_the_next_nightly_file_does_not_bring_the_person_back(shop: Shop) -> None:
    shop.upload(AINO)
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert shop.upload(AINO, {**AINO, "external_id": "2"})["ignored"] == 2
    assert shop.customers() == []


def test_a_living_customers_record_applies_without_the_suppressed_address(shop: Shop) -> None:
    shop.upload(AINO, {"external_id": "2"})
    shop.upload({"external_id": "1", "is_forgotten": True})
    report = shop.upload({"external_id": "2", "email": EMAIL, "can_email": True, "city": "Oulu"})
    assert ("suppressed_identifier", "email") in codes(report)
    (customer,) = shop.customers()
    assert (customer["city"], customer["can_email"]) == ("Oulu", False)
    assert "email" not in customer


def test_an_address_that_another_customer_holds_is_not_suppressed(shop: Shop) -> None:
    shop.upload(AINO, {"external_id": "2", "email": EMAIL})
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert suppressions(shop) == [("phone_number", True)]
    assert shop.upload({"email": EMAIL, "city": "Turku"})["updated"] == 1


def test_an_address_that_it_had_before_is_suppressed_too(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "former@example.org"})
    shop.upload({"external_id": "1", "email": EMAIL})
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert shop.upload({"email": "former@example.org"})["ignored"] == 1


def test_a_forget_request_for_an_unknown_person_suppresses_the_addresses_it_names(
    shop: Shop,
) -> None:
    report = shop.upload({"email": EMAIL, "phone_number": NUMBER, "is_forgotten": True})
    assert (report["ignored"], codes(report)) == (1, [("no_such_customer", None)])
    assert shop.upload({"external_id": "9", "email": EMAIL})["ignored"] == 1
    assert shop.upload({"phone_number": NUMBER})["ignored"] == 1


def test_after_lifting_the_address_may_come_back_but_the_customer_does_not(shop: Shop) -> None:
    shop.upload(AINO)
    shop.upload({"external_id": "1", "is_forgotten": True})
    store = shop.server.installation.open_register(shop.short_name).store
    for each in store.load_suppressions():
        done = shop.server.regulars(
            "suppression", "lift", shop.short_name, str(each.id), "--reason", "asked for it"
        )
        assert done.status == 0, done.errors
    assert shop.upload(AINO)["ignored"] == 1
    assert shop.upload({**AINO, "external_id": "2"})["created"] == 1


def test_no_later_reply_holds_the_values_of_the_forgotten(shop: Shop) -> None:
    values = ["aino@example.org", "+358401234567", "Aino", "nobody@"]
    shop.upload({**AINO, "email": "nobody@"}, AINO)
    shop.upload({"external_id": "1", "is_forgotten": True})
    report = shop.upload({**AINO, "city": "Turku"})
    pages = [
        str(report),
        shop.http.get("/api/imports/").text,
        shop.http.get(report["url"]).text,
        shop.http.get("/api/data/customers/?external_id=1").text,
        shop.http.get("/api/data/customers/").text,
    ]
    assert [value for value in values if any(value in page for page in pages)] == []
