"""What one uploaded object says: names of keys, values, operations and company fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.customers.customer import encode_fields
from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.imports.deciding import read_records

ONE = {"external_id": "1"}


def problems_of(record: object, *, field_limit: int = 300) -> list[tuple[str, str | None]]:
    (read,) = read_records(record, field_limit=field_limit)
    return [(problem.code, problem.field) for problem in read.problems]


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        ({" First_Name ": " Ada "}, {"first_name": "Ada"}),
        ({"city": None}, {}),
        ({"city": " "}, {"city": REMOVE}),
        ({"EXTERNAL_ID ": "1", "canonical_id": 7}, {"canonical_id": "7"}),
        ({"city": "Espoo", "CITY": "Turku"}, {"city": "Turku"}),
        ({"CITY": "Turku", "city": ""}, {"city": REMOVE}),
        # Of equal keys the last counts, even where it says nothing or the first is unreadable.
        ({"city": "Espoo", "City": None}, {}),
        ({"email": "bad", "EMAIL": "ada@example.org"}, {"email": "ada@example.org"}),
        ({"_record": 7, "_problem": "x", "_field": "y", "_suggestion": "z"}, {}),
        ({"is_deleted": "no", "is_forgotten": ""}, {}),
    ],
)
def test_keys_say_what_changes(record: dict[str, object], changes: dict[str, object]) -> None:
    (read,) = read_records({**ONE, **record})
    assert read.changes == {**ONE, **changes}
    assert read.problems == []


@pytest.mark.parametrize(
    ("record", "problems"),
    [
        (5, [("malformed_record", None)]),
        (["external_id"], [("malformed_record", None)]),
        ({}, [("no_identifier", None)]),
        (ONE | {"state": "FI"}, [("unknown_field", "state")]),
        (ONE | {"state": None}, []),
        (ONE | {"a\x00b\ud800": 1}, [("unknown_field", "a?b?")]),
        (ONE | {"x" * 1000: 1}, [("unknown_field", "x" * 100)]),
        (ONE | {"acme__": 1}, [("bad_field_name", "acme__")]),
        (ONE | {"acme__9": 1}, [("bad_field_name", "acme__9")]),
        (ONE | {"acme__9.add": "x"}, [("bad_field_name", "ACME__9")]),
        (ONE | {"tags.toggle": "x"}, [("bad_operation", "tags")]),
        (ONE | {"city.add": "x"}, [("bad_operation", "city")]),
        (ONE | {"tags.add": 7}, [("wrong_type", "tags")]),
        (ONE | {"tags": 7, "tags.add": {}}, [("wrong_type", "tags")]),
        (ONE | {"email": "x", "EMAIL": "ada@example.org"}, []),
        (
            ONE | {"email": "x", "can_email": True},
            [("bad_email", "email"), ("permission_without_address", "can_email")],
        ),
        # A refused operation says nothing of the address.
        (ONE | {"email.add": "x", "can_email": True}, [("bad_operation", "email")]),
        (ONE | {"email": "x", "can_email": False}, [("bad_email", "email")]),
        (
            ONE | {"phone_number": "12", "country": "FI", "can_sms": True},
            [("bad_phone_number", "phone_number"), ("permission_without_address", "can_sms")],
        ),
    ],
)
def test_what_cannot_be_read_is_a_problem(
    record: object, problems: list[tuple[str, str | None]]
) -> None:
    assert problems_of(record) == problems


@pytest.mark.parametrize(
    ("values", "type_name", "problems"),
    [
        # At first sight.
        ([True], "boolean", []),
        ([7], "integer", []),
        ([2**70], "number", []),
        ([7.5], "number", []),
        (["7"], "string", []),
        ([[]], "list", []),
        ([{"a": 1}], "object", []),
        ([None], None, []),
        ([" "], None, []),
        ([OutOfRange()], None, ["wrong_type"]),
        ([[["x"]]], None, ["wrong_type"]),
        # Widening, as far as needed.
        ([7, "8"], "integer", []),
        ([7, 7.5], "number", []),
        ([7, "gold"], "string", []),
        ([7, ["gold"]], "list", []),
        ([True, "yes"], "boolean", []),
        ([True, 7], "string", []),
        (["gold", ["silver"]], "list", []),
        (["gold", True], "string", []),
        ([["gold"], 7], "list", []),
        # Objects share a field with nothing.
        ([{"a": 1}, "x"], "object", ["wrong_type"]),
        ([7, {"a": 1}], "integer", ["wrong_type"]),
        ([7, [["x"]]], "integer", ["wrong_type"]),
        (["x", "y" * 10_001], "string", ["too_long"]),
        (["x", "\ud800"], "string", ["bad_text"]),
    ],
)
def test_a_company_field_has_the_narrowest_type_that_reads_all(
    values: list[object], type_name: str | None, problems: list[str]
) -> None:
    reads = read_records(*({**ONE, "Acme__Level": value} for value in values))
    field = reads[-1].schema.find("ACME__LEVEL")
    assert (field and field.type) == type_name
    assert [problem.code for read in reads for problem in read.problems] == problems
    assert field is None or field.name == "ACME__Level"


@pytest.mark.parametrize(
    ("record", "type_name", "codes"),
    [
        ({"acme__a.add": "x"}, "list", []),
        ({"acme__a.add": []}, "list", []),
        ({"acme__a.add": ""}, None, []),
        ({"acme__a.add": None}, None, []),
        ({"acme__a.add": 7}, None, ["wrong_type"]),
        ({"acme__a.add": [["x"]]}, None, ["wrong_type"]),
        ({"acme__a.toggle": "x"}, None, ["bad_operation"]),
        ({"acme__a": 7, "acme__a.add": "x"}, "integer", ["bad_operation"]),
        # Operations come after plain values, whatever the order of the keys.
        ({"acme__a.add": "x", "acme__a": 7}, "integer", ["bad_operation"]),
        ({"acme__a.add": "x", "acme__a": ["y"]}, "list", []),
    ],
)
def test_an_operation_declares_a_list(
    record: dict[str, object], type_name: str | None, codes: list[str]
) -> None:
    (read,) = read_records({**ONE, **record})
    field = read.schema.find("acme__a")
    assert (field and field.type) == type_name
    assert [problem.code for problem in read.problems] == codes


def test_of_two_spellings_of_an_operation_the_last_counts() -> None:
    (read,) = read_records({**ONE, "tags.add": "a", "TAGS.Add": "b", "tags .add": ["c"]})
    assert read.operations == [("tags", "add", ["c"])]


def test_an_empty_external_id_is_not_supplied() -> None:
    (read,) = read_records({"external_id": " ", "email": "ada@example.org"})
    assert read.external_id is None
    assert read.changes == {"email": "ada@example.org"}


@pytest.mark.parametrize("bad", [{"a": "x\x00"}, {"a": ["\ud800"]}, {"\x00": 1}, ["\x00"]])
def test_bad_text_in_an_object_or_a_list_is_told_as_such(bad: object) -> None:
    good = {"a": 1} if isinstance(bad, dict) else ["a"]
    for before in ([], [{**ONE, "acme__a": good}]):
        read = read_records(*before, {**ONE, "acme__a": bad})[-1]
        assert [(each.code, each.field) for each in read.problems] == [("bad_text", "ACME__a")]


def test_a_widened_field_reads_the_rest_of_the_import() -> None:
    reads = read_records(*({**ONE, "acme__a": value} for value in (1, "x", 2)))
    assert [read.changes["ACME__a"] for read in reads] == [1, "x", 2]
    assert [read.schema.fields["acme__a"].type for read in reads] == ["integer", *["string"] * 2]


def test_a_company_has_no_more_fields_than_its_limit() -> None:
    record = {**ONE, "acme__a": 1, "acme__b": 2, "acme__c.add": "x", "acme__d": None}
    assert problems_of(record, field_limit=1) == [
        ("too_many_fields", "ACME__b"),
        ("too_many_fields", "ACME__c"),
    ]


def test_keys_of_a_hostile_file_are_not_remembered() -> None:
    reads = read_records({f"k{number}": 1 for number in range(100_000)} | ONE)
    assert len(reads[0].problems) == 100_000


# Any JSON at all

TEXTS = st.text(alphabet=st.characters(exclude_categories=()), max_size=8)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.sampled_from([OutOfRange(), 10**399, "1" * 5000, "040 123 4567", "", "a\0", "\ud800"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [field.name for field in BUILTIN_FIELDS]
    + ["acme__a", "ACME__b", "acme__a.add", "tags.add", "mailing_lists.remove", "acme__", "."]
)
KEYS = st.one_of(
    NAMES,
    NAMES.map(str.upper),
    TEXTS,
    TEXTS.map("acme__{}".format),
    TEXTS.map("tags.{}".format),
    TEXTS.map("{}.add".format),
)


@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=6) | VALUES, max_size=4))
def test_reading_never_raises_and_what_is_read_can_be_stored(given_records: list[object]) -> None:
    for read in read_records(*given_records):
        kept = {name: value for name, value in read.changes.items() if value is not REMOVE}
        assert encode_fields(kept)
        for problem in read.problems:
            assert problem.kind.message
            assert "\0" not in (problem.field or "").encode().decode()


@pytest.mark.parametrize("key", ["ada@example.org", " +358401234567", "040 123 4567", "(09)123456"])
def test_a_value_of_a_person_in_the_place_of_a_name_is_not_shown(key: str) -> None:
    assert problems_of(ONE | {key: "x"}) == [("unknown_field", "(not shown)")]


@pytest.mark.parametrize("key", ["address_20240101", "1", "tel: 040 123 4567"])
def test_a_name_with_digits_in_it_is_shown(key: str) -> None:
    assert problems_of(ONE | {key: "x"}) == [("unknown_field", key)]
