"""What the sender of an import may choose: mode, strict, keep (SPEC section 4)."""

from __future__ import annotations

import pytest

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.fields.schema import Schema
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.choices import (
    Choices,
    read_choices,
    read_keep,
)
from regulars.domain.imports.options import ImportOptions
from regulars.errors import InvalidValueError
from tests.domain.imports.choosing import ADA, BOB, ONE, TWO, decide_with
from tests.domain.imports.deciding import CONTEXT, codes_of


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
