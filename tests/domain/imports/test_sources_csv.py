"""CSV as spreadsheets and other programs write it (SPEC section 4; RFC 4180)."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from regulars.domain.imports.formula_guard import guard_cell
from regulars.domain.imports.sources import (
    RECORD_BYTES_LIMIT,
    BodyForm,
    RefusedRecord,
    check_records,
    open_records,
)
from regulars.domain.imports.sources.csv_cells import make_dialect, split_cells
from regulars.domain.imports.sources.csv_records import CsvRecords, is_builtin_list
from regulars.errors import MalformedBodyError
from tests.domain.imports.bodies import LIMIT, dribble
from tests.domain.imports.streams import Repeated, peak_bytes

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Charset
    from regulars.domain.imports.sources import Records

TOO_LARGE = RefusedRecord("record_too_large")
MALFORMED = RefusedRecord("malformed_record", "too_many_cells")
CSV = BodyForm("csv")
HEADER = "external_id,city,note\r\n"


def open_csv(body: str | bytes, form: BodyForm = CSV, **options: Any) -> Records:
    content = body.encode() if isinstance(body, str) else body
    return open_records(io.BytesIO(content), form, unpacked_bytes_limit=LIMIT, **options)


def read(body: str | bytes, form: BodyForm = CSV, **options: Any) -> list[object]:
    records = open_csv(body, form, **options)
    return [records.decode(given) for given in records]


# Cells


@pytest.mark.parametrize(
    ("rows", "records"),
    [
        ("1,Oulu,x\r\n", [{"external_id": "1", "city": "Oulu", "note": "x"}]),
        ("1,Oulu", [{"external_id": "1", "city": "Oulu"}]),
        ("1\n2\r3\r\n4", [{"external_id": str(n)} for n in (1, 2, 3, 4)]),
        ("1,,\n", [{"external_id": "1"}]),
        ('1,"", \n', [{"external_id": "1"}]),
        ("\n\r\n1\n\n  \n2", [{"external_id": "1"}, {"external_id": "2"}]),
        (",,\n", [{}]),
        ("1,a,b,c\n2", [MALFORMED, {"external_id": "2"}]),
        ("1,a,b,\n", [MALFORMED]),
        ('1,"a\r\nb","c""d"', [{"external_id": "1", "city": "a\r\nb", "note": 'c"d'}]),
        ('1,5" pipe,"a"b', [{"external_id": "1", "city": '5" pipe', "note": "ab"}]),
        ("1,a;b,\xe4\u20ac\U0001f600", [{"external_id": "1", "city": "a;b",
                                         "note": "\xe4\u20ac\U0001f600"}]),
        ("1,'=1+1,'x", [{"external_id": "1", "city": "=1+1", "note": "'x"}]),
        ("1,\0,a\u2028b", [{"external_id": "1", "city": "\0", "note": "a\u2028b"}]),
    ],
)  # fmt: skip
def test_rows_are_records(rows: str, records: list[object]) -> None:
    assert read(HEADER + rows) == records


def test_an_empty_cell_clears_where_that_is_asked_for() -> None:
    form = BodyForm("csv", clear_empty_cells=True)
    rows = '1,,""\n2,x\n3,a,b,c\n'
    assert read(HEADER + rows, form) == [
        {"external_id": "1", "city": "", "note": ""},
        {"external_id": "2", "city": "x"},
        MALFORMED,
    ]


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("news", ["news"]),
        ("news,offers", ["news", "offers"]),
        ('news,"a, b",c', ["news", "a, b", "c"]),
        ('"say ""hi"""', ['say "hi"']),
        (" a ,, b", [" a ", "", " b"]),
        ('"a,b', ['"a,b']),
        ('a"b,c', ['a"b', "c"]),
        ("=a,b", ["=a", "b"]),
        ('"a\nb",c', ["a\nb", "c"]),
        ("a\nb,c", ["a\nb", "c"]),
    ],
)
@pytest.mark.parametrize("name", ["tags", " Mailing_Lists", "tags.add", "acme__x.remove"])
def test_a_cell_of_a_list_is_a_line_of_csv(name: str, cell: str, items: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["email", name], ["a@example.org", guard_cell(cell)]])
    assert read(out.getvalue()) == [{"email": "a@example.org", name: items}]


