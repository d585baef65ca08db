"""The records of a JSON body, streamed (SPEC section 4).

Owns where the records of a body are, and the quick way to cut them apart: a chunk is cut behind a
record, and the decoder says whether it was one. What the quick way cannot do goes the slow one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.lenient_json import read_value
from regulars.domain.imports.sources.byte_window import END, ByteWindow
from regulars.domain.imports.sources.contract import NOT_JSON, RECORD_BYTES_LIMIT, TOO_LARGE
from regulars.domain.imports.sources.json_scanner import (
    SPACE,
    refuse,
    skip_colon,
    skip_key,
    skip_value,
)
from regulars.domain.imports.sources.nesting import is_too_deep
from regulars.domain.imports.sources.unpacking import CHUNK_BYTES
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from regulars.domain.imports.sources.contract import Given

_NESTING_LEFT: Final = 62
"""Levels that a record may have, whether the list of records is wrapped or not, for the quick way;
the slow one knows better."""
_KEY_BYTES: Final = 100
"""Enough for `"customers"` with each letter escaped."""
_CUT_TRIES: Final = (1, 2, 4, 8, 16)
"""Of the places where a chunk might be cut, counted from its end."""
_CUT_LOOK_BYTES: Final = 16 * 1024
_CUT: Final = re.compile(rb"[}\]][ \t\r\n]*+,[ \t\r\n]*+(?=[{\[])")
_HEAD: Final = re.compile(rb'\{[ \t\r\n]*+"[^"\\]{1,100}+"')
_CUT_SPACE_BYTES: Final = 1024

_decode: Final = msgspec.json.Decoder().decode
_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode


class JsonRecords:
    """The records of a list, or of the one under the key `customers` of an object."""

    header: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    delimiter = ""
    is_renamed = False

    def __init__(self, stream: BinaryIO, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._stream: Final = stream
        self._chunk_bytes: Final = chunk_bytes

    def __iter__(self) -> Iterator[Given]:
        """The records, each as it is written."""
        window = ByteWindow(self._stream, self._chunk_bytes)
        window.skip(SPACE)
        if window.peek() == b"{":
            yield from _read_wrapper(window)
        else:
            yield from _read_list(window, 0)
        window.skip(SPACE)
        if window.peek() != END:
            refuse("something follows its end", window.position)

    def decode(self, given: Given) -> object:
        """The value of a record, or a `RefusedRecord`."""
        if not isinstance(given, bytes):
            return given
        try:
            return _decode(given)
        except (msgspec.DecodeError, UnicodeDecodeError):
            try:
                return read_value(given.decode())
            except (ValueError, RecursionError):
                return NOT_JSON

    def original(self, given: Given) -> bytes | None:
        """The bytes of a record, as they came."""
        return given if isinstance(given, bytes) else None

    def line(self, given: Given) -> int | None:  # noqa: ARG002 - the contract's shape
        """None: JSON is not written in lines."""
        return None


def _read_wrapper(window: ByteWindow) -> Iterator[Given]:
    """The records in the object that begins at a window, which moves behind it."""
    is_found = False
    mark = b"{"
    while mark != b"}":
        window.at += 1
        window.skip(SPACE)
        if mark == b"{" and window.peek() == b"}":
            break
        name = _read_key(window)
        if name != "customers":
            skip_value(window, 1)
        elif is_found:
            raise MalformedBodyError('the body has the key "customers" twice')
        else:
            is_found = True
            yield from _read_list(window, 1)
        window.skip(SPACE)
        mark = window.peek()
        if mark not in (b",", b"}"):
            refuse("expected , or }", window.position)
    if not is_found:
        raise MalformedBodyError('the body has no key "customers"')
    window.at += 1


def _read_key(window: ByteWindow) -> object:
    """The key that begins at a window, or None where it is long; the window moves to its value."""
    window.keep(_KEY_BYTES)
    skip_key(window)
    kept = window.take_kept()
    skip_colon(window)
    return None if kept is None else read_value(kept.decode())


def _read_list(window: ByteWindow, depth: int) -> Iterator[Given]:
    """The items of the list that begins at a window, which moves behind it."""
    if window.peek() != b"[":
        skip_value(window, depth)
        raise MalformedBodyError("the customers must be a list")
    window.at += 1
    window.skip(SPACE)
    if window.peek() == b"]":
        window.at += 1
        return
    while True:
        window.fill_up()
        cut = _cut_chunk(window)
        yield from cut
        if cut:
            continue
        # However this chunk is written, it is tried the quick way once: then it goes the slow one.
        until = window.end_position
        is_first = True
        while is_first or window.position < until:
            is_first = False
            yield _read_item(window, depth + 1)
            if not _goes_on(window):
                return


def _goes_on(window: ByteWindow) -> bool:
    """Move behind what follows an item; whether that is another one."""
    window.skip(SPACE)
    mark = window.peek()
    if mark not in (b",", b"]"):
        refuse("expected , or ]", window.position)
    window.at += 1
    if mark == b",":
        window.skip(SPACE)
    return mark == b","


def _read_item(window: ByteWindow, depth: int) -> Given:
    window.keep(RECORD_BYTES_LIMIT)
    skip_value(window, depth)
    kept = window.take_kept()
    return TOO_LARGE if kept is None else kept


def _cut_chunk(window: ByteWindow) -> list[bytes]:
    """All whole records ahead, the window moves to the next one; none where that is not certain.

    JSON is read from left to right: if the list closed at the cut is JSON, then the cut lies
    between two records, and not in a string nor deeper.
    """
    for end, begin in _find_cuts(window.data, window.at):
        try:
            cut = _decode_list(b"[" + window.data[window.at : end] + b"]")
        except (msgspec.DecodeError, RecursionError):
            continue
        records = [bytes(record) for record in cut]
        if any(is_too_deep(record, _NESTING_LEFT) for record in records):
            return []
        window.at = begin
        window.skip(SPACE)
        return records
    return []


def _find_cuts(data: bytes, at: int) -> list[tuple[int, int]]:
    """Where records may end and the next ones begin: the last places, the last one first."""
    cuts = []
    # Most records begin with the same key, and what is nested in them does not.
    head = _HEAD.match(data, at)
    if head is not None and (begin := data.rfind(head[0], head.end())) > 0:
        before = list(_CUT.finditer(data, max(at, begin - _CUT_SPACE_BYTES), begin + 1))
        cuts = [(match.start() + 1, begin) for match in before if match.end() == begin]
    for start in (max(at, len(data) - _CUT_LOOK_BYTES), at):
        matches = list(_CUT.finditer(data, start))
        if matches:
            tried = (matches[-back] for back in _CUT_TRIES if back <= len(matches))
            return cuts + [(match.start() + 1, match.end()) for match in tried]
    # Records that are no objects: whoever sends them is told about each, and not slowly.
    comma = data.rfind(b",", at)
    if comma < 0:
        return []
    return [(comma, comma + 1)]
