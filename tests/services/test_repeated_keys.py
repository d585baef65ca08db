"""Of two equal keys the last counts, however they are spelled (SPEC section 3)."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.reading_process import read_in_process
from regulars.services.record_reading import read_records
from regulars.store.identifier_key import IdentifierHashes

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Format

SECRET: Final = b"a secret of thirty-two characters"
pairs = st.lists(
    st.tuples(
        st.sampled_from(["city", "City", " CITY", "gender", "Gender"]),
        st.sampled_from(["one", "two", "three", None, 7, {"city": 1, "CITY": 2}, "\ud800"]),
    ),
    max_size=6,
)


def make_schema() -> Schema:
    return Schema("acme", ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"))


def write(*pairs: tuple[str, object], body_format: Format = "ndjson") -> io.BytesIO:
    """A body of one record with these keys, repeated ones too."""
    items = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in pairs]
    text = f"{{{', '.join(items)}}}"
    return io.BytesIO((text if body_format == "ndjson" else f"[{text}]").encode())


@pytest.mark.parametrize("body_format", ["json", "ndjson"])
@given(pairs=pairs)
def test_the_last_of_equal_keys_counts(
    body_format: Format, pairs: list[tuple[str, object]]
) -> None:
    pairs = [("external_id", "1"), *pairs]
    options = ImportOptions(BodyForm(body_format))
    meant = {key.strip().lower(): (key, value) for key, value in pairs}
    (read,) = read_records(
        write(*pairs, body_format=body_format), options, make_schema(), SECRET, 0
    )
    (wanted,) = read_records(
        write(*meant.values(), body_format=body_format), options, make_schema(), SECRET, 0
    )
    assert read.changes == wanted.changes
    assert read.problems == wanted.problems


def test_it_counts_too_where_keys_are_read_as_others_and_in_a_process_of_its_own() -> None:
    one = [("external_id", "1")]
    body = [("ort", "one"), ("City", "two"), ("plats", "x"), ("ort", "three"), ("state", 1)]
    keys = (("ort", "city"), ("plats", "city"), ("state", ""))
    options = ImportOptions(BodyForm("ndjson", keys=keys))
    (read,) = read_records(write(*one, *body), options, make_schema(), SECRET, 0)
    assert read.changes == {"external_id": "1", "city": "three"}

    plain, schema = ImportOptions(BodyForm("ndjson")), make_schema()
    repeated = write(*one, ("city", "one"), ("City", "two"), ("city", "three"))
    with read_in_process(repeated, plain, schema, 0, IdentifierHashes(SECRET)) as records:
        (read,) = records
    assert read.changes == {"external_id": "1", "city": "three"}
