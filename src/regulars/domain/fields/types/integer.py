"""The type `integer`: whole numbers of 64 bits (SPEC section 2)."""

from __future__ import annotations

import re
from typing import Final

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_integer"
_SMALLEST: Final = -(2**63)
_LARGEST: Final = 2**63 - 1
# Beyond this a float stands for several whole numbers, and nobody knows which one was meant.
_LARGEST_EXACT_FLOAT: Final = 2**53
# Leading zeros stand apart, so that however many there are, int() sees few digits.
_DIGITS: Final = re.compile(r"([+-]?)0*([0-9]{1,19})")


def read_whole_number(value: object, code: str) -> int | Remove:
    """An integer, or a string of digits with an optional sign, of 64 bits; else raises `code`."""
    if type(value) is int:
        number = value
    else:
        text = trimmed(value, code)
        if not text:
            return REMOVE
        digits = _DIGITS.fullmatch(text)
        if digits is None:
            raise Unreadable(code)
        number = int(digits[1] + digits[2])
    if _SMALLEST <= number <= _LARGEST:
        return number
    raise Unreadable(code)


def read_integer(value: object) -> int | Remove:
    """The integer; a float only where it is whole and exact. Raises `bad_integer`."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_EXACT_FLOAT:
        return int(value)
    return read_whole_number(value, _CODE)


INTEGER: Final = FieldType(
    name="integer",
    problem_code=_CODE,
    accepts="A whole number of 64 bits, as a number or as a string of digits.",
    example="42",
    compile_reader=same_for_every_company(read_integer),
)
