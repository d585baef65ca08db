"""Bodies as records: what refuses a whole body, and what is one record's problem only."""

from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest

from regulars.domain.fields.types import OutOfRange
from regulars.domain.imports.sources import (
    NESTING_LIMIT,
    RECORD_BYTES_LIMIT,
    RefusedRecord,
    check_records,
)
from regulars.errors import MalformedBodyError
from tests.busy import is_within
from tests.domain.imports.bodies import open_body, read_body

BOM = b"\xef\xbb\xbf"
ADA = {"email": "ada@example.org"}


def read(body: bytes) -> list[object]:
    return read_body(body, "json")


def read_lines(body: bytes) -> list[object]:
    return read_body(body, "ndjson")


def check(body: bytes) -> int:
    return check_records(open_body(body, "json"))


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (b"[]", []),
        (b'{"customers":[]}', []),
        (b' {\n"customers" : [ {} , {} ]\r\n}\t', [{}, {}]),
        (b'[{"a":1},2,"x",null]', [{"a": 1}, 2, "x", None]),
        (BOM + b'{"customers":[{"a":"\xc3\xa4"}]}', [{"a": "\u00e4"}]),
        (BOM + b"[{}]", [{}]),
        (b'{"version":{"customers":[1]},"customers":[{}],"more":[]}', [{}]),
        (b'{"customers":[{}],"more":1}', [{}]),
        (b'{"custom\\u0065rs":[{}]}', [{}]),
        (b'[{"a":1,"a":2}]', [{"a": 2}]),
        (b'[{"a":"\\ud800"},{}]', [{"a": "\ud800"}, {}]),
        (b'[{"a":"},{]["}]', [{"a": "},{]["}]),
        (b'[{"a":"\\u0000"}]', [{"a": "\0"}]),
        (b'[{"a":1180591620717411303424}]', [{"a": 2**70}]),
    ],
)
def test_a_body_gives_its_records(body: bytes, records: list[object]) -> None:
    assert read(body) == records


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1" * 5000, "-" + "9" * 100_000])
@pytest.mark.parametrize("wrapper", ["[%s]", '{"customers":[%s]}', '{"x":1,"customers":[%s]}'])
def test_a_number_out_of_range_is_left_to_its_record(wrapper: str, number: str) -> None:
    first, second = read((wrapper % f'{{"a":{number}}},{{"b":1}}').encode())
    assert isinstance(first, dict)
    assert isinstance(first["a"], OutOfRange)
    assert second == {"b": 1}


@pytest.mark.parametrize(
    ("body", "byte"),
    [
        (b"", 0),
        (b"   ", 3),
        (BOM, 3),
        (b'{"customers":[{"a":1}', 21),
        (b'{"customers":[{"a":1},', 22),
        (b'{"customers":[{"a":1},]}', 22),
        (b'{"customers":[{"a":1}]', 22),
        (b'{"customers":[{}]} {}', 19),
        (b'{"customers":[{}] "x":1}', 18),
        (b'{"x":1,"customers":[{}}', 22),
        (b"{1:[]}", 1),
        (b'{"customers" []}', 13),
        (b"[{}{}]", 3),
        (b"[NaN]", 1),
        (b'[{"a":Infinity}]', 6),
        (b"[01]", 2),
        (b'[{"a":"\n"}]', 7),
        (b'["\xc3\xa4",x]', 6),
        (BOM + b"[x]", 4),
        (b'["\xe4"]', 2),
        (b'["\xed\xa0\x80"]', 2),
        ("[{}]".encode("utf-16"), 0),
        (nested(NESTING_LIMIT + 1), NESTING_LIMIT),
        (b'{"customers":' + nested(NESTING_LIMIT) + b"}", 13 + NESTING_LIMIT - 1),
        (b'[{"a":"' + b"x" * 100, 6),
    ],
)
def test_a_body_that_is_no_json_is_refused_with_its_byte(body: bytes, byte: int) -> None:
    with pytest.raises(MalformedBodyError) as refusal:
        check(body)
    assert refusal.value.byte == byte


