"""Customers read back: by the values of fields, by segment, condition and words, page by page
(SPEC section 10).

Owns which customers a query gives, and when the store alone can answer. Must not know formats of
replies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.fields.types import Unreadable
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.evaluate import Subject, evaluate
from regulars.domain.segments.operands import EMPTY, read_operand
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.text import Parsed, read_condition
from regulars.domain.segments.tree import InSegment, Test, all_of
from regulars.domain.segments.values import NEVER_MISSING, compile_comparable
from regulars.errors import (
    ConflictError,
    InvalidConditionError,
    InvalidValueError,
    UnknownNameError,
)
from regulars.index.questions import UNORDERED_TYPES, Order
from regulars.services.customers import IDENTIFIERS, find_by_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.checked import Checked
    from regulars.domain.segments.tree import Condition
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register
    from regulars.services.segments import Segments

MOST_FROM_STORE: Final = 10_000
"""Customers in a page that is read from the store alone."""
_MOST_OF_ONE_IDENTIFIER: Final = 100_000


class Wanted(msgspec.Struct, frozen=True):
    """Which customers are asked for; all that is given must hold.

    `values` are texts by the name of their field. `order` is the name of a field, with `-` before
    it for the other way round.
    """

    values: Mapping[str, str]
    segment: str | None = None
    where: str | None = None
    words: str = ""
    order: str | None = None
    after: int | None = None
    limit: int = 100

    @property
    def is_plain(self) -> bool:
        """Whether nothing but values of fields is asked for."""
        return self.segment is None and self.where is None and not self.words


class Page(msgspec.Struct, frozen=True):
    """Some customers of a query, which may be read once and are loaded while they are; how many the
    whole query gives; where the next page begins.
    """

    customers: Iterable[Customer]
    count: int
    next_after: int | None


class Retrieval:
    """Reads customers back. `now` gives the present instant with zone."""

    def __init__(self, search: CustomerSearch, segments: Segments, now: datetime) -> None:
        self._search: Final = search
        self._segments: Final = segments
        self._now: Final = now

    def find(self, register: Register, schema: Schema, wanted: Wanted) -> Page:
        """The next customers of a query.

        All of them in order of id, and those with an identifier, come from the store; anything
        else needs the index. Raises `InvalidValueError` and `InvalidConditionError`, both with the
        name of what cannot be used, `ConflictError`, `IndexBusyError`.
        """
        tests = [read_filter(schema, name, text) for name, text in wanted.values.items()]
        order = None if wanted.order is None else read_order(schema, wanted.order)
        if wanted.is_plain:
            if not tests and order is None and wanted.limit <= MOST_FROM_STORE:
                return _find_all(register, wanted)
            if any(test.field in IDENTIFIERS for test in tests):
                return self._find_by_identifier(register, schema, tests, order, wanted)
            if _asks_for_forgotten(schema, tests):
                return self._find_forgotten(register, schema, tests, wanted)
        return self._find_in_index(register, tests, order, wanted)

    # Ways to find them

    def _find_by_identifier(
        self,
        register: Register,
        schema: Schema,
        tests: Sequence[Test],
        order: Order | None,
        wanted: Wanted,
    ) -> Page:
        """Those with an identifier, from the store."""
        named = {test.field: test.operands[0] for test in tests}
        name = next(name for name in IDENTIFIERS if name in named)
        value = str(schema.fields[name].read_upload(named[name]))
        checked = check_condition(all_of(tests), schema, no_segments)
        found = [
            customer
            for customer in find_by_value(register.store, name, value, most=_MOST_OF_ONE_IDENTIFIER)
            if customer.state in ("living", "forgotten")
            and _holds(checked, customer.id, customer.fields, self._now)
        ]
        if order is not None:
            found = list(_in_order(schema, order, found))
        first = _place_behind(found, order, wanted.after)
        return _cut(found[first:], len(found), wanted.limit)

    def _find_forgotten(
        self, register: Register, schema: Schema, tests: Sequence[Test], wanted: Wanted
    ) -> Page:
        """Those of whom nothing is left but that they were forgotten."""
        if wanted.order is not None:
            raise InvalidValueError("order", "forgotten customers have no values to go by")
        forgotten = self._search.find_forgotten(register)
        checked = check_condition(all_of(tests), schema, no_segments)
        if not _holds(checked, 0, {"is_forgotten": True}, self._now):
            return Page([], 0, None)
        found = forgotten.find_page(after=wanted.after, limit=wanted.limit)
        return Page(found.customers, forgotten.count(), found.next_after)

    def _find_in_index(
        self, register: Register, tests: Sequence[Test], order: Order | None, wanted: Wanted
    ) -> Page:
        condition, names = self._join(register, tests, wanted)
        try:
            asked = self._search.ask(register, condition=condition, words=wanted.words)
        except InvalidConditionError as error:
            raise _named(error, names) from error
        found = asked.find_and_count(order, wanted.after, wanted.limit + 1)
        next_after = found.ids[wanted.limit - 1] if len(found.ids) > wanted.limit else None
        return Page(asked.iterate(found.ids[: wanted.limit]), found.customers, next_after)

    def _join(
        self, register: Register, tests: Sequence[Test], wanted: Wanted
    ) -> tuple[Parsed | None, list[str]]:
        """All that must hold as one condition, and what each of its parts was given as."""
        parts: list[Condition] = [*tests]
        names = [test.field for test in tests]
        if wanted.segment is not None:
            try:
                self._segments.find(register, wanted.segment)
            except UnknownNameError:
                raise InvalidValueError("segment", "there is no segment of this name") from None
            parts.append(InSegment(wanted.segment))
            names.append("segment")
        places = {}
        if wanted.where is not None:
            try:
                parsed = read_condition(wanted.where)
            except InvalidConditionError as error:
                raise InvalidConditionError(error.problems, "where") from error
            way = (len(parts),) if parts else ()
            places = {(way + path, part): at for (path, part), at in parsed.places.items()}
            parts.append(parsed.tree)
            names.append("where")
        return (Parsed(all_of(parts), places) if parts else None), names


def read_filter(schema: Schema, name: str, text: str) -> Test:
    """The test whether a field has a value, or a list has it as an item.

    Raises `InvalidValueError` for what does not read as the field.
    """
    field = schema.fields[name.lower()]
    operator = OPERATORS["has_any" if field.type in LIST_TYPES else "is"]
    if field.type not in operator.types:
        raise InvalidValueError(name, "objects are not compared")
    try:
        read_operand(field, operator.takes, text)
    except Unreadable as unreadable:
        reason = "the parameter has no value"
        if unreadable.code != EMPTY:
            kind = PROBLEM_KINDS[unreadable.code]
            reason = f"{kind.message}; {kind.suggestion}"
        raise InvalidValueError(name, reason) from None
    return Test(field.name, operator.name, (text,))


def read_order(schema: Schema, text: str) -> Order:
    """An order such as `city` or `-city`. Raises `InvalidValueError`."""
    field = schema.find(text.removeprefix("-"))
    if field is None or field.type in UNORDERED_TYPES:
        raise InvalidValueError("order", "a field of single values, or - and such a field")
    return Order(field.name.lower(), text.startswith("-"))


def _find_all(register: Register, wanted: Wanted) -> Page:
    """All living customers, from the store."""
    customers = register.store.load_living_customers(wanted.after or 0, wanted.limit + 1)
    return _cut(customers, register.store.read_position().living, wanted.limit)


def _asks_for_forgotten(schema: Schema, tests: Sequence[Test]) -> bool:
    field = schema.fields["is_forgotten"]
    return any(
        test.field == field.name and field.read_upload(test.operands[0]) is True for test in tests
    )


def _holds(checked: Checked, number: int, fields: Mapping[str, object], now: datetime) -> bool:
    return evaluate(checked, Subject(number, fields, 0), now)  # type: ignore[arg-type]


def _in_order(schema: Schema, order: Order, customers: Sequence[Customer]) -> Iterator[Customer]:
    """As the index orders them: by value, then by id; those without a value last."""
    field = schema.fields[order.key]
    compare = compile_comparable(field)
    missing = False if field.name in NEVER_MISSING else None
    values = {}
    for customer in customers:
        stored = customer.fields.get(field.name)
        value = None if stored is None else compare(stored)
        values[customer.id] = missing if value is None else value
    having = [each for each in customers if values[each.id] is not None]
    # Of equal values, sorting keeps the order of ids, also where it is reversed.
    yield from sorted(
        having,
        key=lambda each: values[each.id],  # type: ignore[arg-type,return-value]
        reverse=order.is_descending,
    )
    yield from (each for each in customers if values[each.id] is None)


def _place_behind(customers: Sequence[Customer], order: Order | None, after: int | None) -> int:
    """How many of the customers come before the page."""
    if after is None:
        return 0
    if order is None:
        return sum(customer.id <= after for customer in customers)
    for place, customer in enumerate(customers, start=1):
        if customer.id == after:
            return place
    raise ConflictError("the customer behind which the page begins is gone")


def _cut(customers: Sequence[Customer], count: int, limit: int) -> Page:
    page = list(customers[:limit])
    return Page(page, count, page[-1].id if len(customers) > limit else None)


def _named(error: InvalidConditionError, names: Sequence[str]) -> InvalidConditionError:
    """The failure with the name of the part that has a problem, as if it stood alone."""
    if len(names) == 1:
        return InvalidConditionError(error.problems, names[0])
    first = error.problems[0]
    if not first.path:
        # All of it together is too much.
        return InvalidConditionError(error.problems, names[-1])
    number = first.path[0]
    own = [each for each in error.problems if each.path[:1] == (number,)]
    return InvalidConditionError(
        [msgspec.structs.replace(each, path=each.path[1:]) for each in own],  # type: ignore[type-var]
        names[number],
    )
