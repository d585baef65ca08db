"""The type `object`: a JSON object kept as given, for company fields only (SPEC section 2)."""

from __future__ import annotations

import math
from typing import Final

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    OutOfRange,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import is_bad_text, trimmed

MAX_DEPTH: Final = 64
"""How many objects and arrays may lie within each other, the outermost one counted."""

_CODE: Final = "wrong_type"


def _check(value: object, depth: int) -> None:
    """Raises unless the value can be stored and read back unchanged."""
    if isinstance(value, dict):
        inner = [*value, *value.values()]
    elif isinstance(value, list):
        inner = value
    else:
        _check_scalar(value)
        return
    if depth == MAX_DEPTH:
        raise Unreadable(_CODE)
    for item in inner:
        _check(item, depth + 1)


def _check_scalar(value: object) -> None:
    if isinstance(value, str):
        if is_bad_text(value):
            raise Unreadable("bad_text")
    elif isinstance(value, OutOfRange) or (isinstance(value, float) and not math.isfinite(value)):
        raise Unreadable(_CODE)


def read_object(value: object) -> dict[str, object] | Remove:
    """The same object, not a copy; raises `wrong_type`, `bad_text`.

    It may be empty, and holds nulls and empty strings as they came.
    """
    if isinstance(value, dict):
        _check(value, 0)
        return value
    if not trimmed(value, _CODE):
        return REMOVE
    raise Unreadable(_CODE)


OBJECT: Final = FieldType(
    name="object",
    problem_code=_CODE,
    accepts="A JSON object, nested at most 64 deep. In CSV: its text, once the field is an object.",
    example='{"size": 42}',
    compile_reader=same_for_every_company(read_object),
)
