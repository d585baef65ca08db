"""Bytes of a CSV that are no characters in its charset: a problem of their row alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from regulars.domain.imports.rejected import write_rejected
from regulars.domain.imports.sources import BodyForm, RefusedRecord
from regulars.domain.imports.sources.csv_records import CsvRecords, is_builtin_list
from regulars.domain.records.problem import Problem

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Charset

HEADER = "external_id,city,note\r\n"
NOT_IN_CHARSET = RefusedRecord("malformed_record", "not_in_charset")


@pytest.mark.parametrize(
    ("charset", "row"),
    [
        ("utf-8", b"2,\xe4"),
        ("utf-8", b"2,\xc3"),
        ("utf-8", b'2,"a\xc3","\xff\r\n"'),
        ("utf-8", b"2,\xed\xa0\x80,x"),
        ("utf-8", b"2,\xf0\x9f\x98,x"),
        ("utf-8", b"\xff,x,y,z"),
        ("iso-8859-1", b'2,"\x81\n",""'),
    ],
)
def test_a_row_that_is_not_in_its_charset_is_a_problem_of_its_own(
    charset: Charset, row: bytes
) -> None:
    good = "1,Åbo €".encode("windows-1252" if charset == "iso-8859-1" else charset)
    body = b"\n".join((HEADER.encode().strip(), good, row, good, b""))
    form = BodyForm("csv", charset)
    for chunk in (1, 2, 7, 1000):
        records = CsvRecords(io.BytesIO(body), form, is_builtin_list, chunk)
        found = list(records)
        wanted = {"external_id": "1", "city": "Åbo €"}
        assert [records.decode(each) for each in found] == [wanted, NOT_IN_CHARSET, wanted]
    # The file of rejected records has the very bytes.
    records = CsvRecords(io.BytesIO(body), form, is_builtin_list)
    kept = [(2, records.original(list(records)[1]), [Problem("malformed_record", 2)])]
    written = b"".join(write_rejected(form, records.header, kept))
    again = CsvRecords(io.BytesIO(written), form, is_builtin_list)
    assert [again.decode(each) for each in again] == [NOT_IN_CHARSET]
    assert [each for each in written if each >= 0x80] == [each for each in row if each >= 0x80]
