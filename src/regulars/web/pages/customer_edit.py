"""`/customers/ID/edit/`: the fields of a customer as a form, whose changes are an import.

Owns which inputs there are, and that only what somebody changed is written: what has changed
elsewhere since the form was loaded stays.
"""

from __future__ import annotations

from concurrent.futures import TimeoutError as NotYetError
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.services import services_of
from regulars.errors import ConflictError, InvalidValueError
from regulars.services.customer_edit import edit_customer, find_customer
from regulars.web.code_names import country_names, language_names
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.customer_words import name_customer
from regulars.web.field_labels import STATE_GROUP, group_fields, label_field
from regulars.web.field_values import fill_input, read_input
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.edge.services import Services
    from regulars.store.contract import ImportRun
    from regulars.web.context import Visitor

VALUE: Final = "value."
WAS: Final = "was."
"""What the names of inputs begin with, and of the values that they had when the form was made."""
WAIT_SECONDS: Final = 4.0

Kind = Literal["text", "date", "number", "choice", "lines"]
_KINDS: Final[dict[str, Kind]] = {
    "date": "date",
    "integer": "number",
    "number": "number",
    "money": "number",
    "boolean": "choice",
    "country_code": "choice",
    "language_code": "choice",
    "list": "lines",
    "set": "lines",
    "object": "lines",
}
_HINTS: Final = {
    "datetime": "As 2026-11-28 14:05, in the company's timezone",
    "day_of_year": "As MM/DD",
    "list": "One a line",
    "set": "One a line",
    "money": "In cents",
    "object": "A JSON object",
    "phone_number": "With the country's prefix, such as +358 40 123 4567",
}
_YES_NO: Final = (("true", "Yes"), ("false", "No"))


class EditInput(msgspec.Struct, frozen=True):
    """An input of one field."""

    name: str
    label: str
    kind: Kind
    value: str
    was: str
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    problem: str = ""


class EditGroup(msgspec.Struct, frozen=True):
    """Inputs that belong together."""

    label: str
    inputs: list[EditInput]


class EditPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    id: int
    name: str
    external_id: str | None
    groups: list[EditGroup]
    problem: str = ""


@get("/customers/{customer_id:int}/edit", guards=[check_may_edit], sync_to_thread=True)
def show_form(request: Request[Any, Any, Any], customer_id: int) -> Response[str]:
    """The form with what is known."""
    visitor = visitor_of(request)
    customer = find_living(visitor, customer_id)
    page = _EditForm(visitor).show(customer, {}, {})
    return render(request, "customer_edit.html", page)


@post("/customers/{customer_id:int}/edit", guards=[check_may_edit], sync_to_thread=True)
def save(request: Request[Any, Any, Any], customer_id: int, form: Form) -> Response[str]:
    """Write what was changed; the form again where something could not be written."""
    visitor = visitor_of(request)
    customer = find_living(visitor, customer_id)
    edit = _EditForm(visitor)
    changed = edit.find_changed(form)
    if not changed:
        return redirect(f"/customers/{customer_id}/?done=same")
    try:
        run = apply_edit(services_of(request), visitor, customer, edit.read(changed))
    except (ConflictError, InvalidValueError) as error:
        page = edit.show(customer, changed, {}, problem=f"{error}.")
        return render(request, "customer_edit.html", page, status=409)
    if run is None:
        return redirect(f"/customers/{customer_id}/?done=waiting")
    if run.report.problems:
        customer = find_living(visitor, customer_id)
        page = edit.show(customer, changed, *_explain(run))
        return render(request, "customer_edit.html", page, status=422)
    return redirect(f"/customers/{customer_id}/?done=saved")


def find_living(visitor: Visitor, customer_id: int) -> Customer:
    """A customer that can be changed. Raises `ConflictError`, `UnknownNameError`."""
    customer = find_customer(visitor.register, customer_id)
    if customer.state == "forgotten":
        raise ConflictError("a forgotten person cannot be changed")
    return customer


