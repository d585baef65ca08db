"""The type `language_code`: ISO 639-1 (SPEC section 2)."""

from __future__ import annotations

import re
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

_CODE: Final = "bad_language_code"
# A language and, dropped, what may follow it in BCP 47 or in a POSIX locale: en-GB, zh-Hant-TW.
_TAG: Final = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{1,8})*")


@cache
def _alpha_2_codes() -> dict[str, str]:
    """Lower-case alpha-2 by alpha-2 in upper and in lower case.

    Cached and called late: reading the library's 8,000 languages takes some 30 ms.
    """
    codes = {}
    for language in pycountry.languages:
        code = getattr(language, "alpha_2", None)
        if code is not None:
            codes[code] = codes[code.upper()] = code
    return codes


def compile_language_code_reader(_context: ReadingContext) -> Reader:
    """A reader to the lower-case two-letter code; raises `bad_language_code`."""
    codes = _alpha_2_codes()

    def read_language_code(value: object) -> str | Remove:
        if type(value) is str and value in codes:
            return codes[value]
        text = trimmed(value, _CODE)
        if not text:
            return REMOVE
        tag = _TAG.fullmatch(text)
        if tag is None or tag[1].lower() not in codes:
            raise Unreadable(_CODE)
        return tag[1].lower()

    return read_language_code


LANGUAGE_CODE: Final = FieldType(
    name="language_code",
    problem_code=_CODE,
    accepts="A language as ISO 639-1 code in any case; of en-GB or en_US the language is kept.",
    example="en",
    compile_reader=compile_language_code_reader,
)
