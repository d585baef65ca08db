"""What the sender of an import may choose: mode, strict, keep; and what is left alone (SPEC 4)."""

from __future__ import annotations

import pytest

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.fields.schema import Schema
from regulars.domain.identity.register import Facts
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.choices import (
    Choices,
    ChoosingDecider,
    PlannedDecision,
    PlannedRecord,
    read_choices,
    read_keep,
)
from regulars.domain.imports.decision import Position
from regulars.domain.imports.options import ImportOptions
from regulars.errors import InvalidValueError
from tests.domain.imports.deciding import CONTEXT, codes_of, read_records

ADA = "ada@example.org"
BOB = "bob@example.org"
ONE = {"external_id": "1"}
TWO = {"external_id": "2"}
STORED = Customer(
    1, 1, encode_fields({"external_id": "1", "email": ADA, "city": "Espoo", "tags": ["vip"]})
)


def decide_with(
    choices: Choices,
    *given: object,
    stored: tuple[Customer, ...] = (STORED,),
    written: dict[int, list[tuple[int, set[str]]]] | None = None,
    suppressed: frozenset[str] = frozenset(),
) -> PlannedDecision:
    """What records do to the stored customers, whose versions go up to 5."""
    records = read_records(*given)
    addresses = {
        address for each in records for address in (each.email, each.phone_number) if address
    }
    facts = Facts(
        customers={customer.id: customer for customer in stored},
        holders_known=addresses,
        suppressed={address: address in suppressed for address in addresses},
        former_addresses={customer.id: set() for customer in stored},
        written={customer.id: [] for customer in stored} | (written or {}),
        no_suppressions=not suppressed,
    )
    decider = ChoosingDecider(
        facts, Position(len(stored), 5, len(stored)), 5, 100, lambda _: "hash", choices=choices
    )
    decision = decider.decide_all(records)
    assert isinstance(decision, PlannedDecision)
    assert not decision.missing
    return decision


def fields_of(decision: PlannedDecision, number: int = 1) -> dict[str, object]:
    (found,) = (customer.fields for customer in decision.customers if customer.id == number)
    return dict(found)


@pytest.mark.parametrize(
    ("mode", "records", "outcomes", "codes"),
    [
        ("upsert", [ONE, TWO], ["unchanged", "created"], []),
        ("create", [ONE, TWO], ["ignored", "created"], ["customer_exists"]),
        ("create", [TWO, TWO], ["created", "ignored"], ["customer_exists"]),
        ("create", [{"email": ADA}], ["ignored"], ["customer_exists"]),
        ("create", [ONE | {"is_forgotten": True}], ["ignored"], ["customer_exists"]),
        ("create", [{"city": "Espoo"}], ["rejected"], ["no_identifier"]),
        ("update", [ONE | {"city": "Turku"}], ["updated"], []),
        ("update", [TWO, TWO], ["ignored", "ignored"], ["no_such_customer", "no_such_customer"]),
        ("update", [TWO | {"is_deleted": True}], ["ignored"], ["no_such_customer"]),
        ("update", [TWO | {"is_forgotten": True}], ["ignored"], ["no_such_customer"]),
        (
            "create",
            [ONE | {"is_deleted": True}, TWO | {"is_deleted": True}],
            ["ignored", "created"],
            ["customer_exists"],
        ),
    ],
)
def test_a_mode_says_which_records_apply(
    mode: str, records: list[object], outcomes: list[str], codes: list[str]
) -> None:
    decision = decide_with(Choices(mode=mode), *records)  # type: ignore[arg-type]
    assert decision.outcomes == outcomes
    assert codes_of(decision) == codes


def test_a_forget_request_for_nobody_suppresses_even_where_nobody_is_made() -> None:
    forget = TWO | {"email": BOB, "is_forgotten": True}
    decision = decide_with(Choices(mode="update"), forget)
    assert decision.suppressed == {BOB}
    assert decision.customers == []


