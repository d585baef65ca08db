"""Records and cells of CSV (RFC 4180, and what spreadsheets write).

Owns quoting: a quote at the beginning of a cell opens, a doubled one within is a quote, and
elsewhere a quote is a plain character. So do spreadsheets, and Python's `csv`. That is given whole
records only: left to find their ends itself, it would hold a record of any size.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

if TYPE_CHECKING:
    from regulars.domain.imports.sources.csv_text import TextWindow

Parse: TypeAlias = Callable[[Iterable[str]], Iterator[list[str]]]

LINE_END: Final = re.compile(r"\r\n|\r|\n")
# Why possessive groups have an empty alternative: see `json_scanner`.
_QUOTED: Final = r'[^"]*+(?:""[^"]*+|)*+'
_QUOTED_RUN: Final = re.compile(_QUOTED)


class CsvDialect(msgspec.Struct, frozen=True):
    """What a delimiter means for finding records and cells."""

    delimiter: str
    parse: Parse | None
    """Python's `csv`, set up for it once; None where that does not know such a delimiter."""
    record: re.Pattern[str]
    """A whole record with the end of its line."""
    cell: re.Pattern[str]
    """A cell with what ends it: quoted text, what follows the closing quote, or plain text."""
    cells: re.Pattern[str]
    """Cells with the delimiters behind them."""
    plain: re.Pattern[str]
    """What is in a cell up to its end, where no quote opened it."""


@lru_cache
def make_dialect(delimiter: str) -> CsvDialect:
    """The dialect of a delimiter of one character."""
    plain = rf"[^{re.escape(delimiter)}\r\n]*+"
    cell = rf'(?:"{_QUOTED}"{plain}|(?!"){plain})'
    split = re.escape(delimiter)
    # Not cell by cell, which takes long: what stands between quotes matters only as to whether the
    # next one opens a cell. That is so behind a delimiter, and at the beginning of the line.
    opening = rf"(?<![^{split}\r\n])"
    return CsvDialect(
        delimiter,
        _compile_parse(delimiter),
        re.compile(
            rf'[^"\r\n]*+(?:(?:{opening}"{_QUOTED}"|(?!{opening})")[^"\r\n]*+|)*+(?:\r\n|\r|\n)'
        ),
        re.compile(rf'(?:"({_QUOTED})"({plain})|({plain}))({split}|\Z)'),
        re.compile(rf"(?:{cell}{split}|)*+"),
        re.compile(plain),
    )


class CellSplitter:
    """Cuts whole records, without the ends of their lines, into cells. Not for several threads.

    All records go through one reader of Python's `csv`: making one takes as long as its work.
    """

    def __init__(self, dialect: CsvDialect) -> None:
        self._dialect: Final = dialect
        self._waiting: Final[deque[str]] = deque()
        """The record that is being cut; the reader takes it from here."""
        waiting = iter(self._waiting.popleft, None)
        self._parsed: Final = None if dialect.parse is None else dialect.parse(waiting)

    def __call__(self, text: str) -> list[str]:
        """The cells of a record."""
        if '"' not in text:
            return text.split(self._dialect.delimiter)
        if self._parsed is None:
            return _split_by_pattern(text, self._dialect)
        self._waiting.append(text)
        try:
            return next(self._parsed)
        except (csv.Error, IndexError):
            # A cell of more than 131,072 characters, or what the two do not agree is whole.
            return _split_by_pattern(text, self._dialect)


def split_cells(text: str, dialect: CsvDialect) -> list[str]:
    """The cells of one whole record, without the end of its line."""
    return CellSplitter(dialect)(text)


def _compile_parse(delimiter: str) -> Parse | None:
    try:
        return partial(csv.reader, dialect=csv.reader((), delimiter=delimiter).dialect)
    except (TypeError, ValueError):
        return None


def _split_by_pattern(text: str, dialect: CsvDialect) -> list[str]:
    cells = []
    at = 0
    while (match := dialect.cell.match(text, at)) is not None:
        quoted, behind, plain, end = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"') + behind)
        at = match.end()
        if not end:
            break
    return cells


def split_items(cell: str) -> list[str]:
    """The items of a list, as one line of comma-separated CSV in a cell (SPEC section 2).

    A cell in which a quote is never closed is one item.
    """
    if '"' not in cell:
        return cell.split(",")
    dialect = make_dialect(",")
    # A line end between quotes belongs to an item; elsewhere a spreadsheet has broken the line.
    whole = cell.strip("\r\n")
    for text in (whole, LINE_END.sub(" ", whole)):
        if dialect.record.fullmatch(text + "\n"):
            return split_cells(text, dialect)
    return [cell]


def skip_record(window: TextWindow, dialect: CsvDialect) -> int | None:
    """Move behind a record of any size, holding next to nothing of it.

    Gives the line in which a quote was opened that is never closed, or None if all is well.
    """
    while True:
        _skip_cells(window, dialect.cells)
        quote_line = window.line
        if _next(window) == '"':
            window.at += 1
            if not _skip_quoted(window):
                return quote_line
        _skip_run(window, dialect.plain)
        end = _next(window)
        window.at += len(end)
        if end != dialect.delimiter:
            if end == "\r" and _next(window) == "\n":
                window.at += 1
            window.line += 1
            return None


def _next(window: TextWindow) -> str:
    """The next character; none at the end."""
    while window.at >= len(window.text) and not window.is_ended:
        window.fill()
    return window.text[window.at : window.at + 1]


def _skip_run(window: TextWindow, run: re.Pattern[str]) -> None:
    while _next(window):
        match = run.match(window.text, window.at)
        if match is not None:
            window.at = match.end()
        if window.at < len(window.text):
            return


def _skip_cells(window: TextWindow, cells: re.Pattern[str]) -> None:
    """Move behind the cells of which all is there."""
    match = cells.match(window.text, window.at)
    if match is not None:
        _skip_text(window, match.end())


def _skip_quoted(window: TextWindow) -> bool:
    """Move from behind an opening quote behind the closing one; False where there is none."""
    while _next(window):
        match = _QUOTED_RUN.match(window.text, window.at)
        _skip_text(window, len(window.text) if match is None else match.end())
        if _next(window) != '"':
            continue
        window.at += 1
        if _next(window) != '"':
            return True
        # The window ended between the two.
        window.at += 1
    return False


def _skip_text(window: TextWindow, end: int) -> None:
    """Move to a place, counting the lines on the way."""
    window.line += len(LINE_END.findall(window.text, window.at, end))
    window.at = end
