from __future__ import annotations

import contextlib
import json
import pickle
from typing import Final

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from regulars.domain.fields.types import (
    EXTERNAL_ID,
    FIELD_TYPES,
    REMOVE,
    FieldType,
    OutOfRange,
    Unreadable,
)
from tests.domain.fields.types.answers import Refused, answer, assert_answer, reader_of

ALL_TYPES: Final = [*FIELD_TYPES.values(), EXTERNAL_ID]
ALL_NAMES: Final = [field_type.name for field_type in ALL_TYPES]

# Text near what the types read, and text near nothing.
TEXTS: Final = st.one_of(
    st.text(max_size=30),
    st.text(alphabet=" 0123456789+-/.:TZteE", max_size=25),
    st.emails(),
    st.datetimes().map(str),
    st.dates().map(str),
    st.from_regex(r"\+?(?:358|44|1|39)[0-9 ()-]{6,12}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{2,3}(?:[-_][A-Z]{2})?", fullmatch=True),
    st.sampled_from(["true", "NO", "fin", "EN", "02/29", "\u0130@example.org", "A\u030a", "\0"]),
    st.characters(categories=["Cs", "Mn", "Zs"]),
)
SCALARS: Final = st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.just(OutOfRange()))
VALUES: Final = st.one_of(
    SCALARS,
    st.lists(st.none() | SCALARS, max_size=4),
    st.recursive(
        st.none() | SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ).filter(lambda value: value is not None),
)


@pytest.mark.parametrize("name", ALL_NAMES)
@given_examples(value=VALUES)
def test_a_reader_answers_or_refuses_and_reads_its_answer_as_itself(
    name: str, value: object
) -> None:
    reader = reader_of(name)
    found = answer(reader, value)
    if not isinstance(found, Refused) and found is not REMOVE:
        assert_answer(reader, found, found)


@pytest.mark.parametrize("name", ALL_NAMES)
@pytest.mark.parametrize("text", ["a\0b", "\0", "a\ud800", "\udc00b", "2015-08-28\0", "äiti\ud83d"])
def test_text_that_no_store_can_hold_is_bad_text(name: str, text: str) -> None:
    code = "bad_external_id" if name == "external_id" else "bad_text"
    assert_answer(reader_of(name), text, Refused(code))


@pytest.mark.parametrize("name", ALL_NAMES)
@pytest.mark.parametrize("text", ["", " ", "\t\r\n", "\u00a0\u3000"])
def test_an_empty_string_asks_to_remove_the_key(name: str, text: str) -> None:
    assert_answer(reader_of(name), text, REMOVE)


@pytest.mark.parametrize("field_type", ALL_TYPES, ids=ALL_NAMES)
def test_a_number_that_json_cannot_hold_is_refused_with_the_types_own_code(
    field_type: FieldType,
) -> None:
    for value in (OutOfRange(), 10**5000, float("inf"), float("-inf"), float("nan")):
        assert_answer(reader_of(field_type.name), value, Refused(field_type.problem_code))


@pytest.mark.parametrize("field_type", ALL_TYPES, ids=ALL_NAMES)
def test_the_documented_example_is_read_as_itself(field_type: FieldType) -> None:
    value: object = field_type.example
    if field_type.name not in {"string", "external_id"}:
        with contextlib.suppress(ValueError):
            value = json.loads(field_type.example)
    assert_answer(reader_of(field_type.name), value, value)
    assert field_type.accepts.endswith(".")


def test_the_types_are_those_of_the_specification() -> None:
    assert list(FIELD_TYPES) == [
        "string",
        "email",
        "phone_number",
        "boolean",
        "integer",
        "number",
        "money",
        "date",
        "datetime",
        "day_of_year",
        "country_code",
        "language_code",
        "list",
        "set",
        "object",
    ]


def test_remove_stays_one_object_when_it_goes_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(REMOVE)) is REMOVE  # noqa: S301 - our own bytes
    assert repr(REMOVE) == "REMOVE"


def test_a_refusal_carries_its_code_and_nothing_else() -> None:
    refusal = Unreadable("bad_email")
    assert (refusal.code, str(refusal)) == ("bad_email", "bad_email")
