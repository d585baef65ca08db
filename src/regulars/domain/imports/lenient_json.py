"""JSON that the fast decoder refuses, though only one record is at fault, or nothing at all.

Owns reading by the standard library: slower, but it takes numbers out of range and halves of
surrogate pairs, which are a problem of their record (SPEC section 4), and tells where a body that
is no JSON is wrong. Must not know what a record means.
"""

from __future__ import annotations

import json
import re
from typing import Final, NoReturn

import msgspec

from regulars.domain.fields.types import OutOfRange
from regulars.errors import MalformedBodyError

_LONGEST_INTEGER: Final = 400
"""Digits; a longer integer fits no type, and is slow to read."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")


def _read_int(digits: str) -> int | OutOfRange:
    return OutOfRange() if len(digits) > _LONGEST_INTEGER else int(digits)


def _read_float(digits: str) -> float | OutOfRange:
    number = float(digits)
    return OutOfRange() if number in (float("inf"), float("-inf")) else number


def _refuse(name: str) -> NoReturn:
    msg = f"{name} is not JSON"
    raise ValueError(msg)


_decoder: Final = json.JSONDecoder(
    parse_int=_read_int, parse_float=_read_float, parse_constant=_refuse
)
read_value: Final = _decoder.decode
"""The value of a JSON text. Raises `ValueError`, `RecursionError`."""


def cut_records(body: bytes) -> list[msgspec.Raw]:
    """The records of a body that is UTF-8 and not nested deep, each as it is written.

    Raises `MalformedBodyError` with the byte position.
    """
    text = body.decode()
    try:
        at = _skip_space(text, 0)
        if text[at : at + 1] == "{":
            records, at = _cut_wrapper(text, at)
        else:
            records, at = _cut_list(text, at)
        at = _skip_space(text, at)
        if at != len(text):
            raise json.JSONDecodeError("Extra data", text, at)  # noqa: TRY301
    except json.JSONDecodeError as error:
        msg = f"the body is not JSON: {error.msg}"
        raise MalformedBodyError(msg, len(text[: error.pos].encode())) from None
    return records


def _cut_wrapper(text: str, at: int) -> tuple[list[msgspec.Raw], int]:
    """The records in the object that begins at `at`, and where it ends."""
    records: list[msgspec.Raw] | None = None
    mark = "{"
    while mark != "}":
        at = _skip_space(text, at + 1)
        if mark == "{" and text[at : at + 1] == "}":
            break
        key, at = _read_key(text, at)
        if key != "customers":
            _, at = _read_part(text, at)
        elif records is not None:
            raise MalformedBodyError('the body has the key "customers" twice')
        else:
            records, at = _cut_list(text, at)
        at = _skip_space(text, at)
        mark = _expect(",}", text, at)
    if records is None:
        raise MalformedBodyError('the body has no key "customers"')
    return records, at + 1


def _cut_list(text: str, at: int) -> tuple[list[msgspec.Raw], int]:
    """The items of the list that begins at `at`, and where it ends."""
    if text[at : at + 1] != "[":
        _read_part(text, at)
        raise MalformedBodyError("the customers must be a list")
    records: list[msgspec.Raw] = []
    at = _skip_space(text, at + 1)
    if text[at : at + 1] == "]":
        return records, at + 1
    mark = ","
    while mark != "]":
        _, end = _read_part(text, at)
        records.append(msgspec.Raw(text[at:end].encode()))
        at = _skip_space(text, end)
        mark = _expect(",]", text, at)
        at = at + 1 if mark == "]" else _skip_space(text, at + 1)
    return records, at


def _read_key(text: str, at: int) -> tuple[object, int]:
    """A key, and where its value begins."""
    if text[at : at + 1] != '"':
        raise json.JSONDecodeError("Expecting property name", text, at)
    key, at = _read_part(text, at)
    at = _skip_space(text, at)
    _expect(":", text, at)
    return key, _skip_space(text, at + 1)


def _read_part(text: str, at: int) -> tuple[object, int]:
    """The value that begins at `at`, and where it ends."""
    try:
        return _decoder.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        raise json.JSONDecodeError(str(error), text, at) from None


def _expect(marks: str, text: str, at: int) -> str:
    mark = text[at : at + 1]
    if not mark or mark not in marks:
        raise json.JSONDecodeError(f"Expecting one of {marks}", text, at)
    return mark


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return at if match is None else match.end()
