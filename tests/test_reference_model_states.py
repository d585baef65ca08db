"""What the reference model makes of deleted and forgotten customers, and what always holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.record_strategies import records, uploads
from tests.reference_model import ReferenceModel

ADA = "ada@example.org"
BOB = "bob@example.org"
MOBILE = "+358401234567"

REGISTERED: dict[str, object] = {"external_id": "1", "email": ADA}
TWINS: list[object] = [REGISTERED, {"external_id": "2", "email": ADA, "phone_number": MOBILE}]
DELETED: dict[str, object] = {**REGISTERED, "is_deleted": True}
DELETED_UNREGISTERED: list[object] = [{"email": ADA}, {"email": ADA, "is_deleted": "yes"}]
FORGET: dict[str, object] = {"external_id": "1", "is_forgotten": True}
FORGOTTEN: list[object] = [REGISTERED, FORGET]


def model_after(*records: object) -> ReferenceModel:
    model = ReferenceModel("acme")
    model.upload(list(records))
    return model


@pytest.mark.parametrize(
    ("records", "last_outcome", "code", "states"),
    [
        ([DELETED], "created", None, "deleted"),
        ([REGISTERED, DELETED], "updated", None, "deleted"),
        ([DELETED, DELETED], "ignored", "customer_is_deleted", "deleted"),
        (
            [DELETED, {"external_id": "1", "is_deleted": False}],
            "ignored",
            "customer_is_deleted",
            "deleted",
        ),
        ([DELETED, {"external_id": "1", "is_forgotten": 1}], "updated", None, "forgotten"),
        ([DELETED, {"email": ADA}], "created", None, "deleted living"),
        ([{"email": ADA, "is_deleted": True}], "ignored", "no_such_customer", ""),
        ([{"email": ADA, "is_deleted": "maybe"}], "created", "bad_boolean", "living"),
        ([*DELETED_UNREGISTERED, {"email": ADA}], "ignored", "customer_is_deleted", "deleted"),
        (
            [*DELETED_UNREGISTERED, {"email": ADA, "is_forgotten": True}],
            "updated",
            None,
            "forgotten",
        ),
        ([*DELETED_UNREGISTERED, REGISTERED], "created", None, "deleted living"),
        (
            [*DELETED_UNREGISTERED, REGISTERED, {"email": ADA, "is_forgotten": True}],
            "updated",
            None,
            "deleted forgotten",
        ),
        ([{"external_id": "1", "is_forgotten": True}], "created", None, "forgotten"),
        ([DELETED | {"is_forgotten": True}], "created", None, "forgotten"),
        ([{"email": ADA}, FORGET | {"email": ADA}], "updated", None, "forgotten"),
        ([{"email": ADA, "is_forgotten": True}], "ignored", "no_such_customer", ""),
        ([*TWINS, {"email": ADA, "is_forgotten": True}], "updated", None, "forgotten forgotten"),
        ([*FORGOTTEN, {"external_id": "1"}], "ignored", "customer_is_forgotten", "forgotten"),
        ([*FORGOTTEN, FORGET], "ignored", "customer_is_forgotten", "forgotten"),
        (
            [*FORGOTTEN, {"external_id": "2", "email": ADA}],
            "ignored",
            "suppressed_identifier",
            "forgotten",
        ),
        ([*FORGOTTEN, {"email": ADA}], "ignored", "suppressed_identifier", "forgotten"),
        ([*FORGOTTEN, {"external_id": "2"}], "created", None, "forgotten living"),
    ],
)
def test_deleted_and_forgotten_customers_stay_away(
    records: list[object], last_outcome: str, code: str | None, states: str
) -> None:
    model = model_after(*records[:-1])
    model.problems.clear()
    assert model.upload(records[-1:]) == [last_outcome]
    assert [code for _, code, _ in model.problems] == ([code] if code else [])
    assert " ".join(customer.state for customer in model.customers) == states


def test_a_suppressed_address_is_skipped_for_a_living_customer() -> None:
    records = [*FORGOTTEN, {"external_id": "2"}, {"external_id": "2", "email": ADA, "city": "Oulu"}]
    model = model_after(*records)
    assert model.problems == [(len(records), "suppressed_identifier", "email")]
    assert model.customers[-1].fields == {"external_id": "2", "city": "Oulu"}


def test_a_deleted_customer_keeps_its_values_and_a_forgotten_one_only_its_external_id() -> None:
    assert model_after(DELETED).customers[0].fields == REGISTERED
    assert model_after(*FORGOTTEN).customers[0].fields == FORGET


@pytest.mark.parametrize(
    ("records", "suppressed"),
    [
        (FORGOTTEN, {ADA}),
        # what it had, what it has, what the request names
        (
            [
                REGISTERED,
                {"external_id": "1", "email": BOB},
                {"external_id": "1", "phone_number": MOBILE, "is_forgotten": True},
            ],
            {ADA, BOB, MOBILE},
        ),
        # not what another one holds, be it a deleted one
        ([*TWINS, FORGET], set()),
        ([REGISTERED, DELETED | {"external_id": "2"}, FORGET], set()),
        ([*TWINS, {"email": ADA, "is_forgotten": True}], {ADA, MOBILE}),
        ([{"email": ADA, "phone_number": MOBILE, "is_forgotten": True}], {ADA, MOBILE}),
    ],
)
def test_forgetting_suppresses_addresses_that_nobody_else_holds(
    records: list[object], suppressed: set[str]
) -> None:
    assert model_after(*records).suppressed == suppressed


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads(), records())
def test_a_record_sent_again_changes_nothing(before: list[list[object]], record: object) -> None:
    model = ReferenceModel("acme", customers_per_record_limit=2)
    for upload in before:
        model.upload(upload)
    model.upload([record])
    version = model.version
    outcomes = model.upload([record])
    clears_country = isinstance(record, dict) and any(
        key.strip().lower() == "country" and value == "" for key, value in record.items()
    )
    # Who takes a customer's country away changes how its national number is read next time.
    assert clears_country or (model.version == version and outcomes != ["created"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(uploads())
def test_versions_are_dense_and_nobody_holds_a_suppressed_address(
    given_uploads: list[list[object]],
) -> None:
    model = ReferenceModel("acme", customers_per_record_limit=2)
    for upload in given_uploads:
        model.upload(upload)
    held = {
        address
        for customer in model.customers
        if customer.state != "forgotten"
        for address in (customer.email, customer.phone_number)
    }
    assert model.version == sum(customer.changes for customer in model.customers)
    assert not held & model.suppressed
