"""`/settings/fields/`: the built-in fields and the company's own, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import Test, walk
from regulars.edge.services import services_of
from regulars.errors import ConflictError, IndexBusyError, InvalidValueError
from regulars.services.field_preview import preview_type
from regulars.services.fields import DECLARABLE_TYPES, declare_field
from regulars.web.context import check_is_admin, visitor_of
from regulars.web.customer_words import name_customer
from regulars.web.field_labels import group_fields, label_field
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render
from regulars.web.setting_words import TYPE_LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import CompiledField
    from regulars.store.contract.segments import Segment

_DONE: Final = {
    "declare": "The field is declared: values that do not fit its type are told as problems.",
    "change": "The type is changed.",
}
_TYPES: Final = {name: TYPE_LABELS.get(name, name) for name in DECLARABLE_TYPES}
_SHOWN_CHARACTERS: Final = 200
_PREVIEWED: Final = 5_000
"""So many customers a preview looks at; before the type is changed all are looked at."""


class ShownField(msgspec.Struct, frozen=True):
    """A field of the list; `customers` is None while nobody can count them."""

    name: str
    label: str
    type: str
    type_label: str
    is_declared: bool
    customers: int | None
    segments: list[tuple[int, str]]


class FieldsPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    own: list[ShownField]
    built_in: list[ShownField]
    prefix: str
    most: int
    types: dict[str, str]
    done: str = ""
    problem: str = ""
    name: str = ""
    type: str = "string"


class UnfitRow(msgspec.Struct, frozen=True):
    """A customer whose value would not read."""

    customer_id: int
    customer: str
    value: str


class PreviewPage(msgspec.Struct, frozen=True):
    """What a change of a type would do."""

    name: str
    label: str
    old_label: str
    type: str
    new_label: str
    readable: int
    unreadable: int
    rows: list[UnfitRow]
    is_whole: bool
    """Whether all values were looked at."""
    problem: str = ""


@get("/settings/fields", guards=[check_is_admin], sync_to_thread=True)
def show(request: Request[Any, Any, Any], done: str = "") -> Response[str]:
    """All fields."""
    return render(request, "settings_fields.html", _page(request, done=_DONE.get(done, "")))


@post("/settings/fields", guards=[check_is_admin], sync_to_thread=True)
def declare(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Declare a new field, or confirm one as it is."""
    visitor, services = visitor_of(request), services_of(request)
    name, type_name = form.text("name"), form.text("type")
    try:
        declare_field(services.installation, visitor.register, name, type_name, actor=visitor.actor)
    except (ConflictError, InvalidValueError) as error:
        problem = f"{str(error)[:1].upper()}{str(error)[1:]}."
        page = _page(request, problem=problem, name=name, type=type_name)
        return render(request, "settings_fields.html", page, status=422)
    return redirect("/settings/fields/?done=declare")


@post("/settings/fields/preview", guards=[check_is_admin], sync_to_thread=True)
def preview(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """What a change of a type would do."""
    page = _preview(request, form.text("name"), form.text("type"), _PREVIEWED)
    return render(request, "settings_field_preview.html", page)


@post("/settings/fields/change", guards=[check_is_admin], sync_to_thread=True)
def change(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Change a type, where all values read."""
    visitor, services = visitor_of(request), services_of(request)
    name, type_name = form.text("name"), form.text("type")
    try:
        declare_field(services.installation, visitor.register, name, type_name, actor=visitor.actor)
    except ConflictError as error:
        page = _preview(request, name, type_name)
        page = msgspec.structs.replace(page, problem=f"{error}.")
        return render(request, "settings_field_preview.html", page, status=409)
    return redirect("/settings/fields/?done=change")


def _page(request: Request[Any, Any, Any], **values: str) -> FieldsPage:
    visitor = visitor_of(request)
    schema = visitor.register.load_schema()
    listing = _Listing(request)
    own = {field.name for field in schema.company_fields.values()}
    built_in = [
        field for group in group_fields(schema) for field in group.fields if field.name not in own
    ]
    return FieldsPage(
        [listing.describe(schema.fields[key]) for key in schema.company_fields],
        [listing.describe(field) for field in built_in],
        schema.prefix,
        schema.field_limit,
        _TYPES,
        **values,
    )


class _Listing:
    """What all fields are told with: counts, and which segments use them."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        register, services = visitor_of(request).register, services_of(request)
        self._schema: Final = register.load_schema()
        self._uses: Final = _find_uses(services.segments.load(register))
        try:
            self._counts = services.search.ask(register).value_counts()
        except IndexBusyError:
            self._counts = {}

    def describe(self, field: CompiledField) -> ShownField:
        """A line of the list."""
        key = field.name.lower()
        own = self._schema.company_fields.get(key)
        return ShownField(
            field.name,
            label_field(self._schema, field.name),
            field.type,
            TYPE_LABELS.get(field.type, field.type),
            own is None or own.origin == "declared",
            self._counts.get(key),
            self._uses.get(key, []),
        )


def _find_uses(segments: Iterable[Segment]) -> dict[str, list[tuple[int, str]]]:
    """Which segments test a field, by its key."""
    uses: dict[str, list[tuple[int, str]]] = {}
    for segment in segments:
        tree = read_condition(segment.condition).tree
        keys = {node.field.strip().lower() for _, _, node in walk(tree) if isinstance(node, Test)}
        for key in keys:
            uses.setdefault(key, []).append((segment.id, segment.name))
    return uses


def _preview(
    request: Request[Any, Any, Any], name: str, type_name: str, most: int | None = None
) -> PreviewPage:
    register = visitor_of(request).register
    search = services_of(request).search
    found = preview_type(search, register, name, type_name, most)
    rows = [
        UnfitRow(each.customer.id, name_customer(each.customer.fields), _text(each.value))
        for each in found.first_unreadable
    ]
    return PreviewPage(
        found.field.name,
        label_field(register.load_schema(), found.field.name),
        TYPE_LABELS.get(found.field.type, found.field.type),
        found.type,
        TYPE_LABELS.get(found.type, found.type),
        found.readable,
        found.unreadable,
        rows,
        found.is_whole,
    )


def _text(value: object) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


HANDLERS: Final = (show, declare, preview, change)
