"""The type `string`: text, or a number or boolean as text (SPEC section 2)."""

from __future__ import annotations

from typing import Final

from regulars.domain.fields.types.reading import FieldType, Remove, same_for_every_company
from regulars.domain.fields.types.text import CANONICAL_TEXTS, scalar_text


def read_string(value: object) -> str | Remove:
    """The text, trimmed and NFC; raises `wrong_type`, `too_long`, `bad_text`."""
    if type(value) is str:
        return CANONICAL_TEXTS[value]
    return scalar_text(value, "wrong_type")


STRING: Final = FieldType(
    name="string",
    problem_code="wrong_type",
    accepts="A string of at most 10,000 characters; a number or boolean is taken as its text.",
    example="Helsinki",
    compile_reader=same_for_every_company(read_string),
)
