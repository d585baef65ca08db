"""How customers are shown: in replies and in exports (SPEC section 10).

Owns the order and form of values. Must not know formats such as CSV, nor who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value

    Show = Callable[[Mapping[str, Value]], dict[str, Value]]

_SECONDS_LENGTH: Final = len("2015-08-28T14:10:00")
_STATES: Final = ("is_forgotten", "is_deleted")


def read_field_names(schema: Schema, text: str) -> list[str]:
    """The fields in a list such as `email,city`, external_id first. Raises `InvalidValueError` for
    a name that is no field.
    """
    names = ["external_id"]
    for name in text.split(","):
        field = schema.find(name)
        if field is None:
            raise InvalidValueError("fields", "there is no field of one of these names")
        if field.name not in names:
            names.append(field.name)
    return names


def compile_reply(
    schema: Schema, names: list[str] | None = None, *, with_zone: bool = False
) -> Show:
    """How a customer is shown in a reply: `names` only, or all that is set.

    Every permission is there; instants are UTC without zone, to the second, unless `with_zone`.
    """
    wanted = names or _all_names(schema)
    instants = {field.name for field in schema.fields.values() if field.type == "datetime"}

    def show(stored: Mapping[str, Value]) -> dict[str, Value]:
        values = schema.read_customer(stored)
        shown = {name: values[name] for name in wanted if name in values}
        if not with_zone:
            for name in instants & shown.keys():
                shown[name] = str(shown[name])[:_SECONDS_LENGTH]
        return shown

    return show


def compile_export(schema: Schema) -> Show:
    """How a customer is exported: what is set and nothing else, so that uploading it again changes
    nothing.
    """
    wanted = export_names(schema)

    def show(stored: Mapping[str, Value]) -> dict[str, Value]:
        values = schema.read_customer(stored)
        return {
            name: values[name]
            for name in wanted
            if name in values and (name in stored or name not in PERMISSIONS)
        }

    return show


def export_names(schema: Schema) -> list[str]:
    """The fields of an export, in their order. Only living customers are exported, so that their
    state says nothing.
    """
    return [name for name in _all_names(schema) if name not in _STATES]


def _all_names(schema: Schema) -> list[str]:
    fields: Iterable[str] = (field.name for field in schema.fields.values())
    return list(fields)
