"""What the page of customers shows, made of a view (SPEC section 12).

Owns the page's values: chips, columns, rows, pages, problems. Must not know HTML, nor what the
page's forms do.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import msgspec

from regulars.errors import ConflictError, IndexBusyError, InvalidValueError, PlacedProblem
from regulars.services.customer_list import (
    PAGE_CUSTOMERS,
    AskedView,
    Listed,
    find_at_once,
    list_customers,
    parts_of,
    read_view,
)
from regulars.services.customer_search import Order
from regulars.web.condition_words import tell_part
from regulars.web.customer_columns import (
    Column,
    ColumnGroup,
    CustomerRow,
    choose_columns,
    make_rows,
    offer_columns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.customer_views import CustomerView
    from regulars.web.condition_inputs import ConditionRow
    from regulars.web.context import Visitor

EVERYONE: Final = "/customers/"
_MOST_PAGES: Final = 100
"""That an address leads back through."""


class Place(msgspec.Struct, frozen=True):
    """Where in the customers of a view somebody looks.

    `order` is the key of a field, with `-` before it for the other way round; `afters` are the ids
    behind which each page up to this one began, the first one's aside.
    """

    order: str = ""
    afters: tuple[int, ...] = ()


START: Final = Place()


class Chip(msgspec.Struct, frozen=True):
    """A part of the condition as a sentence. `name` names it in the form that removes it."""

    name: str
    sentence: str


class ProblemShown(msgspec.Struct, frozen=True):
    """What is wrong with the search: the text before the place, at it, and behind it.

    `could_be` are words that could stand there, where the message does not say so.
    """

    message: str
    before: str
    at: str
    behind: str
    could_be: tuple[str, ...]


class CustomersPage(msgspec.Struct, frozen=True):
    """What the page shows. Of `listed`, `busy` and `problems` one is there."""

    view_id: str
    view: CustomerView
    address: str
    order: str
    asked: AskedView
    chips: list[Chip]
    columns: list[Column]
    column_groups: list[ColumnGroup]
    rows: list[CustomerRow]
    listed: Listed | None = None
    busy: float | None = None
    """How far the index is made, from 0 to 1."""
    problems: list[ProblemShown] = []
    first: int = 0
    """The number of the first customer shown, from 1."""
    previous: str | None = None
    next: str | None = None
    is_register_empty: bool = False
    filter_row: ConditionRow | None = None
    is_filter_open: bool = False
    segment_name: str = ""
    segment_problem: str = ""
    api_url: str = ""

    @property
    def is_unfinished(self) -> bool:
        """Whether the condition in the search box is well as far as it goes."""
        return all(each.before and not each.at and not each.behind for each in self.problems)

    @property
    def last(self) -> int:
        """The number of the last customer shown."""
        return self.first + len(self.rows) - 1


def make_page(
    search: CustomerSearch,
    visitor: Visitor,
    view: CustomerView,
    view_id: str = "",
    place: Place = START,
) -> CustomersPage:
    """The page of a view. Raises `InvalidValueError` for an order that there is not, and
    `StoreUnavailableError`.
    """
    register = visitor.register
    schema = register.load_schema()
    order = read_order(schema, place.order)
    asked = read_view(search, register, schema, view)
    columns = choose_columns(schema, view.columns)
    page = CustomersPage(
        view_id=view_id,
        view=view,
        address=address_of(view_id),
        order=place.order,
        asked=asked,
        chips=make_chips(schema, asked),
        columns=[_linked(column, view_id, place.order) for column in columns],
        column_groups=offer_columns(schema, columns),
        rows=[],
        problems=[_show_problem(schema, each, view.search) for each in asked.problems],
    )
    if asked.problems:
        return page
    try:
        after = place.afters[-1] if place.afters else None
        listed = list_customers(search, register, asked, order=order, after=after)
    except IndexBusyError as busy:
        found = find_at_once(register, schema, asked.words)
        return _with_rows(page, schema, visitor, found, busy=busy.progress)
    except ConflictError:
        # Whoever was the last one of the page before is gone: the list begins anew.
        return make_page(search, visitor, view, view_id, Place(place.order))
    return _with_pages(_with_rows(page, schema, visitor, listed.customers), listed, visitor, place)


def read_order(schema: Schema, text: str) -> Order | None:
    """An order such as `city` or `-city`. Raises `InvalidValueError`."""
    if not text:
        return None
    key = text.removeprefix("-")
    if key not in schema.fields:
        raise InvalidValueError("order", "there is no such field")
    return Order(key, text.startswith("-"))


def address_of(view_id: str, place: Place = START, *, below: str = "") -> str:
    """The address of a view, or of a page `below` it."""
    path = f"{EVERYONE}view/{view_id}/" if view_id else EVERYONE
    query = {"order": place.order, "after": "-".join(map(str, place.afters))}
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}{below}" + (f"?{given}" if given else "")


def read_place(order: str, after: str) -> Place:
    """A place as an address has it. Raises `InvalidValueError`."""
    numbers = after.split("-") if after else []
    if len(numbers) > _MOST_PAGES or not all(
        each.isascii() and each.isdecimal() and len(each) < len(f"{2**63}") for each in numbers
    ):
        raise InvalidValueError("after", "numbers of customers")
    return Place(order, tuple(map(int, numbers)))


def make_chips(schema: Schema, asked: AskedView) -> list[Chip]:
    """The parts of the conditions, in order."""
    named = [
        (f"{source}-{number}", part)
        for source, tree in (("search", asked.searched), ("filters", asked.filters))
        for number, part in enumerate(parts_of(tree))
    ]
    return [Chip(name, tell_part(part, schema)) for name, part in named]


def _linked(column: Column, view_id: str, order: str) -> Column:
    """The column with the address that sorts by it; by that of today, the other way round."""
    if not column.is_sortable:
        return column
    key = column.sort_key
    wanted = f"-{key}" if order == key else key
    direction = {key: "ascending", f"-{key}": "descending"}.get(order, "")
    return msgspec.structs.replace(
        column, sort_address=address_of(view_id, Place(wanted)), direction=direction
    )


def _show_problem(schema: Schema, problem: PlacedProblem, text: str) -> ProblemShown:
    could_be = () if problem.message.startswith("expected") else problem.expected
    start, end = problem.start, problem.end
    if start is None or end is None:
        # Of a filter, which is no text here; what it says stands in the chips.
        return ProblemShown(problem.message, "", "", "", could_be)
    at = text[start:end]
    if problem.code == "unknown_field":
        could_be = tuple(get_close_matches(at.strip('"').lower(), schema.fields, n=3))
    return ProblemShown(problem.message, text[:start], at, text[end:], could_be)


def _with_rows(
    page: CustomersPage,
    schema: Schema,
    visitor: Visitor,
    customers: Sequence[Customer],
    *,
    busy: float | None = None,
) -> CustomersPage:
    rows = make_rows(schema, page.columns, customers, visitor.timezone)
    return msgspec.structs.replace(page, rows=rows, busy=busy)


def _with_pages(
    page: CustomersPage, listed: Listed, visitor: Visitor, place: Place
) -> CustomersPage:
    afters = place.afters
    further = None
    if listed.next_after is not None and len(afters) < _MOST_PAGES:
        further = address_of(page.view_id, Place(place.order, (*afters, listed.next_after)))
    back = address_of(page.view_id, Place(place.order, afters[:-1])) if afters else None
    is_empty = not listed.count and page.asked.is_everyone
    return msgspec.structs.replace(
        page,
        listed=listed,
        first=len(afters) * PAGE_CUSTOMERS + 1,
        previous=back,
        next=further,
        is_register_empty=is_empty and not visitor.register.store.read_position().living,
    )
