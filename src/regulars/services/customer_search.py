"""Questions about a company's customers, answered by its index and its store (SPEC section 11).

Owns how a condition and the words of a search become a question, and what stands in an answer. Must
not know who asks, nor in what form answers are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import msgspec

from regulars.domain.customers.customer import Customer, decode_fields
from regulars.domain.segments.check import check_condition
from regulars.domain.segments.evaluate import PastChange, Subject
from regulars.domain.segments.sentence import explain
from regulars.domain.segments.text import write_condition
from regulars.domain.segments.tree import Condition, Test, walk
from regulars.domain.segments.values import sample_number
from regulars.domain.segments.why import Why, explain_why
from regulars.index.permission_statistics import (
    PermissionsOf,
    count_permission_steps,
    count_permissions,
    count_permissions_by,
)
from regulars.index.questions import Found, Order, Query, find_and_count
from regulars.index.statistics import (
    MOST_VALUES,
    Distribution,
    Overlap,
    Reach,
    Statistics,
    count_overlap,
)
from regulars.index.value_counts import count_values
from regulars.services.search_words import find_exact, read_words
from regulars.services.segments import read_given

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.checked import Checked
    from regulars.index.company_index import CompanyIndex
    from regulars.services.installation import Installation, Register
    from regulars.services.segments import Given, Segments
    from regulars.store.contract import CompanyStore

    class Indexes(Protocol):
        """The indexes of all companies."""

        def open(self, short_name: str) -> CompanyIndex:
            """The index of a company. Raises `IndexBusyError`, `UnknownNameError`."""

        def close(self) -> None:
            """Close all files."""


__all__ = [
    "Asked",
    "CustomerSearch",
    "Distribution",
    "Explained",
    "FoundPage",
    "Indexes",
    "Order",
    "Overlap",
    "Reach",
    "Statistics",
    "Why",
]

_READ_CUSTOMERS: Final = 5_000


class Explained(msgspec.Struct, frozen=True):
    """A condition in its three forms, and the names of the fields that it asks for."""

    text: str
    tree: Condition
    sentence: str
    fields: tuple[str, ...]


class FoundPage(msgspec.Struct, frozen=True):
    """Some of the customers of a question, as they are in the store now, in the order asked for.

    Those who have gone since they were found are left out. `next_after` is the id of the last one
    that was found, where more follow.
    """

    customers: list[Customer]
    next_after: int | None


class Asked:
    """A question at hand: a checked one, to an index that was caught up after it was asked.

    All answers may raise `IndexBusyError` and `StoreUnavailableError`.
    """

    def __init__(
        self, store: CompanyStore, index: CompanyIndex, schema: Schema, query: Query
    ) -> None:
        self.schema: Final = schema
        self._store: Final = store
        self._index: Final = index
        self._query: Final = query

    @property
    def condition(self) -> Checked | None:
        """What the customers have to meet, besides the words."""
        return self._query.condition

    def count(self) -> int:
        """How many customers there are."""
        return self._index.count(self._query)

    def find_ids(
        self, *, order: Order | None = None, after: int | None = None, limit: int
    ) -> list[int]:
        """The ids of the next customers. Raises what `find_page` raises."""
        return self._index.find_ids(self._query, order, after, limit)

    def find_page(
        self, *, order: Order | None = None, after: int | None = None, limit: int
    ) -> FoundPage:
        """The next customers behind the one with id `after`.

        In order of id; customers with the very identifier that was searched for come before all
        others. Raises `InvalidValueError` for an order by a field that has none, and
        `ConflictError` where the customer `after` is gone from an order of values.
        """
        return self._read_page(self.find_ids(order=order, after=after, limit=limit + 1), limit)

    def find_and_count(self, order: Order | None, after: int | None, limit: int) -> Found:
        """The ids that `find_ids` gives, and how many customers there are, asked at once."""
        return self._index.ask(lambda view: find_and_count(view, self._query, order, after, limit))

    def count_page(
        self, *, order: Order | None = None, after: int | None = None, limit: int
    ) -> tuple[FoundPage, int]:
        """What `find_page` gives, and how many customers there are, asked at once."""
        found = self.find_and_count(order, after, limit + 1)
        return self._read_page(found.ids, limit), found.customers

    def _read_page(self, ids: Sequence[int], limit: int) -> FoundPage:
        next_after = ids[limit - 1] if len(ids) > limit else None
        return FoundPage(list(self.iterate(ids[:limit])), next_after)

    def iterate(self, ids: Sequence[int]) -> Iterator[Customer]:
        """Those of the customers who are living now, in the order of `ids`, read some at a time."""
        for first in range(0, len(ids), _READ_CUSTOMERS):
            some = ids[first : first + _READ_CUSTOMERS]
            customers = {each.id: each for each in self._store.load_customers(some)}
            for number in some:
                customer = customers.get(number)
                if customer is not None and customer.state == "living":
                    yield customer

    def measure(self) -> Reach:
        """How many customers there are, and how many of them each channel reaches."""
        return self._index.measure(self._query)

    def overlap(self, other: Asked) -> Overlap:
        """How many customers this question and another one of the company have in common."""
        return self._index.ask(lambda view: count_overlap(view, self._query, other._query))

    def statistics(self) -> Statistics:
        """Who the customers are."""
        return self._index.statistics(self._query)

    def value_counts(self) -> dict[str, int]:
        """How many of the customers have a value of each field, by its key."""
        return self._index.ask(lambda view: count_values(view, self._query))

    def permissions(self) -> dict[str, int]:
        """How many of the customers have given each permission."""
        return self._index.ask(lambda view: count_permissions(view, self._query))

    def permissions_by(self, key: str, most: int) -> list[PermissionsOf]:
        """How many have given each permission, by the most frequent values of a field."""
        return self._index.ask(lambda view: count_permissions_by(view, self._query, key, most))

    def distribution(self, key: str, most: int = MOST_VALUES) -> Distribution:
        """The most frequent values of a field. Raises `InvalidValueError`."""
        return self._index.distribution(self._query, key, most)


class CustomerSearch:
    """What may be asked about a company's customers."""

    def __init__(self, installation: Installation, indexes: Indexes, segments: Segments) -> None:
        self._installation: Final = installation
        self._indexes: Final = indexes
        self._segments: Final = segments

    def ask(self, register: Register, *, condition: Given | None = None, words: str = "") -> Asked:
        """A question about the living customers that meet a condition and in whom words occur.

        `words` is what a person typed: every word must occur somewhere; a customer whose
        identifier it is, is found however that was written. The answers say what the store holds
        now, or something later. Raises `InvalidConditionError`, `InvalidValueError`,
        `IndexBusyError`, `StoreUnavailableError`.
        """
        index = self._indexes.open(register.company.short_name)
        schema = index.catch_up()
        checked = None if condition is None else self._check(register, schema, condition)
        exact = find_exact(register.store, schema, words) if words.strip() else ()
        return Asked(register.store, index, schema, Query(checked, read_words(words), exact))

    def count_each(self, register: Register, conditions: Sequence[Given]) -> list[int]:
        """How many customers meet each of some conditions, all counted at one moment. Raises as
        `ask`.
        """
        index = self._indexes.open(register.company.short_name)
        schema = index.catch_up()
        return index.count_each([Query(self._check(register, schema, each)) for each in conditions])

    def permission_steps(self, register: Register) -> dict[str, dict[str, int]]:
        """By permission, by how many customers those who have it grew in each month, as `2026-01`.
        Raises `IndexBusyError`, `StoreUnavailableError`.
        """
        index = self._indexes.open(register.company.short_name)
        index.catch_up()
        return index.ask(count_permission_steps)

    def find_forgotten(
        self, register: Register, external_id: str | None = None
    ) -> ForgottenCustomers:
        """The forgotten customers; all, or the one with this external_id. Raises as `ask`."""
        index = self._indexes.open(register.company.short_name)
        index.catch_up()
        return ForgottenCustomers(register.store, index, external_id)

    def explain(self, register: Register, condition: Given) -> Explained:
        """What a condition asks for. Raises `InvalidConditionError`."""
        schema = register.load_schema()
        tree = self._check(register, schema, condition).root.source
        tests = [node for _, _, node in walk(tree) if isinstance(node, Test)]
        fields = [field.name for test in tests if (field := schema.find(test.field))]
        return Explained(
            write_condition(tree), tree, explain(tree, schema), tuple(dict.fromkeys(fields))
        )

    def why(self, register: Register, condition: Given, customer: Customer) -> Why:
        """Why a living customer meets a condition, or does not. Raises `InvalidConditionError`."""
        checked = self._check(register, register.load_schema(), condition)
        return explain_why(checked, _load_subject(register, customer), self._installation.now())

    def _check(self, register: Register, schema: Schema, condition: Given) -> Checked:
        tree, places = read_given(condition)
        return check_condition(tree, schema, self._segments.finder(register), places)


class ForgottenCustomers:
    """Those customers of whom nothing is left but that they were forgotten."""

    def __init__(self, store: CompanyStore, index: CompanyIndex, external_id: str | None) -> None:
        self._store: Final = store
        self._index: Final = index
        self._external_id: Final = external_id

    def count(self) -> int:
        """How many there are."""
        return self._index.count_forgotten(self._external_id)

    def find_page(self, *, after: int | None = None, limit: int) -> FoundPage:
        """The next ones, in order of id."""
        ids = self._index.find_forgotten(self._external_id, after, limit + 1)
        next_after = ids[limit - 1] if len(ids) > limit else None
        customers = self._store.load_customers(ids[:limit])
        return FoundPage([each for each in customers if each.state == "forgotten"], next_after)


def _load_subject(register: Register, customer: Customer) -> Subject:
    """A customer with all its changes."""
    return Subject(
        customer.id,
        customer.fields,
        sample_number(register.sample_salt, customer.id),
        [
            PastChange(
                row.at,
                None if row.before is None else decode_fields(row.before),
                decode_fields(row.after),
            )
            for row in register.store.history.load(customer.id)
        ],
    )
