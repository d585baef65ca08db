"""The records of a CSV body (SPEC section 4): a row each, read by the names in its header."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from regulars.domain.fields.schema import BUILTIN_TYPES, LIST_TYPES
from regulars.domain.imports.formula_guard import unguard_cell
from regulars.domain.imports.sources.contract import (
    NOT_IN_CHARSET,
    RECORD_BYTES_LIMIT,
    TOO_LARGE,
    TOO_MANY_CELLS,
)
from regulars.domain.imports.sources.csv_cells import (
    LINE_END,
    CellSplitter,
    skip_record,
    split_items,
)
from regulars.domain.imports.sources.csv_header import read_header
from regulars.domain.imports.sources.csv_text import TextWindow
from regulars.domain.imports.sources.kept_cells import encode_cells
from regulars.domain.imports.sources.unpacking import CHUNK_BYTES
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from regulars.domain.imports.body_form import BodyForm
    from regulars.domain.imports.sources.contract import Given, RefusedRecord, Row

_LONGEST_CHARACTER_BYTES: Final = 4
_SURELY_FITTING: Final = RECORD_BYTES_LIMIT // _LONGEST_CHARACTER_BYTES
"""Characters of a record that cannot be too large."""
_LONGEST_RECORD: Final = RECORD_BYTES_LIMIT + len("\r\n")
_OPERATIONS: Final = (".add", ".remove")
_EMPTY_LINES: Final = re.compile(r"[\r\n]+")


def is_builtin_list(name: str) -> bool:
    """Whether a field that every company has is a list or a set."""
    return BUILTIN_TYPES.get(name.strip().lower()) in LIST_TYPES


class CsvRecords:
    """The rows below the header. Opening them reads it: raises `MalformedBodyError`."""

    header: tuple[str, ...] | None
    names: tuple[str, ...] | None
    delimiter: str
    is_renamed = False

    def __init__(
        self,
        stream: BinaryIO,
        form: BodyForm,
        is_list: Callable[[str], bool],
        chunk_bytes: int = CHUNK_BYTES,
    ) -> None:
        self._window: Final = TextWindow(stream, form.charset, chunk_bytes)
        self._dialect, self.header = read_header(self._window, form.delimiter, form.columns)
        self.delimiter = self._dialect.delimiter
        self._split: Final = CellSplitter(self._dialect)
        names = form.columns or self.header
        self.names = names
        self._names: Final = names
        self._skips: Final = "" in names
        self._clears: Final = form.clear_empty_cells
        self._is_list: Final = is_list
        self._lists: Final = frozenset(
            name
            for name in names
            if is_builtin_list(name) or name.strip().lower().endswith(_OPERATIONS)
        )
        self._may_become_lists: Final = frozenset(
            name for name in names if name.strip().lower() not in BUILTIN_TYPES
        ).difference(self._lists)
        """Company fields: what they are may change from record to record."""

    def __iter__(self) -> Iterator[Given]:  # noqa: C901 - a call for each row would cost more
        """The rows that are not empty. Raises `MalformedBodyError` where a quote is never
        closed.
        """
        window = self._window
        find = self._dialect.record.match
        while True:
            while (match := find(window.text, window.at)) is not None:
                text = match[0].rstrip("\r\n")
                line = window.line
                window.at = match.end()
                window.line += 1
                if "\n" in text or "\r" in text:
                    window.line += len(LINE_END.findall(text))
                if not text:
                    self._skip_empty_lines()
                elif not text.isspace() or self._dialect.delimiter in text:
                    yield line, text if len(text) <= _SURELY_FITTING else _fitting(text)
            if not window.is_ended and len(window.text) - window.at < _LONGEST_RECORD:
                window.fill()
            elif window.is_ended and not window.text.endswith(("\n", "\r"), window.at):
                if window.at == len(window.text):
                    return
                # The last line need not have an end.
                window.text += "\n"
            else:
                yield self._skip_record()

    def decode(self, given: Given) -> object:
        """The cells of a row by their names, or a `RefusedRecord`. Never raises."""
        cells = self._cells(given)
        if cells is None:
            return TOO_LARGE
        refused = self._find_refusal(str(given[1]), cells)  # type: ignore[index]
        if refused is not None:
            return refused
        if "'" in given[1]:  # type: ignore[index, operator]
            cells = [unguard_cell(cell) for cell in cells]
        record: dict[str, Any] = dict(zip(self._names, cells, strict=False))
        if self._skips:
            record.pop("", None)
        if "" in cells or any(map(str.isspace, cells)):
            record = {name: cell for name, cell in record.items() if cell.strip()}
        self._split_lists(record)
        if self._clears:
            for name in filter(None, self._names[: len(cells)]):
                record.setdefault(name, "")
        return record

    def _find_refusal(self, text: str, cells: list[str]) -> RefusedRecord | None:
        if self._window.damage is not None and self._window.is_damaged(text):
            return NOT_IN_CHARSET
        return TOO_MANY_CELLS if len(cells) > len(self._names) else None

    def original(self, given: Given) -> bytes | None:
        """The JSON array of the cells as they came."""
        cells = self._cells(given)
        return None if cells is None else encode_cells(cells)

    def line(self, given: Given) -> int | None:
        """The line of the body in which a row begins."""
        return given[0] if isinstance(given, tuple) else None

    def _cells(self, given: Given) -> list[str] | None:
        if not isinstance(given, tuple) or given[1] is None:
            return None
        return self._split(given[1])

    def _split_lists(self, record: dict[str, Any]) -> None:
        """Put items in place of the cells of lists."""
        for name in self._lists:
            if name in record:
                record[name] = split_items(record[name])
        for name in self._may_become_lists:
            if name in record and self._is_list(name):
                record[name] = split_items(record[name])

    def _skip_empty_lines(self) -> None:
        """Many at once: a packed body may have billions of them."""
        window = self._window
        lines = _EMPTY_LINES.match(window.text, window.at)
        if lines is not None:
            window.at = lines.end()
            window.line += len(LINE_END.findall(lines[0]))

    def _skip_record(self) -> Row:
        """Move behind a record that is too large, or that ends within a quote."""
        line = self._window.line
        quote_line = skip_record(self._window, self._dialect)
        if quote_line is not None:
            msg = f"a quote in line {quote_line} is never closed"
            raise MalformedBodyError(msg)
        return line, None


def _fitting(text: str) -> str | None:
    """A record, or None where it is too large."""
    return text if len(text.encode(errors="replace")) <= RECORD_BYTES_LIMIT else None
