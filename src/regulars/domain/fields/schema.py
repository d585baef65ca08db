"""All fields of one company, compiled to readers.

Owns look-up of fields by name and reading through their types. A schema never changes: a new or
widened field gives a new schema. Must not know of records or of the store.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.catalogue import BUILTIN_FIELDS, PERMISSIONS
from regulars.domain.fields.company_field import (
    CompanyField,
    compile_inferred_reader,
    compile_typed_reader,
    is_own_name,
)
from regulars.domain.fields.types import EXTERNAL_ID, FIELD_TYPES, REMOVE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regulars.domain.fields.types import Reader, ReadingContext, Value

DEFAULT_COMPANY_FIELD_LIMIT: Final = 300
BUILTIN_TYPES: Final = {field.name: field.type for field in BUILTIN_FIELDS}
LIST_TYPES: Final = frozenset({"list", "set"})


class CompiledField(msgspec.Struct, frozen=True):
    """A field with its readers.

    `read_upload` gives the stored form of an uploaded value; `read_stored` gives the value that a
    stored form is shown and compared as.
    """

    name: str
    type: str
    origin: str
    as_given: bool
    read_upload: Reader
    read_stored: Reader


@lru_cache(maxsize=1024)
def _builtin_fields(context: ReadingContext) -> Mapping[str, CompiledField]:
    compiled = {}
    for field in BUILTIN_FIELDS:
        field_type = EXTERNAL_ID if field.type == "external_id" else FIELD_TYPES[field.type]
        reader = field_type.compile_reader(context)
        compiled[field.name] = CompiledField(
            field.name,
            field.type,
            "builtin",
            as_given=False,
            read_upload=reader,
            read_stored=reader,
        )
    return compiled


@lru_cache(maxsize=4096)
def _company_field(field: CompanyField, context: ReadingContext) -> CompiledField:
    typed = compile_typed_reader(field.type, context, as_given=field.as_given)
    upload = compile_inferred_reader(typed) if field.origin == "inferred" else typed
    return CompiledField(
        field.name,
        field.type,
        field.origin,
        field.as_given,
        read_upload=upload,
        read_stored=typed,
    )


class Schema:
    """The fields of one company."""

    __slots__ = ("_as_given", "company_fields", "context", "field_limit", "fields", "prefix")

    def __init__(
        self,
        short_name: str,
        context: ReadingContext,
        company_fields: Iterable[CompanyField] = (),
        *,
        field_limit: int = DEFAULT_COMPANY_FIELD_LIMIT,
    ) -> None:
        self.prefix: Final = f"{short_name.upper()}__"
        self.context: Final = context
        self.field_limit: Final = field_limit
        self.company_fields: Final = {field.key: field for field in company_fields}
        self.fields: Final = dict(_builtin_fields(context)) | {
            key: _company_field(field, context) for key, field in self.company_fields.items()
        }
        self._as_given: Final = {
            field.name: field for field in self.fields.values() if field.as_given
        }

    @property
    def short_name(self) -> str:
        """The company's short name."""
        return self.prefix[:-2].lower()

    def reads_as(self, other: Schema) -> bool:
        """Whether it has the same company fields, read in the same place."""
        own, others = (self.company_fields, self.context), (other.company_fields, other.context)
        return own == others

    def find(self, name: str) -> CompiledField | None:
        """The field of that name, compared without regard to case and outer spaces."""
        return self.fields.get(name.strip().lower())

    def own_name(self, name: str) -> str | None:
        """A name as that of a field of the company's own, which need not be there yet, is written;
        None where it is fit for none.
        """
        name = name.strip()
        own = name[len(self.prefix) :]
        is_own = name.upper().startswith(self.prefix) and is_own_name(own)
        return f"{self.prefix}{own}" if is_own else None

    def with_company_field(self, field: CompanyField) -> Schema:
        """This schema with `field` added or in place of the one of the same name."""
        return self.with_company_fields((self.company_fields | {field.key: field}).values())

    def with_company_fields(self, fields: Iterable[CompanyField]) -> Schema:
        """This schema with `fields` in place of the company's own."""
        return Schema(self.short_name, self.context, fields, field_limit=self.field_limit)

    def same(self, name: str, stored: Value | None, value: Value) -> bool:
        """Whether a stored value of the field `name` equals another, both as they are read."""
        if stored is None:
            return False
        field = self._as_given.get(name)
        if field is not None:
            return _read_or_none(field, stored) == _read_or_none(field, value)
        # 1, 1.0 and True are equal in Python, but different values of a field.
        return stored == value and stored.__class__ is value.__class__

    def read_customer(self, stored: Mapping[str, Value]) -> dict[str, Value]:
        """The values of a customer as they are shown: as-given values through their field's type,
        every permission present, what is not set left out (SPEC sections 3 and 10).
        """
        values: dict[str, Value] = dict.fromkeys(PERMISSIONS, False)
        values.update(stored)
        for name, field in self._as_given.items():
            if name in values:
                value = _read_or_none(field, values[name])
                if value is None:
                    del values[name]
                else:
                    values[name] = value
        return values


def _read_or_none(field: CompiledField, stored: Value) -> Value | None:
    try:
        value = field.read_stored(stored)
    except Unreadable:
        return None
    return None if value is REMOVE else value
