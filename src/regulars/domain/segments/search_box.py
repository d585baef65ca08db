"""What somebody typed into the one search box: words, or a condition (SPEC sections 11 and 12).

Owns how the two are told apart. Must not know what becomes of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.segments.text_reader import read_condition
from regulars.domain.segments.tokens import read_tokens
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema

_BEGINNINGS: Final = frozenset({"not", "(", "segment", "sample"})


def is_meant_as_condition(text: str, schema: Schema) -> bool:
    """Whether a text is a condition rather than words, be it right or wrong: it begins as one, with
    a field or a word of the language; or it reads as one, though of a field that there is not.
    """
    try:
        first = next(read_tokens(text))
    except InvalidConditionError:
        return False
    if first.kind == "end":
        return False
    if first.keyword in _BEGINNINGS or schema.find(first.text) is not None:
        return True
    try:
        read_condition(text)
    except InvalidConditionError:
        return False
    return True
