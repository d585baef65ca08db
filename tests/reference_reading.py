"""How the reference model reads one record (SPEC sections 2 and 3), naively.

Owns the fields, what each supplied value means, and the growing types of company fields. Shares
only the field types with the program, so that it can catch the program's mistakes; must not
know customers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from zoneinfo import ZoneInfo

from regulars.domain.fields.types import (
    EXTERNAL_ID,
    FIELD_TYPES,
    REMOVE,
    ReadingContext,
    Unreadable,
    read_phone_number,
)

PERMISSIONS = ("can_email", "can_sms", "can_post", "can_push", "can_profile")
STATES = ("is_deleted", "is_forgotten")

BUILT_IN_FIELDS = {
    "external_id": "external_id",
    "phone_number": "phone_number",
    "email": "email",
    "canonical_id": "string",
    "first_name": "string",
    "last_name": "string",
    **dict.fromkeys(PERMISSIONS, "boolean"),
    "date_joined": "datetime",
    "mailing_lists": "list",
    **dict.fromkeys(STATES, "boolean"),
    "shop_id": "string",
    "birth_date": "date",
    "city": "string",
    "company": "string",
    "country": "country_code",
    "gender": "string",
    "house_number": "string",
    "house_number_addition": "string",
    "language": "language_code",
    "last_login": "datetime",
    "province": "string",
    "street_address": "string",
    "street_name": "string",
    "tags": "set",
    "vat_number": "string",
    "zip_code": "string",
}

# Keys of a downloaded list of rejected records (SPEC section 4).
IGNORED_KEYS = ("_record", "_problem", "_field", "_suggestion")

WIDER_TYPES = {
    "boolean": ["string", "list"],
    "integer": ["number", "string", "list"],
    "number": ["string", "list"],
    "string": ["list"],
    "list": [],
    "object": [],
}

COMPANY_FIELDS_LIMIT = 300

Report = Callable[[str, str | None], None]
"""Takes a problem's code and field."""