def test_a_company_field_is_a_list_once_it_is_declared_as_one() -> None:
    lists: set[str] = set()
    body = "email,acme__Pets ,city\n" + 'a@example.org,"cat,dog",x\n' * 2
    records = open_csv(body, is_list=lambda name: is_builtin_list(name) or name in lists)
    first, second = list(records)
    assert records.decode(first) == {"email": "a@example.org", "acme__Pets ": "cat,dog",
                                     "city": "x"}  # fmt: skip
    lists.add("acme__Pets ")
    assert records.decode(second) == {"email": "a@example.org", "acme__Pets ": ["cat", "dog"],
                                      "city": "x"}  # fmt: skip


def test_each_row_knows_its_line() -> None:
    records = open_csv('sep=,\r\n"external_id","a\nb"\r\n1,x\n\n2,"p\r\nq\rr\n"\n\r3\n')
    assert [records.line(given) for given in records] == [4, 6, 11]


def test_a_row_is_kept_as_its_cells() -> None:
    records = open_csv(HEADER + '1,"a""b",\'=x\n2,a,b,c\n')
    kept = [json.loads(records.original(given) or b"") for given in records]
    assert kept == [["1", 'a"b', "'=x"], ["2", "a", "b", "c"]]


# Charsets


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("iso-8859-1", "windows-1252"),
    ],
)
@given(st.integers(1, 9))
def test_each_charset_is_read(charset: Charset, codec: str, chunk: int) -> None:
    body = (HEADER + "1,\xc5bo,\u20ac 5\r\n").encode(codec)
    records = CsvRecords(io.BytesIO(body), BodyForm("csv", charset), is_builtin_list, chunk)
    assert [records.decode(given) for given in records] == [
        {"external_id": "1", "city": "\xc5bo", "note": "\u20ac 5"}
    ]


def test_utf16_may_be_big_endian() -> None:
    body = b"\xfe\xff" + (HEADER + "1,\U0001f600").encode("utf-16-be")
    assert read(body, BodyForm("csv", "utf-16")) == [{"external_id": "1", "city": "\U0001f600"}]


@pytest.mark.parametrize(
    ("body", "charset", "byte"),
    [
        (b"\xe4," + HEADER.encode() + b"1,x\n", "utf-8", 0),
        (b"\xef\xbb\xbfx\xe4," + HEADER.encode(), "utf-8", 4),
        (HEADER.encode()[:-2] + b"\xc3", "utf-8", len(HEADER) - 2),
        (HEADER.encode("utf-16-le") + b"1", "utf-16", len(HEADER) * 2),
        (HEADER.encode("utf-16") + b"\x00\xdcx\0", "utf-16", len(HEADER) * 2 + 2),
        (b"\x81," + HEADER.encode() + b"1,x", "iso-8859-1", 0),
        (HEADER.encode("utf-16"), "utf-8", 0),
    ],
)
def test_a_header_or_utf_16_that_is_not_in_its_charset_is_refused_with_its_byte(
    body: bytes, charset: Charset, byte: int
) -> None:
    for chunk in (1, 2, 7, 1000):
        with pytest.raises(MalformedBodyError) as refusal:
            check_records(
                CsvRecords(io.BytesIO(body), BodyForm("csv", charset), is_builtin_list, chunk)
            )
        assert refusal.value.byte == byte


# Quotes that are never closed, and sizes


@pytest.mark.parametrize("rows", ['"', '1,"a\n2,b\n', '1,"a""', '1,a\n2,"' + "x\n" * 2_000_000])
def test_a_quote_that_is_never_closed_refuses_the_body(rows: str) -> None:
    line = 3 if rows.startswith("1,a\n") else 2
    with pytest.raises(MalformedBodyError, match=f"line {line} "):
        check_records(open_csv(HEADER + rows))


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_a_row_may_be_exactly_one_mebibyte(extra: int, end: str, quote: str) -> None:
    cell = "x" * (RECORD_BYTES_LIMIT - 2 - 2 * len(quote) + extra)
    rows = f"1{end}2,{quote}{cell}{quote}{end}3"
    first, large, last = read(HEADER + rows)
    assert (first, last) == ({"external_id": "1"}, {"external_id": "3"})
    assert large == (TOO_LARGE if extra else {"external_id": "2", "city": cell})


