"""Which fields the columns of a file are guessed to be, and what they may become."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.column_mapping import (
    find_repeated,
    guess_columns,
    has_identifier,
    propose_field,
    read_key,
)
from regulars.domain.imports.column_names import FIELD_OF_NAME, fold_name

OWN = [
    CompanyField("ACME__shoe_size", "integer", "declared", as_given=False),
    CompanyField("ACME__hobbies", "set", "declared", as_given=False),
]
SCHEMA = Schema("acme", ReadingContext(ZoneInfo("UTC"), "FI"), OWN)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("E-mail", "email"),
        ("Sähköposti", "email"),
        ("SÄHKÖPOSTIOSOITE ", "email"),
        ("e-postadress", "email"),
        ("Förnamn", "first_name"),
        ("etunimi", "first_name"),
        ("Vorname", "first_name"),
        ("Nachname", "last_name"),
        ("Postleitzahl", "zip_code"),
        ("PLZ", "zip_code"),
        ("postinumero", "zip_code"),
        ("Mobile", "phone_number"),
        ("Handy", "phone_number"),
        ("puh.", "phone_number"),
        ("Customer Number", "external_id"),
        ("Kd.-Nr.", "external_id"),
        ("First_Name", "first_name"),
        ("Date of birth", "birth_date"),
        ("tags.add", "tags.add"),
        ("Mailing_Lists.Remove", "mailing_lists.remove"),
        ("shoe size", "ACME__shoe_size"),
        ("acme__new_one", "ACME__new_one"),
        ("ACME__hobbies.add", "ACME__hobbies.add"),
        ("tags.replace", ""),
        ("city.add", ""),
        ("_customer", "_customer"),
        ("_record", ""),
        ("Muistiinpano", ""),
        ("", ""),
    ],
)
def test_a_column_is_guessed_from_its_name(name: str, key: str) -> None:
    assert guess_columns(SCHEMA, [name]) == [key]


def test_no_field_is_guessed_twice_and_its_own_name_comes_first() -> None:
    assert guess_columns(SCHEMA, ["E-mail", "email", "mail", "Tel", "Mobile"]) == [
        "", "email", "", "phone_number", "",
    ]  # fmt: skip


def test_a_street_without_a_column_for_its_number_is_an_address() -> None:
    assert guess_columns(SCHEMA, ["Straße"]) == ["street_address"]
    assert guess_columns(SCHEMA, ["Straße", "Hausnummer"]) == ["street_name", "house_number"]


def test_every_spelling_means_a_field_and_none_is_a_field_of_another_name() -> None:
    names = {field.name for field in BUILTIN_FIELDS}
    assert set(FIELD_OF_NAME.values()) <= names
    own = {fold_name(name): name for name in names}
    assert all(own.get(folded, field) == field for folded, field in FIELD_OF_NAME.items())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("EMAIL", "email"),
        ("", ""),
        ("acme__x", "ACME__x"),
        ("ACME__1x", None),
        ("OTHER__x", None),
        ("nothing", None),
        ("email.add", None),
        ("tags.explode", None),
        ("ACME__shoe_size.add", None),
        ("acme__later.remove", "ACME__later.remove"),
    ],
)
def test_a_choice_is_a_field_or_none(text: str, key: str | None) -> None:
    assert read_key(SCHEMA, text) == key


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Kenkäkoko", "ACME__kenkakoko"),
        ("Shoe size (EU)", "ACME__shoe_size_eu"),
        ("2024", "ACME__column_2024"),
        ("???", "ACME__column"),
        ("x" * 200, "ACME__" + "x" * 60),
    ],
)
def test_a_new_field_is_proposed_that_can_be_made(name: str, proposed: str) -> None:
    assert propose_field(SCHEMA, name) == proposed
    assert read_key(SCHEMA, proposed) == proposed


def test_what_is_wrong_with_a_mapping_is_found() -> None:
    assert find_repeated(["email", "", "", "Email", "city"]) == {"email"}
    assert has_identifier(["city", "Email"])
    assert not has_identifier(["city", "", "tags.add"])