@dataclass
class Reading:
    """What one record supplies.

    `values` holds the canonical values of built-in fields and the kept values of company fields,
    or REMOVE; not the phone number, which depends on the customer. `finding_number` is the phone
    number as read for finding customers, None if it cannot be read or is not supplied.
    """

    values: dict[str, object] = field(default_factory=dict)
    additions: dict[str, list[str]] = field(default_factory=dict)
    removals: dict[str, list[str]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    given_number: object = None
    finding_number: str | None = None
    finding_number_problem: str | None = None

    @property
    def external_id(self) -> str | None:
        return self._text("external_id")

    @property
    def email(self) -> str | None:
        return self._text("email")

    @property
    def country(self) -> str | None:
        return self._text("country")

    @property
    def addresses(self) -> list[str]:
        """The email and the phone number that the record names, those that it has."""
        return [address for address in (self.email, self.finding_number) if address is not None]

    def operate(self, name: str, items: list[str]) -> list[str]:
        """A list after the record's additions, which come first, and removals."""
        added = list(items)
        for item in self.additions.get(name, []):
            if item not in added:
                added.append(item)
        return [item for item in added if item not in self.removals.get(name, [])]

    def _text(self, name: str) -> str | None:
        value = self.values.get(name, REMOVE)
        return None if value is REMOVE else str(value)


class RecordReader:
    """Reads the records of one company and lets its company fields grow."""

    def __init__(self, short_name: str, timezone: str, country: str) -> None:
        context = ReadingContext(timezone=ZoneInfo(timezone), country=country)
        self.country = country
        self.field_types: dict[str, str] = {}
        self._prefix = f"{short_name.lower()}__"
        self._readers = {
            field_type.name: field_type.compile_reader(context)
            for field_type in (EXTERNAL_ID, *FIELD_TYPES.values())
        }

    def read(self, record: dict[str, object], report: Report) -> Reading:
        """Everything that the record supplies; what cannot be read is reported and left out."""
        given: dict[str, tuple[str, object]] = {}
        for key, value in record.items():
            given[key.strip().lower()] = (key.strip(), value)
        reading = Reading()
        # Plain values come before operations: `x` sets a list, then `x.add` appends to it.
        for key in sorted(given, key=lambda key: "." in key):
            written, value = given[key]
            name, dot, operation = key.partition(".")
            if key in IGNORED_KEYS or value is None:
                continue
            if name.startswith(self._prefix):
                self._read_company_key(reading, written, value, report)
            elif name not in BUILT_IN_FIELDS:
                report("unknown_field", written)
            elif dot:
                self._read_operation(reading, name, operation, value, report)
            else:
                self._read_built_in(reading, name, value, report)
        self._read_number_for_finding(reading)
        return reading

    def read_back(self, name: str, value: object) -> object:
        """A stored value as the field's type reads it today."""
        if name not in self.field_types:
            return value
        return self._read_as(self.field_types[name], value)

    def reads_the_same(self, name: str, one: object, other: object) -> bool:
        """Whether two stored values of a field read the same today."""
        return as_json(self.read_back(name, one)) == as_json(self.read_back(name, other))

    def _read_built_in(self, reading: Reading, name: str, value: object, report: Report) -> None:
        if name == "phone_number":
            reading.given_number = value
            return
        try:
            read = self._read_as(BUILT_IN_FIELDS[name], value, kept=False)
        except Unreadable as unreadable:
            reading.unreadable.add(name)
            report(unreadable.code, name)
            return
        if name != "external_id" or read is not REMOVE:  # no record removes an external_id
            reading.values[name] = read

    def _read_number_for_finding(self, reading: Reading) -> None:
        if reading.given_number is None:
            return
        try:
            number = read_phone_number(reading.given_number, reading.country or self.country)
        except Unreadable as unreadable:
            reading.finding_number_problem = unreadable.code
        else:
            reading.finding_number = None if number is REMOVE else str(number)

    def _read_operation(
        self, reading: Reading, name: str, operation: str, value: object, report: Report
    ) -> None:
        type_name = self.field_types.get(name) or BUILT_IN_FIELDS[name]
        if operation not in ("add", "remove") or type_name not in ("list", "set"):
            report("bad_operation", name)
            return
        try:
            items = self._read_as(type_name, value, kept=False)
        except Unreadable as unreadable:
            report(unreadable.code, name)
            return
        operations = reading.additions if operation == "add" else reading.removals
        operations[name] = [] if items is REMOVE else cast("list[str]", items)

    def _read_company_key(
        self, reading: Reading, written: str, value: object, report: Report
    ) -> None:
        whole_name, dot, operation = written.partition(".")
        suffix = whole_name[len(self._prefix) :]
        operation = operation.lower()
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", suffix):
            report("bad_field_name", written)
            return
        name = self._display_name(suffix)
        declared = name in self.field_types
        if not declared and len(self.field_types) >= COMPANY_FIELDS_LIMIT:
            report("too_many_fields", name)
        elif not dot:
            self._read_company_value(reading, name, value, report)
        elif not declared and operation not in ("add", "remove"):
            report("bad_operation", name)
        elif not (isinstance(value, str) and value.strip() == ""):
            self._read_company_operation(reading, (name, operation), value, report)

    def _read_company_operation(
        self, reading: Reading, key: tuple[str, str], value: object, report: Report
    ) -> None:
        name, operation = key
        declared = name in self.field_types
        self.field_types.setdefault(name, "list")
        self._read_operation(reading, name, operation, value, report)
        if not declared and name not in {**reading.additions, **reading.removals}:
            del self.field_types[name]  # an unreadable value declares nothing

    def _display_name(self, suffix: str) -> str:
        name = self._prefix.upper() + suffix
        for known in self.field_types:
            if known.lower() == name.lower():
                return known
        return name

    def _read_company_value(
        self, reading: Reading, name: str, value: object, report: Report
    ) -> None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFC", value.strip())
        if value == "":
            reading.values[name] = REMOVE
            return
        narrowest = self.field_types.get(name) or type_at_first_sight(value)
        code = ""
        for type_name in (narrowest, *WIDER_TYPES[narrowest]):
            try:
                read = self._read_as(type_name, value)
            except Unreadable as unreadable:
                code = unreadable.code
            else:
                self.field_types[name] = type_name
                reading.values[name] = REMOVE if read is REMOVE else value
                return
        report(code, name)
        if narrowest != "list":
            self.field_types.setdefault(name, narrowest)

    def _read_as(self, type_name: str, value: object, *, kept: bool = True) -> object:
        # A scalar kept from before its field became a list is a list of one.
        if kept and type_name == "list" and not isinstance(value, list | dict):
            value = [value]
        return self._readers[type_name](value)


def type_at_first_sight(value: object) -> str:
    """The type that the JSON type of a company field's first value declares (SPEC section 3)."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return "integer"
    if isinstance(value, str):
        return "string"
    if isinstance(value, list):
        return "list"
    return "object" if isinstance(value, dict) else "number"


def as_json(value: object) -> str:
    """A value to compare by: JSON tells `true` from 1, which Python calls equal."""
    return json.dumps(value, sort_keys=True)