def apply_edit(
    services: Services, visitor: Visitor, customer: Customer, values: Mapping[str, object]
) -> ImportRun | None:
    """Write values by an import; None where that waits behind another one. Raises
    `ConflictError`.
    """
    register = visitor.register
    accepted = edit_customer(services.imports, register, customer, values, actor=visitor.actor)
    if accepted.run is not None:
        return accepted.run
    ended = services.run_import(register.company.short_name, accepted.id)
    try:
        ended.result(WAIT_SECONDS)
    except NotYetError:
        return None
    run = services.imports.find(register, accepted.id)
    return run if run.status == "done" else None


def _explain(run: ImportRun) -> tuple[dict[str, str], str]:
    """What went wrong, by field, and as a whole."""
    by_field = {
        each.field: f"{each.kind.message}; {each.kind.suggestion}."
        for each in run.report.problems
        if each.field is not None
    }
    others = [each.kind.message for each in run.report.problems if each.field is None]
    whole = "; ".join(others) or "Some fields could not be written. The others are saved."
    return by_field, whole


class _EditForm:
    """The form for the customers of one company."""

    def __init__(self, visitor: Visitor) -> None:
        self._schema: Final[Schema] = visitor.register.load_schema()
        self._timezone: Final = visitor.timezone

    def show(
        self,
        customer: Customer,
        changed: Mapping[str, str],
        problems: Mapping[str, str],
        problem: str = "",
    ) -> EditPage:
        """The form with a customer's values, and instead of them what somebody has typed."""
        fields = self._schema.read_customer(customer.fields)
        # An unset permission reads as no, but nobody has said so.
        shown = {name: value for name, value in fields.items() if name in customer.fields}
        groups = [
            EditGroup(
                group.label,
                [
                    self._input(field, shown.get(field.name), changed, problems)
                    for field in group.fields
                    if field.name != "external_id"
                ],
            )
            for group in group_fields(self._schema)
            if group.label != STATE_GROUP
        ]
        external_id = fields.get("external_id")
        return EditPage(
            customer.id,
            name_customer(fields),
            None if external_id is None else str(external_id),
            groups,
            problem,
        )

    def find_changed(self, form: Form) -> dict[str, str]:
        """The inputs that hold something else than they did, by name of field."""
        found = {}
        for field in self._schema.fields.values():
            name = field.name
            text = _lines(form.raw(f"{VALUE}{name}"))
            if f"{VALUE}{name}" in form and text != _lines(form.raw(f"{WAS}{name}")):
                found[name] = text
        return found

    def read(self, changed: Mapping[str, str]) -> dict[str, object]:
        """What an import is given for them. Raises `InvalidValueError`."""
        values: dict[str, object] = {}
        for name, text in changed.items():
            field = self._schema.find(name)
            try:
                values[name] = read_input("" if field is None else field.type, text)
            except ValueError:
                raise InvalidValueError(label_field(self._schema, name), "no JSON object") from None
        return values

    def _input(
        self,
        field: CompiledField,
        value: Any,  # noqa: ANN401 - of any type of field
        changed: Mapping[str, str],
        problems: Mapping[str, str],
    ) -> EditInput:
        was = fill_input(field.type, value, self._timezone)
        kind = _KINDS.get(field.type, "text")
        return EditInput(
            field.name,
            label_field(self._schema, field.name),
            kind,
            changed.get(field.name, was),
            was,
            _choices(field.type) if kind == "choice" else (),
            _HINTS.get(field.type, ""),
            problems.get(field.name, ""),
        )


def _choices(type_name: str) -> tuple[tuple[str, str], ...]:
    if type_name == "boolean":
        return _YES_NO
    names = country_names() if type_name == "country_code" else language_names()
    return tuple(names.items())


def _lines(text: str) -> str:
    """As browsers send line ends, and as we write them, alike."""
    return text.replace("\r\n", "\n").strip()


HANDLERS: Final = (show_form, save)
