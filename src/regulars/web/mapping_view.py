"""The values of the page of a file that is not imported yet: its columns, and what they may become.

Owns the choices that the page offers. Must not know how they are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.imports.column_mapping import (
    find_repeated,
    has_identifier,
    is_note,
    propose_field,
)
from regulars.domain.records.own_keys import CUSTOMER_KEY
from regulars.edge.failures import describe
from regulars.errors import MalformedBodyError
from regulars.services.draft_reading import PreviewRecord
from regulars.services.import_drafts import Draft
from regulars.web.field_labels import group_fields, label_field

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.body_form import Charset
    from regulars.domain.imports.options import Mode
    from regulars.services.draft_reading import Table
    from regulars.services.import_drafts import ImportDrafts
    from regulars.services.installation import Register

NEW: Final = "+"
"""In place of a key: a company field of a name that stands beside it."""
CHARSETS: Final[dict[Charset, str]] = {
    "utf-8": "UTF-8",
    "iso-8859-1": "Windows (Western European)",
    "utf-16": "UTF-16 (Unicode text)",
}
DELIMITERS: Final = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
MODES: Final[dict[Mode, tuple[str, str]]] = {
    "upsert": ("Add and update", "New customers are added, those that are there are updated."),
    "create": ("Only add", "Customers that are there stay as they are."),
    "update": ("Only update", "Nobody is added. Records of unknown customers are ignored."),
}


class Choice(msgspec.Struct, frozen=True):
    """What a column may become."""

    key: str
    label: str


class ChoiceGroup(msgspec.Struct, frozen=True):
    """Choices that belong together."""

    label: str
    choices: list[Choice]


class ColumnRow(msgspec.Struct, frozen=True):
    """A column of the file. `key` is what it becomes, or `NEW`."""

    place: int
    name: str
    samples: list[str]
    key: str
    new_name: str
    is_note: bool


class Preview(msgspec.Struct, frozen=True):
    """The first records as they would be read, or what keeps them from being read."""

    heads: list[Choice]
    records: list[PreviewRecord]
    problems: list[str]


class MappingPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    draft: Draft
    prefix: str
    columns: list[ColumnRow]
    groups: list[ChoiceGroup]
    delimiter: str
    is_remembered: bool
    preview: Preview
    keep: list[Choice]
    charsets: tuple[tuple[str, str], ...] = tuple(CHARSETS.items())
    delimiters: tuple[tuple[str, str], ...] = tuple(DELIMITERS.items())
    modes: tuple[tuple[str, tuple[str, str]], ...] = tuple(MODES.items())
    problem: str = ""


def make_mapping_page(register: Register, drafts: ImportDrafts, draft: Draft) -> MappingPage:
    """The page of a file as its choices are now."""
    schema = register.load_schema()
    try:
        table = drafts.read_table(register, draft)
    except MalformedBodyError as error:
        reason = describe(error)[1]
        problem = f"The file cannot be read like this: {reason}. Choose how it is written."
        empty = Preview([], [], [problem])
        return MappingPage(draft, schema.prefix, [], [], draft.form.delimiter, False, empty, [])  # noqa: FBT003
    keys, is_remembered = drafts.find_keys(register, draft, table)
    return MappingPage(
        draft=draft,
        prefix=schema.prefix,
        columns=_make_rows(schema, table, keys),
        groups=_make_groups(schema, table),
        delimiter=table.delimiter,
        is_remembered=is_remembered,
        preview=_make_preview(register, drafts, draft, table, keys),
        keep=_make_keep(schema, keys),
    )


def _make_rows(schema: Schema, table: Table, keys: list[str]) -> list[ColumnRow]:
    rows = []
    for place, (name, samples, key) in enumerate(
        zip(table.names, table.samples, keys, strict=True)
    ):
        is_new = (
            key.upper().startswith(schema.prefix) and schema.find(key.partition(".")[0]) is None
        )
        proposed = key if is_new else propose_field(schema, name)
        rows.append(
            ColumnRow(
                place, name, samples, NEW if is_new else key, proposed[len(schema.prefix) :],
                is_note(name),
            )
        )  # fmt: skip
    return rows


def _make_groups(schema: Schema, table: Table) -> list[ChoiceGroup]:
    groups = [
        ChoiceGroup(
            group.label,
            [
                choice
                for field in group.fields
                for choice in _choices(schema, field.name, field.type)
            ],
        )
        for group in group_fields(schema)
    ]
    if any(name.strip().lower() == CUSTOMER_KEY for name in table.names):
        groups.append(ChoiceGroup("Export", [Choice(CUSTOMER_KEY, "Customer of our export")]))
    return groups


def _choices(schema: Schema, name: str, type_name: str) -> list[Choice]:
    label = label_field(schema, name)
    if type_name not in LIST_TYPES:
        return [Choice(name, label)]
    return [
        Choice(name, f"{label}: replace all"),
        Choice(f"{name}.add", f"{label}: add these"),
        Choice(f"{name}.remove", f"{label}: remove these"),
    ]


def _label_key(schema: Schema, key: str) -> str:
    name, dot, operation = key.rpartition(".")
    if not dot:
        return label_field(schema, key)
    return f"{label_field(schema, name)}: {operation}"


def _make_keep(schema: Schema, keys: list[str]) -> list[Choice]:
    names = dict.fromkeys(key.partition(".")[0] for key in keys if key and key != CUSTOMER_KEY)
    return [
        Choice(name, label_field(schema, name))
        for name in names
        if schema.find(name) is not None and name != "external_id"
    ]


def _make_preview(
    register: Register, drafts: ImportDrafts, draft: Draft, table: Table, keys: list[str]
) -> Preview:
    schema = register.load_schema()
    problems = []
    for key in sorted(find_repeated(keys)):
        names = [name for name, each in zip(table.names, keys, strict=True) if each.lower() == key]
        label = _label_key(schema, key)
        problems.append(f"{label} can be one column only. Choose one of: {', '.join(names)}.")
    if not has_identifier(keys):
        problems.append(
            "Choose the column that says who each customer is: an external ID, an e-mail address "
            "or a phone number."
        )
    if problems:
        return Preview([], [], problems)
    shown = [key for key in keys if key]
    try:
        records = drafts.read_preview(register, draft, table, keys)
    except MalformedBodyError as error:
        return Preview([], [], [f"The file cannot be read: {describe(error)[1]}."])
    return Preview([Choice(key, _label_key(schema, key)) for key in shown], records, [])
