"""What was decided on a batch of records. Owns the shape that deciding hands to storing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from regulars.domain.customers.change import Change
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.identity.register import Missing
    from regulars.domain.records.problem import Problem

Outcome = Literal["created", "updated", "unchanged", "rejected", "ignored"]


class Position(msgspec.Struct, frozen=True):
    """Where a company's register stands: the highest numbers given so far, and how many customers
    live.
    """

    last_customer_id: int
    last_version: int
    living: int


class Decision(msgspec.Struct):
    """What a batch does. Of `records`, the first `consumed` are decided; the rest waits for the
    next batch.
    """

    missing: Missing
    consumed: int
    outcomes: list[Outcome]
    problems: list[Problem]
    customers: list[WorkingCustomer]
    """Customers made or changed, by id."""
    changes: list[Change]
    forgets: list[tuple[int, int | None]]
    """Requests to forget: number of the record, id of the customer, or None for one unknown."""
    forgotten: list[int]
    """Ids of stored customers whose stored history is to be blanked."""
    suppressed: set[str]
    position: Position
    customers_changed: int
    """Customers that this import had not changed before."""
