"""The file of rejected records, in the format in which they came (SPEC section 4).

Owns what is said of each record beside it. The reader passes over these keys, so that the file can
be mended and sent again as it is.
"""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.imports.formula_guard import guard_cell, unguard_cell
from regulars.domain.imports.sources.kept_cells import decode_cells
from regulars.domain.records.own_keys import REPORT_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from regulars.domain.imports.body_form import BodyForm, Charset
    from regulars.domain.records.problem import Problem

    Rejected = tuple[int, bytes | None, list[Problem]]

NOTES: Final = ("_record", "_problem", "_field", "_suggestion")
"""Number of the record, what is wrong, in which fields, what to do about it."""

_encode: Final = msgspec.json.Encoder().encode
_decode_object: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

_CODECS: Final[dict[Charset, tuple[bytes, str]]] = {
    "utf-8": (b"", "utf-8"),
    "utf-16": (codecs.BOM_UTF16_LE, "utf-16-le"),
    "iso-8859-1": (b"", "windows-1252"),
}
"""What the file begins with, and how it goes on."""
_FOUND_DELIMITERS: Final = frozenset({",", ";", "\t"})
"""Those that an upload finds by itself; of others a line tells."""


def write_rejected(
    form: BodyForm,
    header: Sequence[str] | None,
    records: Iterable[Rejected],
) -> Iterator[bytes]:
    """The bytes of the file, piece by piece; a record is its number, what is kept of it, and its
    problems. CSV has the charset and the delimiter of the upload, a comma where that is not known.

    What was no JSON object is an object with its text as `_original`, which is rejected again
    unless it is mended. So is a row of CSV with too many cells, which keeps them all: nobody knows
    which one is too many. Of what was not kept there are only the notes.
    """
    match form.format:
        case "json":
            yield b'{"customers":['
            divider = b"\n"
            for record in records:
                yield divider + _write_object(record)
                divider = b",\n"
            yield b"\n]}\n"
        case "ndjson":
            for record in records:
                yield _write_object(record) + b"\n"
        case "csv":
            # Without rejected records no header is kept; the file is one all the same.
            begin, codec = _CODECS[form.charset]
            yield begin
            for line in _write_rows(header or ("external_id",), records, form.delimiter or ","):
                yield _encode_line(line, codec)


def _encode_line(line: str, codec: str) -> bytes:
    """A line as it came: all of that fits its charset, or was no character in it."""
    try:
        return line.encode(codec, "surrogateescape")
    except UnicodeEncodeError:
        # The name of a field may have come from another file.
        return line.encode(codec, "replace")


def _notes(record: Rejected) -> dict[str, object]:
    number, _, found = record
    problems = sorted(found, key=lambda each: each.severity)  # errors first
    suggestions = dict.fromkeys(each.kind.suggestion for each in problems)
    fields = dict.fromkeys(each.field for each in problems if each.field is not None)
    texts = (f"{each.code}: {each.kind.message}" for each in problems)
    return dict(zip(NOTES, (number, *map("; ".join, (texts, fields, suggestions))), strict=True))


def _write_object(record: Rejected) -> bytes:
    _, original, problems = record
    notes = _notes(record)
    if original is None:
        return _encode(notes)
    try:
        values: dict[str, object] = dict(_decode_object(original))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        text = original.strip()
        if any(each.code == "malformed_record" for each in problems) or not text.endswith(b"}"):
            return _encode(notes | {"_original": original.decode("utf-8", "replace")})
        # Only somebody more lenient can read it: it stays as it is, with the notes at its end.
        return text[:-1].rstrip() + b"," + _encode(notes)[1:]
    kept = {key: value for key, value in values.items() if not _is_note(key)}
    return _encode(kept | notes)


def _is_note(key: str) -> bool:
    return key.strip().lower() in REPORT_KEYS


def _write_rows(
    header: Sequence[str], records: Iterable[Rejected], delimiter: str
) -> Iterator[str]:
    if delimiter not in _FOUND_DELIMITERS:
        yield f"sep={delimiter}\r\n"
    places = [place for place, name in enumerate(header) if not _is_note(name)]
    yield _header_line([*(header[place] for place in places), *NOTES], delimiter)
    for record in records:
        original = record[1]
        cells = [] if original is None else decode_cells(original)
        cells += [""] * (len(header) - len(cells))
        kept = [cells[place] for place in places]
        # What is too much stands behind the notes, so that they are under their names.
        cells = [*kept, *map(str, _notes(record).values()), *cells[len(header) :]]
        yield _line(cells, delimiter)


def _header_line(names: list[str], delimiter: str) -> str:
    # The delimiter is found by counting outside quotes.
    others = {",", ";", "\t"} - {delimiter}
    is_unclear = any(other in name for name in names for other in others)
    return _line(names, delimiter, csv.QUOTE_ALL if is_unclear else csv.QUOTE_MINIMAL)


def _line(cells: Iterable[str], delimiter: str, quoting: Literal[0, 1] = csv.QUOTE_MINIMAL) -> str:
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter, quoting=quoting)
    # A cell that has the apostrophe already does not get a second one.
    writer.writerow([guard_cell(unguard_cell(cell)) for cell in cells])
    return line.getvalue()