@pytest.mark.parametrize(
    ("record", "outcome", "codes"),
    [
        (ONE | {"city": "Turku"}, "updated", []),
        (ONE | {"city": "Turku", "birth_date": "soon"}, "rejected", ["bad_date"]),
        (ONE | {"city": "Turku", "state": "FI"}, "rejected", ["unknown_field"]),
        (TWO | {"birth_date": "soon"}, "rejected", ["bad_date"]),
        # Only the customer's country tells that this is no number.
        (ONE | {"phone_number": "07757 138957"}, "rejected", ["bad_phone_number"]),
        (TWO | {"phone_number": "07757 138957"}, "rejected", ["bad_phone_number"]),
        (
            ONE | {"email": BOB, "can_email": True},
            "rejected",
            ["suppressed_identifier", "permission_without_address"],
        ),
        (ONE | {"is_forgotten": True, "email": "at home"}, "rejected", ["bad_email"]),
        # What is ignored anyway stays so.
        (TWO | {"email": BOB}, "ignored", ["suppressed_identifier"]),
        ({"email": "c@example.org", "is_deleted": True, "x": 1}, "ignored",
         ["unknown_field", "no_such_customer"]),
    ],
)  # fmt: skip
def test_strict_rejects_a_record_with_a_warning(
    record: object, outcome: str, codes: list[str]
) -> None:
    decision = decide_with(Choices(is_strict=True), record, suppressed=frozenset({BOB}))
    assert decision.outcomes == [outcome]
    assert codes_of(decision) == codes
    assert bool(decision.changes) is (outcome == "updated")


def test_strict_applies_to_none_of_several_customers_what_one_of_them_cannot_take() -> None:
    both = (
        Customer(1, 1, encode_fields({"external_id": "1", "email": ADA, "country": "GB"})),
        Customer(2, 2, encode_fields({"external_id": "2", "email": ADA})),
    )
    record = {"email": ADA, "phone_number": "07757 138957"}
    decision = decide_with(Choices(is_strict=True), record, stored=both)
    assert decision.outcomes == ["rejected"]
    assert decision.changes == []


@pytest.mark.parametrize(
    ("keep", "record", "after"),
    [
        # What the customer has already, and more of it.
        ("tags", {"tags": ["vip"], "tags.add": "garden"}, None),
        ("tags", {"tags": ["vip"], "tags.remove": "vip"}, None),
        ("city", {"city": "Turku", "zip_code": "1"}, {"zip_code": "1"}),
        ("city", {"city": "", "zip_code": "1"}, {"zip_code": "1"}),
        ("city", {"city": "Turku"}, None),
        ("zip_code", {"zip_code": "1"}, {"zip_code": "1"}),
        ("tags", {"tags": ["new"]}, None),
        ("tags", {"tags.add": ["new"]}, None),
        ("tags", {"tags.remove": ["vip"]}, None),
        ("mailing_lists", {"mailing_lists.add": ["a"]}, {"mailing_lists": ["a"]}),
        ("can_email", {"can_email": False}, {"can_email": False}),
        # A permission for an address that is not taken over is not for the one that stays.
        ("email", {"email": BOB, "can_email": True}, None),
        ("email", {"email": BOB, "can_email": False}, {"can_email": False}),
        ("email", {"email": ADA, "can_email": True}, {"can_email": True}),
    ],
)
def test_keep_leaves_alone_what_the_customer_has(
    keep: str, record: dict[str, object], after: dict[str, object] | None
) -> None:
    decision = decide_with(Choices(keep=frozenset({keep})), ONE | record)
    assert [change.after for change in decision.changes] == ([] if after is None else [after])
    assert decision.problems == []


def test_keep_passes_over_a_number_that_it_would_not_take() -> None:
    stored = Customer(1, 1, encode_fields({"external_id": "1", "phone_number": "+358401234567"}))
    choices = Choices(is_strict=True, keep=frozenset({"phone_number"}))
    decision = decide_with(choices, ONE | {"phone_number": "07757 138957"}, stored=(stored,))
    assert decision.outcomes == ["unchanged"]


def test_a_keep_list_names_fields_of_the_company() -> None:
    schema = Schema("acme", CONTEXT)
    assert read_keep(schema, " City,email,CITY ") == ("city", "email")
    for text in ("", "city,", "city,a b@example.org", "ACME__", "acme__1"):
        with pytest.raises(InvalidValueError, match="there is no field"):
            read_keep(schema, text)
    with pytest.raises(InvalidValueError, match=r"^keep: there is no field nope$"):
        read_keep(schema, "city, nope")
    with pytest.raises(InvalidValueError, match=r"^keep: there is no field of one of these names$"):
        read_keep(schema, "city,a b@example.org")


def test_a_keep_list_names_fields_that_no_record_has_declared_yet() -> None:
    schema = Schema("acme", CONTEXT)
    keep = read_keep(schema, "city,acme__Tier")
    assert keep == ("city", "ACME__Tier")
    decision = decide_with(
        Choices(keep=frozenset(keep)), ONE | {"ACME__tier": "gold"}, ONE | {"acme__TIER": "silver"}
    )
    assert [change.after.get("ACME__tier") for change in decision.changes] == ["gold"]


def test_an_import_without_choices_has_none() -> None:
    form = BodyForm("json")
    assert read_choices(ImportOptions(form)) is None
    assert read_choices(ImportOptions(form, keep=("city",))) == Choices(keep=frozenset({"city"}))


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
