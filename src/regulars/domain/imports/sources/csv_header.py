"""The header of a CSV body: what its delimiter is, and what its columns are called.

Owns which headers refuse a whole body (SPEC section 4).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.sources.contract import RECORD_BYTES_LIMIT
from regulars.domain.imports.sources.csv_cells import (
    LINE_END,
    CsvDialect,
    make_dialect,
    split_cells,
)
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.imports.sources.csv_text import TextWindow

_DELIMITERS: Final = (",", ";", "\t")
_IDENTIFIERS: Final = frozenset({"external_id", "email", "phone_number"})
# Until it is known what ends a cell, each quote opens or closes.
_HEADER: Final = re.compile(r'((?:[^"\r\n]++|"[^"]*+"|)*+)(?:\r\n|\r|\n|\Z)')
_QUOTED: Final = re.compile(r'"[^"]*+"')
# Programs that know nothing of this line may have padded it with delimiters, or quoted it.
_DELIMITER_LINE: Final = re.compile(r'"?sep=([^"\r\n])"?\1*', re.IGNORECASE)


def read_header(
    window: TextWindow, delimiter: str = "", columns: tuple[str, ...] = ()
) -> tuple[CsvDialect, tuple[str, ...]]:
    """The dialect and the cells of the header; the window moves behind it. Where `columns` are
    given, they count, and the names in the header do not.

    Raises `MalformedBodyError`.
    """
    dialect, header = split_header(window, delimiter)
    if columns and len(columns) != len(header):
        msg = f"the header has {len(header)} cells, where {len(columns)} columns are known"
        raise MalformedBodyError(msg)
    _check_names(tuple(filter(None, columns)) if columns else header)
    return dialect, header


def split_header(window: TextWindow, delimiter: str = "") -> tuple[CsvDialect, tuple[str, ...]]:
    """The same, whatever the names are. A `delimiter` that is given counts more than what the body
    says.
    """
    line = _read_line(window)
    named = _DELIMITER_LINE.fullmatch(line)
    if named is not None:
        delimiter = delimiter or named[1]
        line = _read_line(window)
    elif not delimiter:
        outside = _QUOTED.sub("", line)
        delimiter = max(_DELIMITERS, key=outside.count)
    if window.damage is not None and window.is_damaged(line):
        raise window.damage
    dialect = make_dialect(delimiter)
    if not dialect.record.fullmatch(line + "\n"):
        raise MalformedBodyError("a quote in the header is never closed")
    return dialect, tuple(split_cells(line, dialect))


def _read_line(window: TextWindow) -> str:
    """The next line that is not empty, without its end."""
    line = ""
    while not line.strip(" "):
        while (match := _HEADER.match(window.text, window.at)) is None or (
            match.end() == len(window.text) and not window.is_ended
        ):
            if window.is_ended:
                msg = f"a quote in the header, line {window.line}, is never closed"
                raise MalformedBodyError(msg)
            if len(window.text) > RECORD_BYTES_LIMIT:
                raise MalformedBodyError("the header is longer than 1 MiB")
            window.fill()
        if match.end() == window.at:
            raise MalformedBodyError("the body has no header line")
        line = match[1]
        window.at = match.end()
        window.line += 1 + len(LINE_END.findall(line))
    return line


def _check_names(header: Sequence[str]) -> None:
    """Names compare without regard to case and outer spaces."""
    names = [cell.strip().lower() for cell in header]
    for column, name in enumerate(names, start=1):
        if not name:
            msg = f"the header's cell {column} is empty"
            raise MalformedBodyError(msg)
        if name in names[: column - 1]:
            msg = f"the header's cells {names.index(name) + 1} and {column} have the same name"
            raise MalformedBodyError(msg)
    if _IDENTIFIERS.isdisjoint(names):
        raise MalformedBodyError(
            "the header names no identifier: external_id, email or phone_number"
        )
