"""The items of lists and sets: how an array, or one string, becomes texts (SPEC section 2).

Must not know whether repeated items count.
"""

from __future__ import annotations

from regulars.domain.fields.types.reading import REMOVE, Unreadable
from regulars.domain.fields.types.string import read_string
from regulars.domain.fields.types.text import CANONICAL_TEXTS


def read_items(value: object) -> list[str]:
    """The items, each as a string's canonical text; empty and null ones are dropped.

    Raises `wrong_type` for anything but an array of scalars or one string, and what a string
    raises for an item.
    """
    if type(value) is str:
        value = (value,)
    elif type(value) is not list:
        raise Unreadable("wrong_type")
    items = []
    for item in value:
        if item is not None:
            text = CANONICAL_TEXTS[item] if type(item) is str else read_string(item)
            if text is not REMOVE:
                items.append(text)
    return items
