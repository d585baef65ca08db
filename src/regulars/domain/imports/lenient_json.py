"""JSON that the fast decoder refuses, though only one record is at fault, or nothing at all.

Owns reading by the standard library: slower, but it takes numbers out of range and halves of
surrogate pairs, which are a problem of their record (SPEC section 4). Must not know what a record
means.
"""

from __future__ import annotations

import json
from typing import Final, NoReturn

from regulars.domain.fields.types import OutOfRange

_LONGEST_INTEGER: Final = 400
"""Digits; a longer integer fits no type, and is slow to read."""


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

_key_decoder: Final = json.JSONDecoder(
    object_pairs_hook=lambda pairs: [key for key, _ in pairs],
    parse_int=_read_int,
    parse_float=_read_float,
)


def read_keys(written: bytes) -> list[str]:
    """The keys of a JSON object as they are written, repeated ones too, which a decoded object does
    not tell. Only for an object that was decoded already.
    """
    keys: list[str] = _key_decoder.decode(written.decode())
    return keys
