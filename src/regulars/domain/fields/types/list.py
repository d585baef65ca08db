"""The type `list`: texts in order, repeats kept (SPEC section 2)."""

from __future__ import annotations

from typing import Final

from regulars.domain.fields.types.items import read_items
from regulars.domain.fields.types.reading import REMOVE, FieldType, Remove, same_for_every_company


def read_list(value: object) -> list[str] | Remove:
    """The items; `REMOVE` where none is left. Raises `wrong_type`, `too_long`, `bad_text`."""
    return read_items(value) or REMOVE


LIST: Final = FieldType(
    name="list",
    problem_code="wrong_type",
    accepts="An array of strings, or one string for a single item; empty items are dropped.",
    example='["kitchenware", "garden"]',
    compile_reader=same_for_every_company(read_list),
)
