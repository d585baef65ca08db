"""JSON bodies cut apart while they stream: whatever the pieces, the records are the same."""

from __future__ import annotations

import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regulars.domain.imports.sources import RECORD_BYTES_LIMIT, RefusedRecord, check_records
from regulars.domain.imports.sources.byte_window import ByteWindow
from regulars.domain.imports.sources.json_records import JsonRecords
from regulars.domain.imports.sources.json_scanner import SPACE, skip_value
from regulars.errors import MalformedBodyError
from tests.domain.imports.bodies import dribble, open_body, read_body
from tests.domain.imports.streams import Repeated, peak_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

TOO_LARGE = RefusedRecord("record_too_large")

# Bits of which JSON, and what looks like it, is made.
BITS = [
    *'{}[],:"', "\\", "},{", "}, {", '"customers":', '"a"', '"},{"', "\\u00e4", "\\ud800", "\\x",
    "0", "-1.5e+3", "01", "-", "1e400", "true", "null", "nul", " ", "\n", "\t", "\0", "\u00e4",
    "[]", "{}", '{"a":1}', '{"a":[{"b":{}},{"b":[1,"},{"]}]}', '"x', "NaN",
]  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["},{", '"},{"', "\\", "[", "\ud800"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=4),
    max_leaves=12,
)  # fmt: skip
chunks = st.integers(1, 50)


def stdlib_says(text: str) -> bool:
    """Whether the standard library takes a text as JSON (RFC 8259)."""

    def refuse(name: str) -> None:
        raise ValueError(name)

    try:
        json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
    except ValueError:
        return False
    return True


def scans(text: str, chunk_bytes: int) -> bool:
    """Whether the scanner takes a text as JSON."""
    try:
        window = ByteWindow(io.BytesIO(text.encode()), chunk_bytes)
        window.skip(SPACE)
        skip_value(window, 0)
        window.skip(SPACE)
    except MalformedBodyError:
        return False
    return window.peek() == b""


def read_in_chunks(body: bytes, chunk_bytes: int) -> list[object]:
    records = JsonRecords(io.BytesIO(body), chunk_bytes)
    return [records.decode(given) for given in records]


@given(st.lists(st.sampled_from(BITS), max_size=20).map("".join), chunks)
@example('{"a":1,"b":[1,2', 3)
@example("[1.]", 2)
@example('"\\u12', 4)
def test_the_scanner_takes_what_the_standard_library_takes(text: str, chunk: int) -> None:
    assert scans(text, chunk) == stdlib_says(text)


@given(values, chunks, st.sampled_from([None, 1]), st.booleans())
def test_the_scanner_takes_all_json(
    value: Any, chunk: int, indent: int | None, is_ascii: bool
) -> None:
    with suppress(UnicodeEncodeError):
        assert scans(json.dumps(value, indent=indent, ensure_ascii=is_ascii), chunk)


@given(
    st.lists(values, max_size=8),
    chunks,
    st.sampled_from([None, 1]),
    st.sampled_from(
        ["%s", '{"customers":%s}', '{"x":[{"customers":[]},1], "customers" : %s,"y":""}']
    ),
)
def test_however_the_body_is_cut_the_records_are_the_same(
    records: list[Any], chunk: int, indent: int | None, wrapper: str
) -> None:
    body = (wrapper % json.dumps(records, indent=indent)).encode()
    assert read_in_chunks(body, chunk) == records
    assert read_body(dribble(body, [chunk, 3]), "json") == records


@given(st.lists(st.sampled_from(BITS), max_size=15).map("".join), chunks)
def test_a_list_is_refused_exactly_where_the_standard_library_refuses_it(
    text: str, chunk: int
) -> None:
    body = f'[{{"a":1}},{{"b":{text}}},{{"c":1}}]'
    try:
        read = read_in_chunks(body.encode(), chunk)
    except MalformedBodyError:
        assert not stdlib_says(body)
    else:
        assert len(read) == len(json.loads(body, parse_int=str, parse_float=str))


