"""Text as all types treat it: trimmed, NFC, without NUL and lone surrogates (SPEC section 2).

Owns canonical text and its memo; must not know what a type makes of the text.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Final

from regulars.domain.fields.types.reading import REMOVE, Remove, Unreadable

MAX_CHARACTERS: Final = 10_000
"""The longest text of a string or an item, after trimming and NFC."""

_MEMO_ENTRIES: Final = 50_000
_MEMO_CHARACTERS: Final = 64


def is_bad_text(text: str) -> bool:
    """Whether no store can hold the text: it has a NUL or a surrogate without its other half."""
    if "\0" in text:
        return True
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def trimmed(value: object, code: str) -> str:
    """The text of a string without outer white space; anything but a string raises `code`."""
    if not isinstance(value, str):
        raise Unreadable(code)
    if is_bad_text(value):
        raise Unreadable("bad_text")
    return value.strip()


def canonical_text(value: str) -> str | Remove:
    """The canonical form of a string; `REMOVE` where nothing is left after trimming.

    Raises `bad_text` and `too_long`.
    """
    text = trimmed(value, "wrong_type")
    if not text:
        return REMOVE
    # ASCII is its own NFC, and most text is ASCII.
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too_long")
    return text


class _CanonicalTexts(dict[str, str | Remove]):
    """A memo of canonical texts, because names, cities and tags repeat.

    Looking up a known text stays in C; keys are always `str`, since 1 == True == 1.0 would share
    an entry. Only short texts are kept and a full memo is emptied: at most about 10 MB.
    """

    __slots__ = ()

    def __missing__(self, value: str) -> str | Remove:
        text = canonical_text(value)
        if len(value) <= _MEMO_CHARACTERS:
            if len(self) >= _MEMO_ENTRIES:
                self.clear()
            self[value] = text
        return text


CANONICAL_TEXTS: Final = _CanonicalTexts()
"""`CANONICAL_TEXTS[value]` is `canonical_text(value)`, only faster for what came before."""


def scalar_text(value: object, code: str) -> str:
    """A number or boolean as text: 7.0 is `7`, other floats in their shortest form.

    Anything else, numbers that are not finite included, raises `code`.
    """
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError:  # beyond the interpreter's limit of digits
            raise Unreadable(code) from None
    if isinstance(value, float) and math.isfinite(value):
        # Adding 0.0 makes the negative zero a plain one.
        return repr(value + 0.0).removesuffix(".0")
    raise Unreadable(code)
