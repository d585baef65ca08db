"""How a file is written, found from its name and its bytes."""

from __future__ import annotations

import gzip

import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.errors import MalformedBodyError
from regulars.services.file_form import FormWatch


def find_form(name: str, content: bytes, size: int = 7) -> BodyForm:
    watch = FormWatch(name)
    for start in range(0, len(content), size):
        watch.feed(content[start : start + size])
    assert watch.size_bytes == len(content)
    return watch.find_form()


TEXT = "email;city\nå@example.org;Åbo\n"
LATE = b"email\n" + b"a@example.org\n" * 10_000
# Without the time of packing: a test's name holds the bytes, and is to be the same everywhere.
PACKED_CSV = gzip.compress(TEXT.encode("latin-1"), mtime=0)
PACKED_LINES = gzip.compress(b'{"a": 1}\n', mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("a.csv", TEXT.encode(), BodyForm("csv")),
        ("a.csv", TEXT.encode("utf-8-sig"), BodyForm("csv")),
        ("a.csv", TEXT.encode("windows-1252"), BodyForm("csv", "iso-8859-1")),
        ("a.csv", LATE + "å".encode("windows-1252"), BodyForm("csv", "iso-8859-1")),
        ("a.csv", LATE + "å".encode(), BodyForm("csv")),
        ("a.csv", LATE + "å".encode()[:1], BodyForm("csv", "iso-8859-1")),
        ("a.txt", TEXT.encode("utf-16"), BodyForm("csv", "utf-16")),
        ("a.csv", TEXT.encode("utf-16-le"), BodyForm("csv", "utf-16")),
        ("A.CSV.GZ", PACKED_CSV, BodyForm("csv", "iso-8859-1", "gzip")),
        ("a.json", b'{"customers": []}', BodyForm("json")),
        ("a.json", b'{\n "customers": [\n  {}\n]}', BodyForm("json")),
        ("a.json", b" [{}]", BodyForm("json")),
        ("a.json", b'{"email": 1}\n{"email": 2}\n', BodyForm("ndjson")),
        ("a.ndjson", b'{"email": "x"}', BodyForm("ndjson")),
        ("no ending", b'{"email": "x"}\n', BodyForm("ndjson")),
        ("", b"email\nx", BodyForm("csv")),
        ("a.jsonl.gz", PACKED_LINES, BodyForm("ndjson", "utf-8", "gzip")),
    ],
)
def test_the_form_of_a_file_is_found(name: str, content: bytes, form: BodyForm) -> None:
    assert find_form(name, content, 1000) == form


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b" \r\n", "empty"), (b"PK\x03\x04rest", "workbook"),
     (b"\xd0\xcf\x11\xe0rest", "workbook")],
)  # fmt: skip
def test_what_cannot_be_imported_is_told_at_once(content: bytes, said: str) -> None:
    with pytest.raises(MalformedBodyError, match=said):
        find_form("a.csv", content)