@given(st.binary(max_size=200), chunks)
def test_no_bytes_do_anything_else_than_be_refused(body: bytes, chunk: int) -> None:
    for prefix in (b"", b'{"customers":[', b'[{"a":"'):
        with suppress(MalformedBodyError):
            read_in_chunks(prefix + body, chunk)


@given(st.binary(max_size=60), st.binary(max_size=60), chunks)
def test_bytes_that_are_no_utf8_are_found_where_they_are(
    before: bytes, after: bytes, chunk: int
) -> None:
    body = b'["' + before.replace(b'"', b"") + b'\xff"' + after
    try:
        body.decode()
        raise AssertionError
    except UnicodeDecodeError as error:
        first = error.start
    with pytest.raises(MalformedBodyError) as refusal:
        read_in_chunks(body, chunk)
    byte = refusal.value.byte
    assert byte is not None
    assert byte <= first


@pytest.mark.parametrize("size", [RECORD_BYTES_LIMIT, RECORD_BYTES_LIMIT + 1])
@pytest.mark.parametrize("before", ["", "{},", '{"a":"\\ud800"},'])
def test_a_record_may_be_exactly_one_mebibyte(size: int, before: str) -> None:
    large = '{"a":"' + "x" * (size - 8) + '"}'
    read = read_body(f"[{before}{large},1]".encode(), "json")
    assert (read[-2] == TOO_LARGE) == (size > RECORD_BYTES_LIMIT)
    assert read[-1] == 1


def test_a_record_can_be_sent_again_as_it_came() -> None:
    body = b'[ {"a" : 1e400}, 7 ,{"b":"\\ud800"}]'
    records = open_body(body, "json")
    kept = [(records.original(given), records.line(given)) for given in records]
    assert kept == [(b'{"a" : 1e400}', None), (b"7", None), (b'{"b":"\\ud800"}', None)]
    assert records.header is None
    large = open_body(b'["' + b"x" * RECORD_BYTES_LIMIT + b'"]', "json")
    assert [large.original(given) for given in large] == [None]


PERSON = b'{"external_id":"1","tags":["a","b"],"x":{"y":[{"z":1},{"z":2}]}}'


LARGE: dict[str, tuple[Callable[[], Repeated], int | None]] = {
    "records": (lambda: Repeated(b"[", PERSON + b",\n ", 400_000, b"{}]"), 400_001),
    "one string": (lambda: Repeated(b'[{"a":"', b"},{", 20_000_000, b'"},1]'), 2),
    "one record": (lambda: Repeated(b'[{"a":0', b',"k":[1,{"b":"c"}]', 2_000_000, b"},1]"), 2),
    "one number": (lambda: Repeated(b"[", b"1", 40_000_000, b",1]"), 2),
    "brackets in a string": (lambda: Repeated(b'["', b"[{", 20_000_000, b'",1]'), 2),
    "white space": (lambda: Repeated(b"[1,", b" \n", 20_000_000, b"2]"), 2),
    "another key": (
        lambda: Repeated(b'{"x":[0', b',[{"a":1}]', 2_000_000, b'],"customers":[1]}'), 1
    ),
    "a long key": (lambda: Repeated(b'{"', b"k", 40_000_000, b'":1,"customers":[1]}'), 1),
    "no objects": (lambda: Repeated(b"[", b"0,", 500_000, b"0]"), 500_001),
    "open brackets": (lambda: Repeated(b"", b"[", 40_000_000, b""), None),
    "an open string": (lambda: Repeated(b'["', b'\\"', 20_000_000, b""), None),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_body_of_any_size_takes_little_memory(name: str) -> None:
    make, count = LARGE[name]
    records = open_body(make().stream(), "json")
    with peak_bytes() as peak:
        if count is None:
            with pytest.raises(MalformedBodyError):
                check_records(records)
        else:
            assert check_records(records) == count
    assert peak() < 30_000_000
