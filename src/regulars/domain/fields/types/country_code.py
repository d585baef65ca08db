"""The type `country_code`: ISO 3166-1 alpha-2 (SPEC section 2)."""

from __future__ import annotations

from functools import cache
from typing import Final

import pycountry

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Reader,
    ReadingContext,
    Remove,
    Unreadable,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_country_code"


@cache
def _alpha_2_codes() -> dict[str, str]:
    """Alpha-2 by alpha-2 (upper and lower case) and alpha-3 (upper case)."""
    codes = {}
    for country in pycountry.countries:
        codes[country.alpha_3] = codes[country.alpha_2] = country.alpha_2
        codes[country.alpha_2.lower()] = country.alpha_2
    return codes


def compile_country_code_reader(_context: ReadingContext) -> Reader:
    """A reader to upper-case alpha-2, from alpha-2 or alpha-3; raises `bad_country_code`."""
    codes = _alpha_2_codes()

    def read_country_code(value: object) -> str | Remove:
        if type(value) is str and value in codes:
            return codes[value]
        text = trimmed(value, _CODE)
        if not text:
            return REMOVE
        # Outside ASCII upper() invents letters: that of "ß" is SS, South Sudan.
        if text.isascii() and text.upper() in codes:
            return codes[text.upper()]
        raise Unreadable(_CODE)

    return read_country_code


COUNTRY_CODE: Final = FieldType(
    name="country_code",
    problem_code=_CODE,
    accepts="A country as ISO 3166-1 alpha-2 or alpha-3 code, in any case.",
    example="GB",
    compile_reader=compile_country_code_reader,
)
