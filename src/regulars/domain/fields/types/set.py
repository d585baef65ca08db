"""The type `set`: texts, each once, in the order in which they came (SPEC section 2)."""

from __future__ import annotations

from typing import Final

from regulars.domain.fields.types.items import read_items
from regulars.domain.fields.types.reading import REMOVE, FieldType, Remove, same_for_every_company


def read_set(value: object) -> list[str] | Remove:
    """The items without repeats; `REMOVE` where none is left.

    Raises `wrong_type`, `too_long`, `bad_text`.
    """
    return list(dict.fromkeys(read_items(value))) or REMOVE


SET: Final = FieldType(
    name="set",
    problem_code="wrong_type",
    accepts="An array of strings, or one string for a single item; repeated items count once.",
    example='["kitchenware", "vip"]',
    compile_reader=same_for_every_company(read_set),
)
