"""The customers of a view: what the view asks for, and who they are (SPEC section 12).

Owns how search box and filters become one question. Anything that does not read is told: it is
never a question about everyone.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.search_box import is_meant_as_condition
from regulars.domain.segments.text import read_condition, write_condition
from regulars.domain.segments.tree import All, Condition, all_of
from regulars.errors import InvalidConditionError, InvalidValueError, PlacedProblem
from regulars.services.chosen_customers import describe_choice
from regulars.services.customers import find_by_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema
    from regulars.services.customer_search import Asked, CustomerSearch, Order
    from regulars.services.customer_views import CustomerView
    from regulars.services.installation import Register

PAGE_CUSTOMERS: Final = 50
_MOST_EXACT: Final = 20


class AskedView(msgspec.Struct, frozen=True):
    """What a view asks for.

    `words` or `searched` stand in the search box, the latter where it is a condition; `filters` is
    the condition besides. `problems` say why it cannot be asked; those of `filters` have no place
    in the text of the search box.
    """

    words: str = ""
    searched: Condition | None = None
    filters: Condition | None = None
    looks_like_condition: bool = False
    problems: tuple[PlacedProblem, ...] = ()
    has_bad_filters: bool = False

    @property
    def condition(self) -> Condition | None:
        """All conditions as one."""
        parts = [part for tree in (self.searched, self.filters) for part in parts_of(tree)]
        return all_of(parts) if parts else None

    @property
    def is_everyone(self) -> bool:
        """Whether nothing is asked for."""
        return not self.words and self.condition is None and not self.problems


class Listed(msgspec.Struct, frozen=True):
    """A page of the customers of a view, how many there are in all, and how long it took."""

    customers: list[Customer]
    count: int
    next_after: int | None
    milliseconds: float


def read_view(
    search: CustomerSearch, register: Register, schema: Schema, view: CustomerView
) -> AskedView:
    """What a view asks for, checked against the fields and segments that there are."""
    text = view.search.strip()
    looks = is_meant_as_condition(text, schema)
    is_condition = looks and not view.as_words
    searched, filters = None, None
    problems: tuple[PlacedProblem, ...] = ()
    try:
        if is_condition:
            # As it was typed: problems point at places in it.
            searched = search.explain(register, read_condition(view.search)).tree
    except InvalidConditionError as error:
        problems = error.problems
    has_bad_filters = False
    if view.filters:
        filters = read_condition(view.filters).tree
        try:
            search.explain(register, filters)
        except InvalidConditionError as error:
            problems += error.problems
            has_bad_filters = True
    return AskedView(
        "" if is_condition else text, searched, filters, looks, problems, has_bad_filters
    )


def parts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """The parts that must all hold; a condition that is none of several is one by itself."""
    if condition is None:
        return ()
    return condition.parts if isinstance(condition, All) else (condition,)


def write_parts(parts: Sequence[Condition]) -> str:
    """The text of a condition that holds where all parts do; empty for none."""
    return write_condition(all_of(parts)) if parts else ""


def ask_view(search: CustomerSearch, register: Register, asked: AskedView) -> Asked:
    """The question of a view. Raises `InvalidConditionError` where there are problems, and what
    `CustomerSearch.ask` raises.
    """
    if asked.problems:
        raise InvalidConditionError(asked.problems)
    return search.ask(register, condition=asked.condition, words=asked.words)


def list_customers(
    search: CustomerSearch,
    register: Register,
    asked: AskedView,
    *,
    order: Order | None = None,
    after: int | None = None,
) -> Listed:
    """A page of the customers. Raises as `ask_view` and `Asked.find_page`."""
    began = time.perf_counter()
    question = ask_view(search, register, asked)
    page, counted = question.count_page(order=order, after=after, limit=PAGE_CUSTOMERS)
    # Somebody may have gone since they were counted.
    is_whole = after is None and page.next_after is None
    count = len(page.customers) if is_whole else counted
    took = (time.perf_counter() - began) * 1000
    return Listed(page.customers, count, page.next_after, took)


def find_at_once(register: Register, schema: Schema, words: str) -> list[Customer]:
    """The customers whose identifier the words are, from the store: what can be said while the
    index is being made.
    """
    return find_by_text(register.store, schema, words, most=_MOST_EXACT) if words else []


def describe_view(asked: AskedView) -> str:
    """Which customers they are, for the audit log: no values, which may be somebody's."""
    condition = asked.condition
    if condition is None:
        return "customers by words" if asked.words else "all customers"
    return describe_choice(condition) + (", words" if asked.words else "")


def condition_to_save(asked: AskedView) -> Condition:
    """The condition of a segment of these customers. Raises `InvalidConditionError`, and
    `InvalidValueError` where they are not those of a condition.
    """
    if asked.problems:
        raise InvalidConditionError(asked.problems)
    if asked.words:
        raise InvalidValueError("search", "a segment is a condition, and cannot hold words")
    condition = asked.condition
    if condition is None:
        raise InvalidValueError("search", "a segment needs a condition")
    return condition
