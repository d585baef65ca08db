"""The type `number`: an IEEE 754 double (SPEC section 2)."""

from __future__ import annotations

import math
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

_CODE: Final = "bad_number"
# Stricter than float(), which also takes underscores, foreign digits, "inf" and "nan".
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def read_number(value: object) -> float | Remove:
    """The number as a finite float; raises `bad_number`."""
    if isinstance(value, bool):
        raise Unreadable(_CODE)
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            raise Unreadable(_CODE) from None
    else:
        text = trimmed(value, _CODE)
        if not text:
            return REMOVE
        if _DECIMAL.fullmatch(text) is None:
            raise Unreadable(_CODE)
        number = float(text)
    if not math.isfinite(number):
        raise Unreadable(_CODE)
    # Adding 0.0 makes the negative zero a plain one, so that equal numbers have equal documents.
    return number + 0.0


NUMBER: Final = FieldType(
    name="number",
    problem_code=_CODE,
    accepts="A finite number, or a decimal string with a point.",
    example="12.5",
    compile_reader=same_for_every_company(read_number),
)
