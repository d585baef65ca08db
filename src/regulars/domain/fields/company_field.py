"""Fields of a company's own: names, inferred types and how those widen (SPEC section 3).

Owns what a first value says about a field's type and where a type goes when a value does not read.
Must not know of other records or of stored customers.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.fields.types import FIELD_TYPES, REMOVE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.types import Reader, ReadingContext, Remove, Value

Origin = Literal["inferred", "declared"]

_OWN_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII | re.IGNORECASE)

_WIDER: Final = {
    "boolean": ("string", "list"),
    "integer": ("number", "string", "list"),
    "number": ("string", "list"),
    "string": ("list",),
}
"""What an inferred type may become, narrowest first. Lists and objects stay what they are."""

_INT64_MIN: Final = -(2**63)
_INT64_MAX: Final = 2**63 - 1


class CompanyField(msgspec.Struct, frozen=True):
    """A field of one company's own.

    `as_given` says that stored customers may hold values as they were uploaded, which are read
    through `type` whenever they are compared or shown.
    """

    name: str
    type: str
    origin: Origin
    as_given: bool

    @property
    def key(self) -> str:
        """The name as names compare: without regard to case."""
        return self.name.lower()


def is_own_name(name: str) -> bool:
    """Whether `name`, the part behind `SHORT__`, is fit for a company field (SPEC section 3)."""
    return _OWN_NAME.fullmatch(name) is not None


def infer_type(value: object) -> str | None:  # noqa: PLR0911 - one for each type of JSON
    """The type that a first value of JSON declares; None if the value says nothing of it."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer" if _INT64_MIN <= value <= _INT64_MAX else "number"
        case float():
            return "number"
        case list():
            return "list"
        case dict():
            return "object"
        case str():
            return "string" if value.strip() else None
        case _:
            return None


def compile_typed_reader(type_name: str, context: ReadingContext, *, as_given: bool) -> Reader:
    """The reader of a company field's type.

    A list that may once have been a scalar also reads a lone number or boolean, as its only item.
    """
    reader = FIELD_TYPES[type_name].compile_reader(context)
    if type_name != "list" or not as_given:
        return reader

    def read_list_or_scalar(value: object) -> Value | Remove:
        return reader([value] if isinstance(value, (bool, int, float)) else value)

    return read_list_or_scalar


def may_widen(type_name: str) -> bool:
    """Whether any type is wider than this one."""
    return type_name in _WIDER


def widened_type(
    type_name: str, value: object, compile_reader: Callable[[str], Reader]
) -> tuple[str, Reader]:
    """The narrowest type, at least as wide as `type_name`, that reads `value`, and its reader.

    Raises `Unreadable` with the code of the last type tried, when none reads it: an object and
    anything else never share a field.
    """
    problem = Unreadable("wrong_type")
    if isinstance(value, dict) or type_name == "object":
        raise problem
    for wider in _WIDER.get(type_name, ()):
        reader = compile_reader(wider)
        try:
            reader(value)
        except Unreadable as unreadable:
            problem = unreadable
        else:
            return wider, reader
    raise problem


def kept_as_given(value: object) -> Value:
    """The stored form of a value of an inferred field: as given, but for trimming and NFC."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value.strip())
        case bool() | int() | float() | list() | dict():
            return value
        case _:
            raise Unreadable("wrong_type")


def compile_inferred_reader(reader: Reader) -> Reader:
    """A reader that checks a value by `reader`, but keeps it as it was given."""

    def read(value: object) -> Value | Remove:
        return REMOVE if reader(value) is REMOVE else kept_as_given(value)

    return read
