"""Email addresses and phone numbers in a record that could not be read.

Owns what counts as naming somebody. A record that was rejected is kept for a while; when the person
is forgotten it must go, also where nobody could make out which of its values were identifiers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from regulars.domain.fields.types import FIELD_TYPES, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.fields.types import ReadingContext

MOST_CANDIDATES: Final = 100
_LONGEST_ADDRESS: Final = 320
_DIVIDERS: Final = re.compile(r"[\s\"'<>,;:()\[\]{}\\|]+")
_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}[0-9]")


def find_named_addresses(content: bytes, context: ReadingContext) -> set[str] | None:
    """The addresses in a record, in canonical form; None where there are more candidates than one
    record can be thought to name.
    """
    text = content.decode("utf-8", "replace")
    found: set[str] = set()
    for count, (type_name, candidate) in enumerate(_candidates(text)):
        if count >= MOST_CANDIDATES:
            return None
        try:
            value = FIELD_TYPES[type_name].compile_reader(context)(candidate)
        except Unreadable:
            continue
        if isinstance(value, str):
            found.add(value)
    return found


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    if "@" in text:
        for word in _DIVIDERS.split(text):
            if "@" in word and len(word) <= _LONGEST_ADDRESS:
                yield "email", word.strip(".")
    for match in _NUMBER.finditer(text):
        yield "phone_number", match[0]
