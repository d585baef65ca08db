"""The file of rejected records can be mended and sent again as it is (SPEC section 4)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.imports.rejected import write_rejected
from regulars.domain.imports.sources import BodyForm, open_records
from regulars.domain.records.problem import Problem
from tests.domain.imports.bodies import LIMIT, read_body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.imports.body_form import Format

BAD_ID = Problem("bad_external_id", 3, "external_id")
NO_ID = Problem("no_identifier", 3)
MALFORMED = Problem("malformed_record", 3)
TOO_LARGE = Problem("record_too_large", 3)


def write(
    body_format: Format, *kept: tuple[bytes | None, list[Problem]], header: Sequence[str] = ()
) -> bytes:
    numbered = ((number, content, problems) for number, (content, problems) in enumerate(kept, 1))
    return b"".join(write_rejected(BodyForm(body_format), header, numbered))


def objects(body_format: Format, *kept: tuple[bytes | None, list[Problem]]) -> list[Any]:
    return read_body(write(body_format, *kept), body_format)


@pytest.mark.parametrize("body_format", ["json", "ndjson"])
def test_a_record_has_what_was_wrong_beside_it(body_format: Format) -> None:
    (first,) = objects(body_format, (b'{"external_id":"a b","n":1.50}', [BAD_ID, NO_ID]))
    assert first["external_id"] == "a b"
    assert first["_record"] == 1
    assert first["_problem"].startswith("bad_external_id: ")
    assert "; no_identifier: " in first["_problem"]
    assert first["_field"] == "external_id"
    assert first["_suggestion"]


@pytest.mark.parametrize("body_format", ["json", "ndjson"])
@pytest.mark.parametrize(
    "content",
    [b"17", b'"x"', b"[1]", b"null", b"{", b'{"a":\xff}', b"", b'"\\ud800"', b"1e400", b'{"a":1}}'],
)
def test_what_is_no_object_still_gives_a_sound_file(body_format: Format, content: bytes) -> None:
    good = b'{"external_id":"1"}'
    read = objects(body_format, (good, [NO_ID]), (content, [MALFORMED]), (good, [NO_ID]))
    assert [record["_record"] for record in read] == [1, 2, 3]
    assert all(isinstance(record, dict) for record in read)


@pytest.mark.parametrize("body_format", ["json", "ndjson"])
@pytest.mark.parametrize(
    "content", [b'{"a":1e400}', b'{"a":"\\ud800" } ', b'{"a":' + b"9" * 500 + b"}"]
)
def test_what_only_a_lenient_reader_takes_stays_as_it_was(
    body_format: Format, content: bytes
) -> None:
    written = write(body_format, (content, [NO_ID]))
    assert content.strip()[:-1].strip() in written
    (record,) = read_body(written, body_format)
    assert isinstance(record, dict)
    assert record["_record"] == 1


def test_the_notes_of_an_earlier_file_are_replaced() -> None:
    (record,) = objects("json", (b'{"_record":99,"_Problem ":"old","a":1}', [NO_ID]))
    assert (record["_record"], record["a"], "_Problem " in record) == (1, 1, False)


def test_a_record_that_was_not_kept_has_only_its_notes() -> None:
    (record,) = objects("ndjson", (None, [TOO_LARGE]))
    assert set(record) == {"_record", "_problem", "_field", "_suggestion"}


def test_without_records_the_file_is_still_one() -> None:
    assert objects("json") == []
    assert objects("ndjson") == []
    assert write("csv", header=("email",)).startswith(b"email,_record,")


def test_csv_has_four_columns_more() -> None:
    header = ("external_id", "_RECORD", "city")
    body = write(
        "csv",
        (b'["a b","7","=1"]', [BAD_ID]),
        (b'["a b"]', [BAD_ID]),
        (b'["a b","7","c","d"]', [MALFORMED]),
        (None, [TOO_LARGE]),
        header=header,
    )
    rows = list(csv.DictReader(io.StringIO(body.decode(), newline=""), restkey="more"))
    assert [row["_record"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["city"] for row in rows] == ["'=1", "", "c", ""]
    assert [row.get("more") for row in rows] == [None, None, ["d"], None]
    assert rows[0]["_field"] == "external_id"
    assert "_RECORD" not in rows[0]


contents = st.lists(
    st.text(st.sampled_from("ab ,;\"'\r\n=+-1\xe4"), max_size=5), min_size=1, max_size=3
)


@given(st.lists(contents, max_size=5))
def test_the_file_is_read_as_the_body_was(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["email", "city", "tags"], *rows])
    first = open_records(
        io.BytesIO(out.getvalue().encode()), BodyForm("csv"), unpacked_bytes_limit=LIMIT
    )
    found = list(first)
    kept = ((number, first.original(row), [NO_ID]) for number, row in enumerate(found, 1))
    body = b"".join(write_rejected(BodyForm("csv"), first.header, kept))
    again = open_records(io.BytesIO(body), BodyForm("csv"), unpacked_bytes_limit=LIMIT)
    notes = {"_record", "_problem", "_field", "_suggestion"}
    for row, written in zip(found, again, strict=True):
        record, before = again.decode(written), first.decode(row)
        assert isinstance(record, dict)
        assert {name: record[name] for name in record if name not in notes} == before
