"""Free-text search: every word must occur in some text of a customer (SPEC section 11).

Owns how text is folded, the same for what is searched and what is searched for. Must not know how
folded text is kept.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from regulars.domain.fields.types import REMOVE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.fields.types import Value

SEARCHED_TYPES: Final = frozenset({"string", "email", "phone_number", "external_id", "list", "set"})
"""The types whose values are searched; codes of countries and languages would find too many."""

BETWEEN: Final = "\n"
"""Stands between the texts of a customer: no word holds white space, so none reaches across."""


def fold(text: str) -> str:
    """Text without case and accents; folding it again changes nothing.

    Unicode's caseless match for compatibility (The Unicode Standard, D146), then without the marks
    that combine with a letter.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", text).casefold())
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(_stands_alone, text))


def search_words(query: str) -> tuple[str, ...]:
    """The folded words of a query, each once, in order."""
    return tuple(dict.fromkeys(fold(query).split()))


def search_text(schema: Schema, fields: Mapping[str, Value]) -> str:
    """The folded text of a customer that words are looked for in."""
    return compile_search_text(schema)(fields)


def compile_search_text(schema: Schema) -> Callable[[Mapping[str, Value]], str]:
    """The function that `search_text` applies, found once for a schema."""
    searched = [field for field in schema.fields.values() if field.type in SEARCHED_TYPES]

    def find_search_text(fields: Mapping[str, Value]) -> str:
        texts: list[str] = []
        for field in searched:
            value = fields.get(field.name)
            if value is not None:
                texts += searched_texts(field, value)
        return fold(BETWEEN.join(texts))

    return find_search_text


def searched_texts(field: CompiledField, stored: Value) -> list[str]:
    """The texts of one field of a searched type, not folded yet."""
    value: object = stored
    if field.as_given:
        try:
            value = field.read_stored(stored)
        except Unreadable:
            return []
    if value is REMOVE:
        return []
    return value if isinstance(value, list) else [str(value)]


def _stands_alone(character: str) -> bool:
    return unicodedata.combining(character) == 0
