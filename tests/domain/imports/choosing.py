"""Deciding with choices, as tests of them do."""

from __future__ import annotations

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.identity.register import Facts
from regulars.domain.imports.choices import (
    Choices,
    ChoosingDecider,
    PlannedDecision,
)
from regulars.domain.imports.decision import Position
from tests.domain.imports.deciding import read_records

ADA = "ada@example.org"
BOB = "bob@example.org"
ONE = {"external_id": "1"}
TWO = {"external_id": "2"}
STORED = Customer(
    1, 1, encode_fields({"external_id": "1", "email": ADA, "city": "Espoo", "tags": ["vip"]})
)


def decide_with(
    choices: Choices,
    *given: object,
    stored: tuple[Customer, ...] = (STORED,),
    written: dict[int, list[tuple[int, set[str]]]] | None = None,
    suppressed: frozenset[str] = frozenset(),
) -> PlannedDecision:
    """What records do to the stored customers, whose versions go up to 5."""
    records = read_records(*given)
    addresses = {
        address for each in records for address in (each.email, each.phone_number) if address
    }
    facts = Facts(
        customers={customer.id: customer for customer in stored},
        holders_known=addresses,
        suppressed={address: address in suppressed for address in addresses},
        former_addresses={customer.id: set() for customer in stored},
        written={customer.id: [] for customer in stored} | (written or {}),
        no_suppressions=not suppressed,
    )
    decider = ChoosingDecider(
        facts, Position(len(stored), 5, len(stored)), 5, 100, lambda _: "hash", choices=choices
    )
    decision = decider.decide_all(records)
    assert isinstance(decision, PlannedDecision)
    assert not decision.missing
    return decision


def fields_of(decision: PlannedDecision, number: int = 1) -> dict[str, object]:
    (found,) = (customer.fields for customer in decision.customers if customer.id == number)
    return dict(found)
