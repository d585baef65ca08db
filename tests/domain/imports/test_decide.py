"""Outcomes, states and versions of records in a row (SPEC sections 5 to 7)."""

from __future__ import annotations

import pytest

from tests.domain.imports.deciding import codes_of, decide_on

ADA = "ada@example.org"
MOBILE = "+358401234567"
DELETE = {"is_deleted": True}
FORGET = {"is_forgotten": True}
ONE = {"external_id": "1"}


@pytest.mark.parametrize(
    ("records", "outcomes", "codes"),
    [
        ([5], ["rejected"], ["malformed_record"]),
        ([{"city": "Espoo"}], ["rejected"], ["no_identifier"]),
        ([{"external_id": "a b", "email": ADA}], ["rejected"], ["bad_external_id"]),
        ([ONE, ONE], ["created", "unchanged"], []),
        ([ONE, ONE | {"city": "Espoo"}], ["created", "updated"], []),
        # Deleted, SPEC section 6.
        ([ONE | DELETE], ["created"], []),
        ([{"email": ADA} | DELETE], ["ignored"], ["no_such_customer"]),
        ([ONE, ONE | DELETE], ["created", "updated"], []),
        ([ONE | DELETE, ONE], ["created", "ignored"], ["customer_is_deleted"]),
        (
            [ONE | DELETE, ONE | {"is_deleted": False}],
            ["created", "ignored"],
            ["customer_is_deleted"],
        ),
        (
            [{"email": ADA}, {"email": ADA} | DELETE, {"email": ADA}],
            ["created", "updated", "ignored"],
            ["customer_is_deleted"],
        ),
        # The address of a deleted registered customer is free for somebody else.
        ([ONE | {"email": ADA} | DELETE, {"email": ADA}], ["created", "created"], []),
        # Forgotten, SPEC section 7.
        ([ONE | DELETE, ONE | FORGET], ["created", "updated"], []),
        ([ONE | FORGET, ONE], ["created", "ignored"], ["customer_is_forgotten"]),
        ([ONE | FORGET, ONE | FORGET], ["created", "ignored"], ["customer_is_forgotten"]),
        ([ONE | FORGET | DELETE], ["created"], []),
        ([{"email": ADA} | FORGET], ["ignored"], ["no_such_customer"]),
        (
            [{"email": ADA} | FORGET, {"email": ADA}],
            ["ignored", "ignored"],
            ["no_such_customer", "suppressed_identifier"],
        ),
        (
            [ONE, {"email": ADA} | FORGET, ONE | {"email": ADA, "can_email": True}],
            ["created", "ignored", "unchanged"],
            ["no_such_customer", "suppressed_identifier", "permission_without_address"],
        ),
        # A number that nobody's country made readable is told, whatever became of the record.
        (
            [ONE | DELETE, ONE | {"phone_number": "07757 138957", "can_sms": True}],
            ["created", "ignored"],
            ["customer_is_deleted", "bad_phone_number"],
        ),
        ([{"phone_number": "07757 138957"}], ["rejected"], ["no_identifier", "bad_phone_number"]),
    ],
)
def test_a_record_has_its_outcome(
    records: list[object], outcomes: list[str], codes: list[str]
) -> None:
    decision = decide_on(*records)
    assert decision.outcomes == outcomes
    assert codes_of(decision) == codes


def test_a_rejected_record_does_not_speak_of_permissions() -> None:
    decision = decide_on({"email": "ada at example.org", "can_email": True})
    assert codes_of(decision) == ["bad_email", "no_identifier"]


def test_versions_are_dense_and_in_the_order_of_records() -> None:
    decision = decide_on(ONE, ONE, {"external_id": "2"}, 5, ONE | {"city": "Espoo"})
    changes = [(change.version, change.customer_id, change.record) for change in decision.changes]
    assert changes == [(1, 1, 1), (2, 2, 3), (3, 1, 5)]


def test_deleted_and_forgotten_in_one_record_is_forgotten_only() -> None:
    decision = decide_on(ONE | {"city": "Espoo"}, ONE | FORGET | DELETE)
    (customer,) = decision.customers
    assert customer.fields == {"external_id": "1", "is_forgotten": True}
    assert decision.position.last_version == 2
    assert decision.position.living == 0


def test_forgetting_blanks_the_history_of_the_same_batch_too() -> None:
    decision = decide_on(ONE | {"email": ADA, "can_email": True}, ONE | FORGET)
    assert ADA not in str(decision.changes)
    assert decision.changes[0].after.keys() == {"external_id", "email", "can_email"}
    assert decision.suppressed == {ADA}


def test_an_address_that_another_customer_holds_is_not_suppressed() -> None:
    decision = decide_on(
        ONE | {"email": ADA, "phone_number": MOBILE},
        {"external_id": "2", "email": ADA},
        ONE | FORGET,
    )
    assert decision.suppressed == {MOBILE}


def test_addresses_that_the_customer_once_had_are_suppressed() -> None:
    decision = decide_on(ONE | {"email": ADA}, ONE | {"email": "new@example.org"}, ONE | FORGET)
    assert decision.suppressed == {ADA, "new@example.org"}
