"""What an undo puts back, what it leaves and why (SPEC section 4)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.customers.change import Change, FieldValues, PermissionProof
from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.decision import Position
from regulars.domain.imports.undo import UndoDecision, UndoFacts, decide_undo
from regulars.domain.imports.undo_traces import PastChange, find_wanted, read_traces

ADA = "ada@example.org"
BOB = "bob@example.org"
OURS, OTHER = 7, 8
SCHEMA = Schema("acme", ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"))


def past(
    version: int, after: dict[str, Any], before: dict[str, Any] | None = None, cause: int = OURS
) -> PastChange:
    """A change of customer 1. Record numbers are versions and a hundred."""
    return PastChange(version, 1, cause, version + 100, before, after)


def undo(
    history: list[PastChange], fields: dict[str, Any] | None, facts: UndoFacts | None = None
) -> UndoDecision:
    """Undo our import in a company whose only customer has these fields now."""
    last = history[-1].version
    customers = {} if fields is None else {1: Customer(1, last, encode_fields(fields))}
    traces = read_traces(history, OURS)
    facts = facts or UndoFacts(SCHEMA)
    return decide_undo(traces.values(), customers, facts, Position(1, last, 1))


def fields_after(undone: UndoDecision) -> dict[str, Any]:
    (customer,) = undone.decision.customers
    return dict(customer.fields)


def problems_of(undone: UndoDecision) -> list[tuple[str, int, str | None]]:
    return [(each.code, each.record, each.field) for each in undone.decision.problems]


# Put back


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({"city": "Turku"}, {"city": "Oulu"}, {"city": "Turku"}),
        ({"city": "Turku"}, {"city": None}, {"city": "Turku"}),
        ({}, {"city": "Oulu"}, {}),
        ({"tags": ["a", "b"]}, {"tags": ["b", "c"]}, {"tags": ["a", "b"]}),
        ({"can_email": False}, {"can_email": True}, {"can_email": False}),
        ({}, {"can_email": True}, {}),
        ({"ACME__size": 1}, {"ACME__size": True}, {"ACME__size": 1}),
        ({"ACME__size": {"a": 1}}, {"ACME__size": {"a": True}}, {"ACME__size": {"a": 1}}),
    ],
)
def test_a_field_gets_its_former_value(
    before: dict[str, Any], after: dict[str, Any], fields: dict[str, Any]
) -> None:
    now = {"external_id": "1"} | {name: after[name] for name in after if after[name] is not None}
    undone = undo([past(5, after, before)], now)
    assert fields_after(undone) == {"external_id": "1"} | fields
    assert undone.decision.outcomes == ["updated"]
    assert problems_of(undone) == []


def test_the_value_before_the_first_of_several_records_counts() -> None:
    history = [
        past(5, {"city": "Oulu"}, {"city": "Turku"}),
        past(6, {"city": "Espoo", "gender": "x"}, {"city": "Oulu"}),
    ]
    undone = undo(history, {"external_id": "1", "city": "Espoo", "gender": "x"})
    assert fields_after(undone) == {"external_id": "1", "city": "Turku"}
    (change,) = undone.decision.changes
    assert change == Change(
        7, 1, 106, {"city": "Espoo", "gender": "x"}, {"city": "Turku", "gender": None}
    )
    assert undone.decision.position == Position(1, 7, 1)


def test_what_has_its_former_value_already_is_no_change() -> None:
    history = [past(5, {"city": "Oulu"}, {"city": "Turku"}), past(6, {"city": "Turku"}, {}, OTHER)]
    undone = undo(history, {"external_id": "1", "city": "Turku"})
    assert undone.decision.outcomes == ["unchanged"]
    assert undone.decision.changes == []
    assert problems_of(undone) == []


def test_a_registered_customer_goes_back_to_unregistered() -> None:
    history = [past(5, {"external_id": "1", "city": "Oulu"}, {})]
    undone = undo(history, {"external_id": "1", "city": "Oulu", "email": ADA})
    assert fields_after(undone) == {"email": ADA}


def test_a_change_of_a_permission_keeps_the_address_it_was_given_for() -> None:
    history = [past(5, {"can_email": True}, {"can_email": False})]
    undone = undo(history, {"email": ADA, "can_email": True})
    (change,) = undone.decision.changes
    assert change.proofs == {"can_email": PermissionProof(decision=False, address=ADA)}


# Removed


def test_a_customer_that_the_import_made_goes_and_its_history_keeps_names_only() -> None:
    history = [
        past(5, {"external_id": "1", "city": "Oulu"}),
        past(6, {"city": "Turku"}, {"city": "Oulu"}),
    ]
    undone = undo(history, {"external_id": "1", "city": "Turku"})
    assert undone.decision.outcomes == ["updated"]
    assert undone.decision.customers == []
    assert [customer.id for customer in undone.removed] == [1]
    assert undone.blanked == [
        Change(5, 1, 105, None, {"external_id": None, "city": None}),
        Change(6, 1, 106, {"city": None}, {"city": None}),
    ]
    names: FieldValues = {"city": None, "external_id": None}
    assert undone.decision.changes == [Change(7, 1, 106, names, names)]
    assert undone.decision.position == Position(1, 7, 0)


def test_a_customer_that_others_changed_since_stays_with_what_they_wrote() -> None:
    history = [
        past(5, {"external_id": "1", "city": "Oulu", "gender": "x"}),
        past(6, {"city": "Turku", "email": ADA}, {"city": "Oulu"}, OTHER),
    ]
    undone = undo(history, {"external_id": "1", "city": "Turku", "gender": "x", "email": ADA})
    assert undone.removed == []
    assert fields_after(undone) == {"external_id": "1", "city": "Turku", "email": ADA}
    assert problems_of(undone) == [
        ("identifier_in_use", 105, "external_id"),
        ("written_since", 105, "city"),
    ]


def test_a_customer_that_was_removed_does_not_come_back() -> None:
    names = {"external_id": None}
    assert problems_of(undo([past(5, names, names)], None)) == [("customer_is_removed", 105, None)]
    again = undo([past(5, names), past(6, names, names, OTHER)], None)
    assert problems_of(again) == []
    assert again.decision.outcomes == ["unchanged"]


# Left


def test_a_field_that_was_written_since_stays() -> None:
    history = [
        past(5, {"city": "Oulu", "gender": "x"}, {"city": "Turku"}),
        past(6, {"city": "Espoo"}, {"city": "Oulu"}, OTHER),
    ]
    undone = undo(history, {"external_id": "1", "city": "Espoo", "gender": "x"})
    assert fields_after(undone) == {"external_id": "1", "city": "Espoo"}
    assert problems_of(undone) == [("written_since", 105, "city")]


def test_of_an_import_that_went_on_behind_another_its_last_turn_is_put_back() -> None:
    history = [
        past(5, {"city": "Oulu"}, {"city": "Turku"}),
        past(6, {"city": "Espoo"}, {"city": "Oulu"}, OTHER),
        past(7, {"city": "Vaasa"}, {"city": "Espoo"}),
    ]
    undone = undo(history, {"external_id": "1", "city": "Vaasa"})
    assert fields_after(undone) == {"external_id": "1", "city": "Espoo"}


@pytest.mark.parametrize("permission", ["can_email", "can_post", "can_profile", "can_push"])
@pytest.mark.parametrize("withdrawn", [False, None])
def test_no_permission_becomes_true(permission: str, withdrawn: bool | None) -> None:
    history = [past(5, {permission: withdrawn, "city": "Oulu"}, {permission: True})]
    now = {"email": ADA, "city": "Oulu"} | ({} if withdrawn is None else {permission: withdrawn})
    undone = undo(history, now)
    assert fields_after(undone).get(permission) is withdrawn
    assert problems_of(undone) == [("permission_not_restored", 105, permission)]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ({"is_deleted": True}, "customer_is_deleted"),
        ({"is_forgotten": True}, "customer_is_forgotten"),
        ({"is_forgotten": True, "is_deleted": True}, "customer_is_forgotten"),
    ],
)
@pytest.mark.parametrize("made_it", [True, False])
def test_a_deleted_or_forgotten_customer_is_left_alone(
    state: dict[str, bool], code: str, *, made_it: bool
) -> None:
    history = [past(5, {"external_id": "1", **state}, None if made_it else {})]
    undone = undo(history, {"external_id": "1", **state})
    assert (undone.decision.outcomes, undone.decision.changes) == (["ignored"], [])
    assert undone.removed == []
    assert problems_of(undone) == [(code, 105, None)]


def test_a_suppressed_address_is_not_put_back() -> None:
    history = [past(5, {"email": BOB, "city": "Oulu"}, {"email": ADA})]
    assert find_wanted(read_traces(history, OURS).values()) == ({ADA}, set())
    now = {"email": BOB, "city": "Oulu"}
    undone = undo(history, now, UndoFacts(SCHEMA, suppressed={ADA}))
    assert fields_after(undone) == {"email": BOB}
    assert problems_of(undone) == [("suppressed_identifier", 105, "email")]


def test_an_external_id_that_another_customer_has_now_is_not_put_back() -> None:
    history = [past(5, {"external_id": None, "city": None}, {"external_id": "1", "city": "Oulu"})]
    assert find_wanted(read_traces(history, OURS).values()) == (set(), {"1"})
    undone = undo(history, {"email": ADA}, UndoFacts(SCHEMA, taken={"1"}))
    assert fields_after(undone) == {"email": ADA, "city": "Oulu"}
    assert problems_of(undone) == [("identifier_taken", 105, "external_id")]


def test_nobody_is_left_without_an_identifier() -> None:
    history = [
        past(5, {"email": BOB, "city": "Oulu"}, {"city": "Turku"}),
        past(6, {"phone_number": None}, {"phone_number": "+358401234567"}, OTHER),
    ]
    undone = undo(history, {"email": BOB, "city": "Oulu"})
    assert fields_after(undone) == {"email": BOB, "city": "Turku"}
    assert problems_of(undone) == [("last_identifier", 105, "email")]


@pytest.mark.parametrize("before", [None, {"email": ADA}])
def test_an_external_id_stays_by_which_others_may_know_the_customer(
    before: dict[str, Any] | None,
) -> None:
    history = [
        past(5, {"external_id": "1", "email": BOB}, before),
        past(6, {"city": "Espoo"}, {}, OTHER),
    ]
    undone = undo(history, {"external_id": "1", "email": BOB, "city": "Espoo"})
    assert fields_after(undone) == {"external_id": "1", "city": "Espoo", **(before or {})}
    assert problems_of(undone) == [("identifier_in_use", 105, "external_id")]


def test_an_external_id_goes_where_nobody_else_has_changed_the_customer() -> None:
    undone = undo([past(5, {"external_id": "1"}, {})], {"external_id": "1", "email": ADA})
    assert fields_after(undone) == {"email": ADA}
    assert problems_of(undone) == []


@pytest.mark.parametrize(
    ("type_name", "former", "is_fit"),
    [
        ("date", "abc", False),
        ("date", "2026-01-31", True),
        ("integer", "abc", False),
        ("integer", {"a": 1}, False),
        ("object", 5, False),
        ("string", 5, True),
        ("list", 5, True),
    ],
)
def test_a_value_that_does_not_fit_its_field_any_more_is_not_put_back(
    type_name: str, former: Any, *, is_fit: bool
) -> None:
    field = CompanyField("ACME__size", type_name, "declared", as_given=True)
    facts = UndoFacts(SCHEMA.with_company_field(field))
    history = [past(5, {"ACME__size": None, "city": "Oulu"}, {"ACME__size": former})]
    undone = undo(history, {"external_id": "1", "city": "Oulu"}, facts)
    assert fields_after(undone).get("ACME__size") == (former if is_fit else None)
    left = [] if is_fit else [("unfit_value", 105, "ACME__size")]
    assert problems_of(undone) == left


def test_customers_that_the_import_did_not_change_are_passed_over() -> None:
    assert read_traces([past(5, {"city": "Oulu"}, {}, OTHER)], OURS) == {}
