"""Reads uploaded objects into changes and problems (SPEC sections 2, 3 and 5).

Owns names of keys, company fields at first sight, and what makes a record unreadable. Must not
know stored customers. The reader carries the schema from record to record, since a record may
declare or widen a company field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION
from regulars.domain.fields.company_field import (
    CompanyField,
    compile_typed_reader,
    infer_type,
    is_own_name,
    may_widen,
    widened_type,
)
from regulars.domain.fields.schema import LIST_TYPES, CompiledField, Schema
from regulars.domain.fields.types import FIELD_TYPES, REMOVE, Unreadable
from regulars.domain.records.own_keys import OWN_KEYS
from regulars.domain.records.phone_number import (
    compile_phone_number_handler,
    read_national_number,
)
from regulars.domain.records.read_record import ReadRecord, readable
from regulars.domain.records.spellings import Spellings

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.types import Reader

    Handler = Callable[[ReadRecord, object], None]
    Route = tuple[str | None, Reader | Handler]

_OPERATIONS: Final = ("add", "remove")
_SHOWN_NAME_LENGTH: Final = 100
_HIDDEN_NAME: Final = "(not shown)"
_LIKE_PHONE_NUMBER: Final = re.compile(r"[+(]?[0-9][0-9 ()./-]{5,}")
_MOST_ROUTES: Final = 10_000
"""Keys; a hostile file may name a new one in every record."""


class _Routes(dict[str, "Route"]):
    """What to do with the value of a key, by the key as it was written."""

    def __init__(self, reader: RecordReader) -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, key: str) -> Route:
        route, repeats = self._reader.find_route(key)
        if repeats and len(self) < _MOST_ROUTES:
            self[key] = route
        return route


class RecordReader:
    """Reads the records of one import, in their order."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._routes = _Routes(self)
        self._spellings = Spellings()
        self._waiting: dict[tuple[str, str], tuple[Handler, object]] = {}
        """Operations of the record that is being read, by name and operation: they come after all
        plain values, whatever the order of the keys."""

    def read(
        self, number: int, given: object, line: int | None = None, written: bytes | None = None
    ) -> ReadRecord:
        """What record `number` says, which begins in that line of the body, if that is known, and
        is `written` so, if its keys came in JSON. Bad input becomes problems; nothing is raised for
        it.
        """
        record = ReadRecord(number, self.schema, line)
        if given.__class__ is not dict:
            record.add_problem("malformed_record", cause="not_an_object")
            return record
        changes = record.changes
        routes = self._routes
        for key, value in self._spellings.without_repeats(given, written).items():
            if value is None:
                continue
            name, reader = routes[key]
            if name is None:
                reader(record, value)  # type: ignore[call-arg]
                continue
            try:
                changes[name] = reader(value)  # type: ignore[assignment, call-arg, arg-type]
            except Unreadable as unreadable:
                record.add_problem(unreadable.code, name)
        if self._waiting:
            for operate, value in self._waiting.values():
                operate(record, value)
            self._waiting.clear()
        self._finish(record)
        return record

    def refuse(
        self, number: int, code: str, line: int | None = None, cause: str | None = None
    ) -> ReadRecord:
        """Record `number`, which could not be read at all."""
        record = ReadRecord(number, self.schema, line)
        record.add_problem(code, cause=cause)
        return record

    def _finish(self, record: ReadRecord) -> None:
        record.schema = self.schema
        changes = record.changes
        if record.national_number is not None:
            read_national_number(record)
        external_id = changes.get("external_id")
        if external_id is REMOVE:
            del changes["external_id"]
        else:
            record.external_id = external_id  # type: ignore[assignment]
        record.email = readable(changes.get("email"))
        if record.phone_number is None:
            record.phone_number = readable(changes.get("phone_number"))
        if "is_deleted" in changes:
            record.is_deleted = changes.pop("is_deleted") is True
        if "is_forgotten" in changes:
            record.is_forgotten = changes.pop("is_forgotten") is True
        if not (record.external_id or record.email or record.phone_number or record.rejected):
            record.add_problem("no_identifier")
        if record.problems:
            _skip_permission_without_address(record)

    # Names of keys

    def find_route(self, key: str) -> tuple[Route, bool]:
        """What to do with the value of `key`, and whether the key is worth remembering."""
        name = key.strip().lower()
        field = self.schema.fields.get(name)
        if field is not None:
            return self._field_route(field), True
        if name in OWN_KEYS:
            return (None, OWN_KEYS[name]), True
        base, dot, operation = (part.strip() for part in key.strip().rpartition("."))
        if dot and (self.schema.find(base) or self._own_name(base.lower()) is not None):
            return self._operation_route(base, operation.lower()), True
        own_name = self._own_name(name)
        if own_name is None:
            return _refusal("unknown_field", key), False
        written = key.strip()[len(self.schema.prefix) :]
        if not is_own_name(written):
            return _refusal("bad_field_name", key), False
        return (None, self._first_sight(written)), True

    def _own_name(self, name: str) -> str | None:
        prefix = self.schema.prefix.lower()
        return name[len(prefix) :] if name.startswith(prefix) else None

    def _field_route(self, field: CompiledField) -> Route:
        if field.name == "phone_number":
            return None, compile_phone_number_handler(field.read_upload)
        if field.origin == "inferred":
            return None, self._inferred_handler(field)
        return field.name, field.read_upload

    # Company fields

    def _change_schema(self, field: CompanyField) -> None:
        self.schema = self.schema.with_company_field(field)
        self._routes.clear()

    def _first_sight(self, own_name: str) -> Handler:
        name = self.schema.prefix + own_name

        def declare(record: ReadRecord, value: object) -> None:
            type_name = infer_type(value)
            if type_name is None:
                if not isinstance(value, str):
                    record.add_problem("wrong_type", name)
            elif self._declare(record, name, type_name, value):
                self._routes[name][1](record, value)  # type: ignore[call-arg]

        return declare

    def _declare(
        self,
        record: ReadRecord,
        name: str,
        type_name: str,
        value: object,
        *,
        in_operation: bool = False,
    ) -> bool:
        if len(self.schema.company_fields) >= self.schema.field_limit:
            record.add_problem("too_many_fields", name)
            return False
        context = self.schema.context
        # A field that is a list may hold a lone number from before; an operation may not give one.
        reader = compile_typed_reader(type_name, context, as_given=not in_operation)
        try:
            reader(value)
        except Unreadable as unreadable:
            record.add_problem(unreadable.code, name)
            return False
        self._change_schema(CompanyField(name, type_name, "inferred", as_given=True))
        return True

    def _inferred_handler(self, field: CompiledField) -> Handler:
        read_upload, name = field.read_upload, field.name

        def read(record: ReadRecord, value: object) -> None:
            try:
                record.changes[name] = read_upload(value)
            except Unreadable as unreadable:
                if may_widen(field.type):
                    self._widen(record, field, value)
                else:
                    record.add_problem(unreadable.code, name)

        return read

    def _widen(self, record: ReadRecord, field: CompiledField, value: object) -> None:
        context = self.schema.context
        try:
            wider, _ = widened_type(
                field.type,
                value,
                lambda type_name: compile_typed_reader(type_name, context, as_given=True),
            )
        except Unreadable as unreadable:
            record.add_problem(unreadable.code, field.name)
            return
        self._change_schema(CompanyField(field.name, wider, "inferred", as_given=True))
        record.changes[field.name] = self.schema.fields[field.name.lower()].read_upload(value)

    # Operations on lists and sets

    def _operation_route(self, base: str, operation: str) -> Route:
        prefix = self.schema.prefix
        own_name = None if self._own_name(base.lower()) is None else base[len(prefix) :]
        name = base.lower() if own_name is None else prefix + own_name

        def operate(record: ReadRecord, value: object) -> None:
            if operation not in _OPERATIONS:
                record.add_problem("bad_operation", name)
                return
            if own_name is not None and not self._known_list(record, name, own_name, value):
                return
            field = self.schema.fields[name.lower()]
            if field.type not in LIST_TYPES:
                record.add_problem("bad_operation", field.name)
                return
            try:
                items = FIELD_TYPES[field.type].compile_reader(self.schema.context)(value)
            except Unreadable as unreadable:
                record.add_problem(unreadable.code, field.name)
                return
            if items is not REMOVE:
                record.operations.append((field.name, operation, items))  # type: ignore[arg-type]

        def wait(record: ReadRecord, value: object) -> None:  # noqa: ARG001 - a handler's shape
            self._waiting[name.lower(), operation] = operate, value

        return None, wait

    def _known_list(self, record: ReadRecord, name: str, own_name: str, value: object) -> bool:
        if name.lower() in self.schema.fields:
            return True
        if not is_own_name(own_name):
            record.add_problem("bad_field_name", name)
            return False
        if isinstance(value, str) and not value.strip():
            return False
        return self._declare(record, name, "list", value, in_operation=True)


def _refusal(code: str, key: str) -> Route:
    # A key may be anything: what the report shows of it is short and can be encoded.
    shown = key.strip()[:_SHOWN_NAME_LENGTH].encode("utf-8", "replace").decode()
    shown = shown.replace("\0", "?")
    if "@" in shown or _LIKE_PHONE_NUMBER.fullmatch(shown):
        # A value of a person in the place of a name, as in a file that lacks its header.
        shown = _HIDDEN_NAME

    def refuse(record: ReadRecord, value: object) -> None:  # noqa: ARG001 - a handler's shape
        record.add_problem(code, shown)

    return None, refuse


def _skip_permission_without_address(record: ReadRecord) -> None:
    for permission, address in ADDRESS_OF_PERMISSION.items():
        if record.changes.get(permission) is True and record.could_not_read(address):
            del record.changes[permission]
            record.add_problem("permission_without_address", permission)
