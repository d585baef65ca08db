"""A company's own fields: declaring them, by hand and where segments use them (SPEC section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.company_field import (
    CompanyField,
    compile_typed_reader,
    is_own_name,
)
from regulars.domain.fields.types import FIELD_TYPES, Unreadable
from regulars.domain.segments.tree import Test, walk
from regulars.errors import ConflictError, InvalidValueError
from regulars.services.customers import iterate_living

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.tree import Condition
    from regulars.services.installation import Installation, Register

DECLARABLE_TYPES: Final = tuple(FIELD_TYPES)


def declare_field(
    installation: Installation, register: Register, name: str, type_name: str, *, actor: str
) -> CompanyField:
    """Declare a company field: from now on an unfit value is a problem, and the type stays.

    `name` may come with the company's prefix or without. Raises `InvalidValueError`, and
    `ConflictError` where a stored value would not read as the new type.
    """
    if type_name not in FIELD_TYPES:
        raise InvalidValueError("type", f"one of {', '.join(FIELD_TYPES)}")
    with register.store.lock():
        schema = register.load_schema()
        display_name = _read_name(schema, name)
        known = schema.company_fields.get(display_name.lower())
        if known is None and len(schema.company_fields) >= schema.field_limit:
            msg = f"the company has {schema.field_limit} fields, as many as it may have"
            raise ConflictError(msg)
        if known is not None and known.type != type_name:
            _check_stored_values(register, schema, known, type_name)
        field = CompanyField(
            display_name if known is None else known.name,
            type_name,
            "declared",
            as_given=known is not None and (known.as_given or known.type != type_name),
        )
        register.store.save_field(
            field, installation.audit_entry(actor, "field:declare", field.name, type_name)
        )
    return field


def find_inferred_fields(schema: Schema, tree: Condition) -> list[CompanyField]:
    """The fields that a condition tests and that nobody has declared."""
    tested = {node.field.strip().lower() for _, _, node in walk(tree) if isinstance(node, Test)}
    fields = (schema.company_fields.get(key) for key in sorted(tested))
    return [field for field in fields if field is not None and field.origin == "inferred"]


def declare_used_fields(
    installation: Installation, register: Register, trees: Iterable[Condition], *, actor: str
) -> int:
    """Declare the fields that saved conditions test, as the types that they have: a type that
    widened would give the condition another meaning. Gives how many. The caller holds the
    company's lock.
    """
    schema = register.load_schema()
    used = {field.key: field for tree in trees for field in find_inferred_fields(schema, tree)}
    for field in used.values():
        register.store.save_field(
            msgspec.structs.replace(field, origin="declared"),
            installation.audit_entry(actor, "field:declare", field.name, field.type),
        )
    return len(used)


def _read_name(schema: Schema, name: str) -> str:
    own_name = name.strip()
    if own_name.lower().startswith(schema.prefix.lower()):
        own_name = own_name[len(schema.prefix) :]
    if not is_own_name(own_name):
        raise InvalidValueError("name", "a letter, then letters, digits and underscores")
    return schema.prefix + own_name


def _check_stored_values(
    register: Register, schema: Schema, known: CompanyField, type_name: str
) -> None:
    reader = compile_typed_reader(type_name, schema.context, as_given=True)
    unreadable = 0
    for customer in iterate_living(register):
        value = customer.fields.get(known.name)
        if value is not None:
            try:
                reader(value)
            except Unreadable:
                unreadable += 1
    if unreadable:
        msg = f"{unreadable} customers have a value of {known.name} that is no {type_name}"
        raise ConflictError(msg)
