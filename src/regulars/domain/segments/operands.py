"""Operands as values: what somebody wrote, read through the field's own type (SPEC section 11).

Must not know trees or where an operand stands.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.fields.types.date import read_date
from regulars.domain.fields.types.string import read_string
from regulars.domain.fields.types.text import is_bad_text
from regulars.domain.segments.values import compile_comparable, lowered

if TYPE_CHECKING:
    from regulars.domain.fields.schema import CompiledField
    from regulars.domain.fields.types import Remove, Value
    from regulars.domain.segments.operators import Takes
    from regulars.domain.segments.values import Comparable

EMPTY: Final = "empty_value"
_DATE_LENGTH: Final = len("1991-06-14")


def read_operand(field: CompiledField, takes: Takes, text: str) -> Comparable:
    """The value that an operand stands for, as it is compared.

    Raises `Unreadable` with the code of the field's type, or with `empty_value`.
    """
    if takes == "text":
        return _read_text(text)
    if takes == "items":
        return lowered(str(_present(read_string(text))))
    if field.type == "datetime" and len(text.strip()) == _DATE_LENGTH:
        return date.fromisoformat(str(_present(read_date(text))))
    compared = compile_comparable(field)(_present(field.read_stored(text)))
    if compared is None:
        raise Unreadable(EMPTY)
    return compared


def _read_text(text: str) -> str:
    # Not trimmed: a space belongs to what is looked for.
    if is_bad_text(text):
        raise Unreadable("bad_text")
    if not text:
        raise Unreadable(EMPTY)
    return lowered(text)


def _present(value: Value | Remove) -> Value:
    if value is REMOVE:
        raise Unreadable(EMPTY)
    return value