def test_the_size_of_a_row_counts_in_utf8() -> None:
    fits, large = (f'1,"{chr(0xE4) * (RECORD_BYTES_LIMIT // 2 - 4 + extra)}"' for extra in (0, 9))
    assert [row == TOO_LARGE for row in read(HEADER + f"{fits}\n{large}\n")] == [False, True]


ROWS = {
    "many rows": (b"1,a,b\n", 300_000, b"", 300_000),
    "an endless row": (b"a,", 10_000_000, b"\n2", 2),
    "an endless cell": (b"a", 20_000_000, b"\n2", 2),
    "an endless quoted cell": (b'""', 10_000_000, b"\n2", 2),
    "line ends": (b"\r", 300_000, b"1", 1),
    "quoted cells": (b'"a\nb",', 3_000_000, b"1", 1),
    "open quotes": (b'"', 10_000_001, b"1", None),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_body_of_any_size_takes_little_memory(name: str) -> None:
    part, times, end, count = ROWS[name]
    body = Repeated(HEADER.encode(), part, times, end).stream()
    with peak_bytes() as peak:
        records = open_records(body, CSV, unpacked_bytes_limit=LIMIT)
        if count is None:
            with pytest.raises(MalformedBodyError):
                check_records(records)
        else:
            assert check_records(records) == count
    assert peak() < 30_000_000


# Properties

cells = st.text(st.sampled_from("ab ,;\t\"'\r\n=+@-1\xe4\u20ac\u2028\0"), max_size=6)


def written(rows: list[list[str]], delimiter: str, end: str, quoting: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["external_id", "city", "note"])
    writer.writerows(rows)
    return out.getvalue()


@given(
    st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.booleans(),
    st.integers(1, 50),
)
def test_what_a_csv_writer_wrote_is_read_as_it_was(
    rows: list[list[str]], delimiter: str, end: str, quotes_all: bool, chunk: int
) -> None:
    # The writer takes no line end but its own for one.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" and not quotes_all else csv.QUOTE_ALL
    # A line of white space alone is an empty line.
    assume(all(len(row) > 1 or row[0].strip() for row in rows))
    body = written(rows, delimiter, end, quoting).encode()
    records = CsvRecords(io.BytesIO(body), CSV, is_builtin_list, chunk)
    found = list(records)
    assert [json.loads(records.original(given) or b"") for given in found] == rows
    again = open_records(dribble(body, [chunk, 5]), CSV, unpacked_bytes_limit=LIMIT)
    assert list(again) == found


@given(st.lists(st.text(st.sampled_from('ab",;\r\n'), max_size=30), max_size=4), st.integers(1, 50))
@example(['"'], 1)
@example(['"a"b"'], 3)
def test_any_text_is_cut_as_the_standard_library_cuts_it(parts: list[str], chunk: int) -> None:
    text = HEADER + "".join(parts)
    records = CsvRecords(io.BytesIO(text.encode()), CSV, is_builtin_list, chunk)
    try:
        found = [json.loads(records.original(given) or b"") for given in records]
    except MalformedBodyError:
        # Then the last row swallows all the rest.
        return
    expected = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert found == [row for row in expected if row]


@given(st.lists(cells | st.just("x" * 200_000), min_size=1, max_size=5))
def test_long_cells_are_split_as_short_ones_are(row: list[str]) -> None:
    text = written([row], ",", "\n", csv.QUOTE_ALL).partition("\n")[2].removesuffix("\n")
    dialect = make_dialect(",")
    assert split_cells(text, dialect) == row
    assert split_cells(f'{text},a"b,"{"x" * 200_000}"c', dialect) == [
        *row,
        'a"b',
        "x" * 200_000 + "c",
    ]


@given(st.binary(max_size=200), st.sampled_from(["utf-8", "utf-16", "iso-8859-1"]))
def test_any_bytes_are_read_or_refused(body: bytes, charset: Any) -> None:
    for prefix in ("", HEADER):
        with suppress(MalformedBodyError):
            for record in read(prefix.encode(charset) + body, BodyForm("csv", charset)):
                assert isinstance(record, dict | RefusedRecord)
