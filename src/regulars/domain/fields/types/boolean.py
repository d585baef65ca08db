"""The type `boolean`: true, false and the usual spellings of them (SPEC section 2)."""

from __future__ import annotations

from typing import Final

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_boolean"
_WORDS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def read_boolean(value: object) -> bool | Remove:
    """True or false; raises `bad_boolean`."""
    if value is True or value is False:
        return value
    if type(value) is str and value in _WORDS:
        return _WORDS[value]
    if isinstance(value, (int, float)):
        if value in (0, 1):
            return value == 1
        raise Unreadable(_CODE)
    text = trimmed(value, _CODE)
    if not text:
        return REMOVE
    truth = _WORDS.get(text.lower())
    if truth is None:
        raise Unreadable(_CODE)
    return truth


BOOLEAN: Final = FieldType(
    name="boolean",
    problem_code=_CODE,
    accepts="true or false, 1 or 0, or the words true, false, yes, no in any case.",
    example="true",
    compile_reader=same_for_every_company(read_boolean),
)