@pytest.mark.parametrize(
    "body",
    [
        b"1",
        b'"customers"',
        b"null",
        b"{}",
        b'{"records":[]}',
        b'{"customers":{}}',
        b'{"customers":null}',
        b'{"Customers":[]}',
        b'{"x":1,"customers":"[]"}',
        b'{"customers":[],"customers":[]}',
        b'{"customers":[{}],"customers":[{}]}',
        b'{"customers":[{}],"x":1,"customers":[{}]}',
        b'{"customers":[],"custom\\u0065rs":[]}',
        b'{"custom\\u0065rs":[],"customers":[]}',
        b'{"customers":[{"a":"\\ud800"}],"customers":[]}',
    ],
)
def test_a_body_without_one_list_of_customers_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedBodyError):
        check(body)


@pytest.mark.parametrize("body", [nested(NESTING_LIMIT), b'{"customers":' + nested(63) + b"}"])
def test_a_body_may_be_nested_to_the_limit(body: bytes) -> None:
    assert check(body) == 1


def test_every_body_cut_short_is_refused() -> None:
    body = b'{"x":[1],"customers":[{"a":"\xc3\xa4\\"","b":[1.5,true]},{}]}'
    for end in range(len(body)):
        with pytest.raises(MalformedBodyError):
            check(body[:end])


@pytest.mark.parametrize("rest", ["", ',{"a":"\\ud800"}'])
def test_a_record_over_the_limit_is_noticed_in_every_path(rest: str) -> None:
    fits = json.dumps({"a": "x" * (RECORD_BYTES_LIMIT - 9)})
    large = json.dumps({"a": "x" * (RECORD_BYTES_LIMIT - 8)})
    records = read(f"[{fits}, {large}{rest}]".encode())
    assert isinstance(records[0], dict)
    assert records[1] == RefusedRecord("record_too_large")


@pytest.mark.parametrize(
    "body",
    [
        b'["' + b'\\"' * 500_000,
        b'["' + b"},{" * 300_000 + b'"]',
        b'[{"a":"' + b"[" * 1_000_000 + b'"}]',
        b"[" * 1_000_000,
        b'[{"a":"\\ud800"},' + b"{}," * 100_000 + b"{}]",
        b'{"customers":[' + b"{}," * 100_000 + b"{}]}",
        b"[" + b"1" * 1_000_000 + b"]",
    ],
)
def test_no_body_of_a_megabyte_is_slow(body: bytes) -> None:
    began = time.perf_counter()
    with suppress(MalformedBodyError):
        read(body)
    assert is_within(time.perf_counter() - began, 5)


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (b"", []),
        (BOM, []),
        (b"\n \r\n\n", []),
        (b'{"a":1}\n{"a":2}', [{"a": 1}, {"a": 2}]),
        (BOM + b'{"a":1}\r\n', [{"a": 1}]),
        (b"5\n", [5]),
        (b'{"a":"\\ud800"}\n', [{"a": "\ud800"}]),
    ],
)
def test_ndjson_gives_a_record_for_each_line(body: bytes, records: list[object]) -> None:
    assert read_lines(body) == records


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", ("malformed_record", "not_json")),
        (b'{"a":NaN}', ("malformed_record", "not_json")),
        (b'{"a":"\xe4"}', ("malformed_record", "not_utf_8")),
        (b'{"a":1} {}', ("malformed_record", "not_json")),
        (b"[" * 100_000, ("malformed_record", "too_deep")),
        (b'{"a":' + nested(NESTING_LIMIT) + b"}", ("malformed_record", "too_deep")),
        (b'{"a":"' + b"x" * RECORD_BYTES_LIMIT * 3 + b'"}', ("record_too_large", None)),
    ],
)
def test_one_bad_line_never_fails_the_others(line: bytes, problem: tuple[str, str | None]) -> None:
    body = b'{"a":1}\n' + line + b'\n{"a":2}\n'
    assert read_lines(body) == [{"a": 1}, RefusedRecord(*problem), {"a": 2}]
