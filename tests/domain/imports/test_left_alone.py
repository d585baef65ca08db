"""What a plan or a released import leaves alone (SPEC section 4)."""

from __future__ import annotations

import pytest

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.imports.choices import (
    Choices,
    PlannedRecord,
)
from tests.domain.imports.choosing import ADA, BOB, ONE, STORED, TWO, decide_with, fields_of
from tests.domain.imports.deciding import codes_of


def test_a_released_import_leaves_alone_each_field_that_was_written_since() -> None:
    decision = decide_with(
        Choices(left_alone_since=2),
        ONE | {"city": "Turku", "zip_code": "1", "email": BOB, "can_email": True},
        stored=(Customer(1, 4, STORED.document),),
        written={1: [(1, {"external_id", "email"}), (3, {"city"}), (4, {"email"}), (6, {"tags"})]},
    )
    assert decision.outcomes == ["updated"]
    assert [change.after for change in decision.changes] == [{"zip_code": "1"}]
    assert sorted((each.code, str(each.field)) for each in decision.problems) == [
        ("permission_without_address", "can_email"),
        ("written_since", "city"),
        ("written_since", "email"),
    ]


@pytest.mark.parametrize("operation", ["tags.add", "tags.remove"])
def test_a_released_import_leaves_alone_a_list_that_it_would_change_on_from_what_it_is(
    operation: str,
) -> None:
    decision = decide_with(
        Choices(left_alone_since=2),
        ONE | {"tags": ["vip"], operation: ["vip", "garden"]},
        stored=(Customer(1, 4, STORED.document),),
        written={1: [(1, {"external_id", "email"}), (4, {"tags"})]},
    )
    assert decision.changes == []
    assert [(each.code, each.field) for each in decision.problems] == [("written_since", "tags")]


def test_a_released_import_lists_nothing_that_the_customer_has_already() -> None:
    stored = Customer(1, 4, encode_fields({"external_id": "1", "city": "Turku"}))
    decision = decide_with(
        Choices(left_alone_since=2),
        ONE | {"city": "Turku", "gender": "", "zip_code": "1"},
        stored=(stored,),
        written={1: [(3, {"external_id", "city"}), (4, {"gender"})]},
    )
    assert [change.after for change in decision.changes] == [{"zip_code": "1"}]
    assert decision.problems == []


@pytest.mark.parametrize(
    ("planned", "version", "outcome"),
    [
        (PlannedRecord("updated", (1,)), 1, "updated"),
        (PlannedRecord("updated", (1,)), 4, "ignored"),
        (PlannedRecord("updated", (2,)), 1, "ignored"),
        (PlannedRecord("updated", (1, 2)), 1, "ignored"),
        (PlannedRecord("created", ()), 1, "ignored"),
        (PlannedRecord("rejected", ()), 1, "ignored"),
        (PlannedRecord("ignored", (1,)), 1, "ignored"),
    ],
)
def test_a_plan_is_applied_only_where_nobody_has_moved(
    planned: PlannedRecord, version: int, outcome: str
) -> None:
    stored = Customer(1, version, STORED.document)
    choices = Choices(planned={1: planned}, left_alone_since=2)
    decision = decide_with(choices, ONE | {"city": "Turku"}, stored=(stored,))
    assert decision.outcomes == [outcome]
    assert codes_of(decision) == (["customer_moved"] if outcome == "ignored" else [])
    assert bool(decision.changes) is (outcome == "updated")


def test_ids_of_a_plan_stay_right_where_somebody_is_not_made() -> None:
    planned = {
        1: PlannedRecord("created", ()),
        2: PlannedRecord("created", ()),
        3: PlannedRecord("updated", (3,)),
        4: PlannedRecord("updated", (2,)),
    }
    decision = decide_with(
        Choices(planned=planned, left_alone_since=2),
        ONE,  # now somebody has this external_id
        TWO,
        TWO | {"city": "Turku"},
        ONE | {"city": "Turku"},
        stored=(Customer(1, 4, STORED.document),),
    )
    assert decision.outcomes == ["ignored", "created", "updated", "ignored"]
    assert fields_of(decision, 3) == {"external_id": "2", "city": "Turku"}


@pytest.mark.parametrize("outcome", ["rejected", "ignored", "updated"])
def test_a_plan_makes_nobody_whom_it_did_not_show(outcome: str) -> None:
    planned = {1: PlannedRecord(outcome, ()), 2: PlannedRecord(outcome, ())}  # type: ignore[arg-type]
    choices = Choices(planned=planned, left_alone_since=2)
    decision = decide_with(choices, TWO, TWO | {"is_forgotten": True})
    assert decision.outcomes == ["ignored", "ignored"]
    assert decision.customers == []


def test_a_planned_forget_request_for_nobody_is_carried_out() -> None:
    planned = {1: PlannedRecord("ignored", ())}
    choices = Choices(planned=planned, left_alone_since=2)
    decision = decide_with(choices, {"email": BOB, "is_forgotten": True})
    assert decision.suppressed == {BOB}
    assert codes_of(decision) == ["no_such_customer"]


def test_what_each_record_meant_is_told() -> None:
    decision = decide_with(Choices(), ONE, TWO, 5, {"email": ADA})
    assert decision.meant == [(1,), (), (), (1,)]
