"""Uploaded bodies as numbered records: JSON and NDJSON (SPEC section 4).

Owns what makes a whole body unreadable, and what is only one record's problem. Must not know what
a record means, nor where the body comes from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.imports import lenient_json
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD_BYTES_LIMIT: Final = 1024 * 1024
NESTING_LIMIT: Final = 64

_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"


class _Wrapper(msgspec.Struct):
    customers: msgspec.Raw


_decode: Final = msgspec.json.Decoder().decode
_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_wrapper: Final = msgspec.json.Decoder(_Wrapper).decode
_WRAPPER_START: Final = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"customers"[ \t\r\n]*:[ \t\r\n]*')
_WRAPPER_END: Final = re.compile(rb"[ \t\r\n]*\}[ \t\r\n]*")
_STRUCTURE: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""A string, closed or not, or a bracket. It never looks at a byte twice, so that no body is slow
to check."""


class RefusedRecord(msgspec.Struct, frozen=True):
    """In place of a record that could not be read at all: the code of its problem."""

    code: str


def read_json_records(body: bytes) -> list[msgspec.Raw]:
    """The records of a JSON body, checked to its end, each to be read by `decode_record`.

    The body is a list of records, or an object with one key `customers` that holds such a list.
    Raises `MalformedBodyError` where it is not JSON, not UTF-8, or nested too deep.
    """
    if body.startswith(_BOM):
        # Space in its place keeps the positions of errors right.
        body = _SPACE[:1] * len(_BOM) + body[len(_BOM) :]
    try:
        body.decode()
    except UnicodeDecodeError as error:
        msg = "the body is not UTF-8"
        raise MalformedBodyError(msg, error.start) from None
    try:
        return _split(body)
    except (msgspec.DecodeError, RecursionError):
        # msgspec also refuses what is one record's problem only, such as half a surrogate pair.
        deep = _find_too_deep(body, NESTING_LIMIT)
        if deep is not None:
            msg = f"the body is nested deeper than {NESTING_LIMIT}"
            raise MalformedBodyError(msg, deep) from None
        return lenient_json.cut_records(body)


def _split(body: bytes) -> list[msgspec.Raw]:
    start = _WRAPPER_START.match(body)
    levels = NESTING_LIMIT - 1
    inner: bytes | msgspec.Raw = body
    if start is not None:
        levels -= 1
        inner = _decode_wrapper(body).customers
        end = start.end() + memoryview(inner).nbytes
        # Another `customers` behind the first would have won: then the first is not what was read.
        if memoryview(body)[start.end() : end] != memoryview(inner):
            raise msgspec.DecodeError
        if not _WRAPPER_END.fullmatch(body, end):
            raise msgspec.DecodeError
    elif body.lstrip(_SPACE)[:1] != b"[":
        raise msgspec.DecodeError
    records = _decode_list(inner)
    if any(_find_too_deep(bytes(memoryview(record)), levels) is not None for record in records):
        raise msgspec.DecodeError
    return records


def decode_record(given: object) -> object:
    """The object of a record, or a `RefusedRecord`."""
    if given.__class__ is not msgspec.Raw:
        return given
    try:
        return _decode(given)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return lenient_json.read_value(bytes(memoryview(given)).decode())


def is_too_large(given: object) -> bool:
    """Whether a record exceeds the size that one may have."""
    if given.__class__ is msgspec.Raw:
        return memoryview(given).nbytes > RECORD_BYTES_LIMIT
    return False


def read_ndjson_records(file: BinaryIO) -> Iterator[object]:
    """The records of an NDJSON body, a line each; empty lines are passed over.

    A line that is no JSON object, or too long, is a `RefusedRecord`. The memory used does not
    depend on the size of the body.
    """
    is_first = True
    while line := file.readline(RECORD_BYTES_LIMIT + 2):
        if is_first and line.startswith(_BOM):
            line = line[len(_BOM) :]
        is_first = False
        if len(line) > RECORD_BYTES_LIMIT and len(line.rstrip(b"\r\n")) > RECORD_BYTES_LIMIT:
            if not line.endswith(b"\n"):
                _skip_line(file)
            yield RefusedRecord("record_too_large")
        elif line.strip():
            yield _read_line(line)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(RECORD_BYTES_LIMIT)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: bytes) -> object:
    try:
        record = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            record = lenient_json.read_value(line.decode())
        except (ValueError, RecursionError):
            return RefusedRecord("malformed_record")
    if _find_too_deep(line, NESTING_LIMIT) is not None:
        return RefusedRecord("malformed_record")
    return record


def _find_too_deep(text: bytes, levels: int) -> int | None:
    """Where brackets are nested deeper than so many levels."""
    if text.count(b"[") + text.count(b"{") <= levels:
        return None
    depth = 0
    for match in _STRUCTURE.finditer(text):
        mark = match[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth > levels:
                return match.start()
        elif mark in (b"]", b"}"):
            depth -= 1
    return None
