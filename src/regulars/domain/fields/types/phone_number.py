"""The type `phone_number`: E.164, valid by libphonenumber (SPEC section 2).

Owns how a number is written and what it means; `phone_patterns` makes the common case fast.
Must not know which country a record means: the caller says so.
"""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

from regulars.domain.fields.types.phone_patterns import is_plainly_valid
from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Reader,
    ReadingContext,
    Remove,
    Unreadable,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_phone_number"
# White space, dots, brackets, slashes, dashes, and the invisible marks (soft hyphen, zero-width
# space, writing direction) that come along when a number is copied from a web page or a phone.
_SEPARATORS: Final = re.compile(
    r"[\s.()\[\]/\-"
    r"\u2010-\u2015\u2212\uff08\uff09\uff0d-\uff0f\uff3b\uff3d"
    r"\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
)
# ITU-T E.164 has at most 15 digits; a national prefix in brackets may come on top. What else the
# library would make of a text (letters, extensions, a number amid words) is refused here.
_COMPACT: Final = re.compile(r"(?:\+[1-9]|[0-9])[0-9]{1,18}")
_MAX_INTEGER: Final = 10**18


def _compact(text: str) -> str:
    """The text without separators, its digits ASCII, a leading `00` as `+`."""
    text = _SEPARATORS.sub("", text).replace("\uff0b", "+")
    if not text.isascii():
        text = phonenumbers.normalize_digits_only(text, keep_non_digits=True)
    return "+" + text[2:] if text.startswith("00") else text


def is_national(text: str) -> bool:
    """Whether the text names no country itself: it begins neither with `+` nor with `00`."""
    return not (text.startswith("+") or _compact(text).startswith("+"))


def read_phone_number(value: object, country: str) -> str | Remove:
    """The number as E.164, a national one read as one of `country` (upper-case alpha-2).

    An integer is taken as its digits, and so as a national number. Raises `bad_phone_number`,
    `bad_text`.
    """
    if type(value) is str:
        if is_plainly_valid(value):
            return value
    elif type(value) is int and 0 <= value < _MAX_INTEGER:
        value = str(value)
    text = trimmed(value, _CODE)
    if not text:
        return REMOVE
    written = _compact(text)
    if is_plainly_valid(written):
        return written
    if _COMPACT.fullmatch(written) is None:
        raise Unreadable(_CODE)
    return _read_by_library(written, country)


def _read_by_library(written: str, country: str) -> str:
    try:
        number = phonenumbers.parse(written, None if written.startswith("+") else country)
    except phonenumbers.NumberParseException:
        raise Unreadable(_CODE) from None
    if not phonenumbers.is_valid_number(number):
        raise Unreadable(_CODE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def compile_phone_number_reader(context: ReadingContext) -> Reader:
    """A reader of numbers that takes national ones as those of `context.country`."""
    country = context.country

    def read(value: object) -> str | Remove:
        return read_phone_number(value, country)

    return read


PHONE_NUMBER: Final = FieldType(
    name="phone_number",
    problem_code=_CODE,
    accepts=(
        "A valid phone number with country prefix (+ or 00), or a national number; "
        "spaces, dots, dashes, slashes and brackets do not count."
    ),
    example="+358401234567",
    compile_reader=compile_phone_number_reader,
)
