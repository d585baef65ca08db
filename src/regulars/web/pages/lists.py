"""`/lists/`: mailing lists and tags, how many customers have each; renaming and removing one.

Owns which items are shown. Addresses hold no names of items: they may be a person's. An item is
named by its place in the field, and by a form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.services import services_of
from regulars.errors import IndexBusyError, InvalidValueError
from regulars.services.list_changes import LIST_FIELDS, accept_list_change, read_list_change
from regulars.services.spelled_values import spell_distributions
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render

if TYPE_CHECKING:
    from regulars.edge.services import Services
    from regulars.services.list_changes import ListChange
    from regulars.services.spelled_values import SpelledDistribution
    from regulars.web.context import Visitor

MOST_ITEMS: Final = 500
_TITLES: Final = {"mailing_lists": "Mailing lists", "tags": "Tags"}
_ONE: Final = {"mailing_lists": "mailing list", "tags": "tag"}


class Item(msgspec.Struct, frozen=True):
    """A list or tag, and how many customers have it."""

    name: str
    customers: int


class ListTable(msgspec.Struct, frozen=True):
    """All items of a field."""

    field: str
    title: str
    one: str
    items: list[Item]
    other_items: int
    without: int


class ListsPage(msgspec.Struct, frozen=True):
    """What the page shows; `busy` where the index is being made, how much of it is done."""

    busy: float | None
    customers: int = 0
    tables: list[ListTable] = []


class ChangePage(msgspec.Struct, frozen=True):
    """The form that renames or removes one item."""

    field: str
    one: str
    item: str
    customers: int
    new_item: str = ""
    problem: str = ""


@get("/lists", sync_to_thread=True)
def show_lists(request: Request[Any, Any, Any]) -> Response[str]:
    """All lists and tags."""
    services, visitor = services_of(request), visitor_of(request)
    try:
        page = _describe(services, visitor)
    except IndexBusyError as busy:
        page = ListsPage(busy.progress)
    return render(request, "lists.html", page, fragment="lists")


@post("/lists/change", guards=[check_may_edit], sync_to_thread=True)
def show_change(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """What can be done with one item."""
    change = read_list_change(form.text("field"), form.text("item"))
    return render(request, "list_change.html", _change_page(request, change))


@post("/lists/rename", guards=[check_may_edit], sync_to_thread=True)
def rename(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Give an item another name, with everybody who has it."""
    field, item, new_item = form.text("field"), form.text("item"), form.text("new_item")
    try:
        change = read_list_change(field, item, new_item)
    except InvalidValueError as error:
        page = _change_page(request, read_list_change(field, item), new_item, f"{error}.")
        return render(request, "list_change.html", page, status=422)
    return _carry_out(request, change)


@post("/lists/remove", guards=[check_may_edit], sync_to_thread=True)
def remove(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Take an item away from everybody who has it."""
    change = read_list_change(form.text("field"), form.text("item"))
    if not form.text("confirmed"):
        page = _change_page(request, change, problem="Tick the box to say that you mean it.")
        return render(request, "list_change.html", page, status=422)
    return _carry_out(request, change)


def _carry_out(request: Request[Any, Any, Any], change: ListChange) -> Response[str]:
    services, visitor = services_of(request), visitor_of(request)
    register = visitor.register
    accepted = accept_list_change(
        services.imports, services.search, register, change, actor=visitor.actor
    )
    services.run_import(register.company.short_name, accepted.id)
    return redirect(f"/imports/{accepted.id}/")


def _describe(services: Services, visitor: Visitor) -> ListsPage:
    asked = services.search.ask(visitor.register)
    counted = [asked.distribution(field, MOST_ITEMS) for field in LIST_FIELDS]
    spelled = spell_distributions(visitor.register.store, asked.schema, counted)
    return ListsPage(None, asked.count(), [_table(each) for each in spelled])


def _table(counted: SpelledDistribution) -> ListTable:
    return ListTable(
        counted.field,
        _TITLES[counted.field],
        _ONE[counted.field],
        [Item(str(each.value), each.customers) for each in counted.values],
        counted.other_values,
        counted.without,
    )


def _change_page(
    request: Request[Any, Any, Any], change: ListChange, new_item: str = "", problem: str = ""
) -> ChangePage:
    register = visitor_of(request).register
    count = services_of(request).search.ask(register, condition=change.condition).count()
    return ChangePage(
        change.field, _ONE[change.field], change.item, count, new_item or change.item, problem
    )


HANDLERS: Final = (show_lists, show_change, rename, remove)
