"""Uploaded bodies as numbered records: JSON and NDJSON (SPEC section 4).

Owns what makes a whole body unreadable, and what is only one record's problem. Must not know what
a record means, nor where the body comes from.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

import msgspec

from regulars.domain.fields.types import OutOfRange
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD_BYTES_LIMIT: Final = 1024 * 1024
NESTING_LIMIT: Final = 64

_BOM: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"
_LONGEST_INTEGER: Final = 400
"""Digits; a longer integer fits no type, and is slow to read."""

_decode: Final = msgspec.json.Decoder().decode
_decode_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_WRAPPER_START: Final = re.compile(rb'[ \t\r\n]*\{[ \t\r\n]*"customers"[ \t\r\n]*:[ \t\r\n]*')
_WRAPPER_END: Final = re.compile(rb"[ \t\r\n]*\}[ \t\r\n]*")
_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class RefusedRecord(msgspec.Struct, frozen=True):
    """In place of a record that could not be read at all: the code of its problem."""

    code: str


class _Wrapper(msgspec.Struct):
    customers: msgspec.Raw


def read_json_records(body: bytes) -> list[object]:
    """The records of a JSON body, checked to its end, each to be read by `decode_record`.

    The body is a list of records, or an object with one key `customers` that holds such a list.
    Raises `MalformedBodyError` where it is not JSON, not UTF-8, or nested too deep.
    """
    if body.startswith(_BOM):
        body = body[len(_BOM) :]
    try:
        body.decode()
    except UnicodeDecodeError as error:
        msg = "the body is not UTF-8"
        raise MalformedBodyError(msg, error.start) from None
    try:
        records = _split(body)
    except (msgspec.DecodeError, RecursionError):
        # msgspec also refuses what is one record's problem only, such as half a surrogate pair.
        return _read_leniently(body)
    for record in records:
        _check_nesting(memoryview(record), outer=2)
    return records  # type: ignore[return-value]


def _split(body: bytes) -> list[msgspec.Raw]:
    start = _WRAPPER_START.match(body)
    if start is None:
        if body.lstrip(_SPACE)[:1] == b"[":
            return _decode_list(body)
        raise msgspec.DecodeError
    inner = msgspec.json.decode(body, type=_Wrapper).customers
    size = memoryview(inner).nbytes
    # Another `customers` behind the first would have won: then the first is not what was read.
    if memoryview(body)[start.end() : start.end() + size] != memoryview(inner):
        raise msgspec.DecodeError
    if not _WRAPPER_END.fullmatch(body, start.end() + size):
        raise msgspec.DecodeError
    return _decode_list(inner)


def decode_record(given: object) -> object:
    """The object of a record, or a `RefusedRecord`."""
    if given.__class__ is not msgspec.Raw:
        return given
    try:
        return _decode(given)  # type: ignore[arg-type]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _lenient_decoder().decode(bytes(memoryview(given)).decode())  # type: ignore[arg-type]


def is_too_large(given: object) -> bool:
    """Whether a record exceeds the size that one may have."""
    if given.__class__ is msgspec.Raw:
        return memoryview(given).nbytes > RECORD_BYTES_LIMIT  # type: ignore[arg-type]
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
        if len(line) > RECORD_BYTES_LIMIT and not line.endswith(b"\n"):
            _skip_line(file)
            yield RefusedRecord("record_too_large")
        elif not line.isspace():
            yield _read_line(line)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(RECORD_BYTES_LIMIT)) and not rest.endswith(b"\n"):
        pass


def _read_line(line: bytes) -> object:
    try:
        record = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        try:
            record = _lenient_decoder().decode(line.decode())
        except (ValueError, RecursionError):
            return RefusedRecord("malformed_record")
    try:
        _check_nesting(line, outer=0)
    except MalformedBodyError:
        return RefusedRecord("malformed_record")
    return record


# What msgspec refuses, but is JSON


def _lenient_decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_int=_read_int, parse_float=_read_float, parse_constant=_refuse)


def _read_int(digits: str) -> int | OutOfRange:
    return OutOfRange() if len(digits) > _LONGEST_INTEGER else int(digits)


def _read_float(digits: str) -> float | OutOfRange:
    number = float(digits)
    return OutOfRange() if number in (float("inf"), float("-inf")) else number


def _refuse(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


def _read_leniently(body: bytes) -> list[object]:
    """The records of a body by the standard library, which is slower but refuses only what is not
    JSON; this also tells where exactly a malformed body is wrong."""
    _check_nesting(body, outer=0)
    text = body.decode()
    try:
        whole = json.JSONDecoder(
            parse_int=_read_int,
            parse_float=_read_float,
            parse_constant=_refuse,
            object_pairs_hook=_pairs,
        ).decode(text)
    except json.JSONDecodeError as error:
        msg = f"the body is not JSON: {error.msg}"
        raise MalformedBodyError(msg, len(text[: error.pos].encode())) from None
    except ValueError as error:
        msg = f"the body is not JSON: {error}"
        raise MalformedBodyError(msg) from None
    if isinstance(whole, _Pairs):
        values = [value for key, value in whole.pairs if key == "customers"]
        if len(values) != 1:
            msg = 'the body must have the key "customers" once'
            raise MalformedBodyError(msg)
        (whole,) = values
    if not isinstance(whole, list):
        msg = "the customers must be a list"
        raise MalformedBodyError(msg)
    return [_as_dict(record) for record in whole]


class _Pairs:
    """An object as it was written, repeated keys included."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        self.pairs = pairs


_pairs = _Pairs


def _as_dict(value: object) -> object:
    if isinstance(value, _Pairs):
        return {key: _as_dict(inner) for key, inner in value.pairs}
    if isinstance(value, list):
        return [_as_dict(inner) for inner in value]
    return value


def _check_nesting(part: bytes | memoryview, outer: int) -> None:
    """Raises `MalformedBodyError` where brackets are nested too deep."""
    text = bytes(part)
    if text.count(b"[") + text.count(b"{") <= NESTING_LIMIT - outer:
        return
    depth = outer
    for match in _STRUCTURE.finditer(text):
        mark = match[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth > NESTING_LIMIT:
                msg = f"the body is nested deeper than {NESTING_LIMIT}"
                raise MalformedBodyError(msg, match.start() if outer == 0 else None)
        elif mark in (b"]", b"}"):
            depth -= 1
