"""The rule of the field `external_id`: letters, digits and dashes (SPEC section 3)."""

from __future__ import annotations

import unicodedata
from typing import Final

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import scalar_text

MAX_CHARACTERS: Final = 255
_CODE: Final = "bad_external_id"


def _is_allowed(character: str) -> bool:
    category = unicodedata.category(character)
    return character == "-" or category == "Nd" or category[0] == "L"


def read_external_id(value: object) -> str | Remove:
    """The id, trimmed and NFC, its case kept; `REMOVE` stands for "not supplied".

    Numbers are taken as their text, as in a string; a boolean is refused. Raises nothing but
    `bad_external_id`, also for bad text: the caller rejects the whole record.
    """
    if type(value) is str:
        # ASCII letters and digits only: already canonical, and most ids are.
        if value.isalnum() and value.isascii() and len(value) <= MAX_CHARACTERS:
            return value
        text = value.strip()
    elif isinstance(value, bool):
        raise Unreadable(_CODE)
    else:
        text = scalar_text(value, _CODE)
    if not text:
        return REMOVE
    text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_CHARACTERS or not all(map(_is_allowed, text)):
        raise Unreadable(_CODE)
    return text


EXTERNAL_ID: Final = FieldType(
    name="external_id",
    problem_code=_CODE,
    accepts="Letters, digits and dashes, at most 255 characters; upper and lower case differ.",
    example="3619490226",
    compile_reader=same_for_every_company(read_external_id),
)
