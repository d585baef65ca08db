"""What somebody typed to find customers: words that must occur, and perhaps an identifier.

Must not know conditions, nor how words are looked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.fields.types.text import is_bad_text
from regulars.domain.segments.search import search_words
from regulars.errors import InvalidValueError
from regulars.services.customers import find_by_text

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.store.contract import CompanyStore

MOST_WORDS: Final = 30
"""In one search."""
_MOST_EXACT: Final = 1_000
"""Customers with the very identifier that was searched for, who come first."""


def read_words(text: str) -> tuple[str, ...]:
    """The words that must occur, folded. Raises `InvalidValueError`."""
    if is_bad_text(text):
        raise InvalidValueError("q", "text without characters that no text has")
    words = search_words(text)
    if len(words) > MOST_WORDS:
        raise InvalidValueError("q", f"at most {MOST_WORDS} words")
    # Of marks alone nothing is left when they are folded: it occurs nowhere, not everywhere.
    return words or tuple(text.split())


def find_exact(store: CompanyStore, schema: Schema, text: str) -> tuple[int, ...]:
    """The customers whose identifier the whole text is."""
    found = find_by_text(store, schema, text, most=_MOST_EXACT)
    return tuple(sorted({each.id for each in found}))
