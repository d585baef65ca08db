"""A plan: what an import would do, record by record (SPEC section 4).

Owns the stored form of plans, the examples that are shown of them, and what makes a plan differ
from what would happen now. Must not know how plans are made or stored.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.imports.choices import PlannedRecord
from regulars.domain.imports.decision import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from regulars.domain.customers.change import Change, FieldValues
    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.choices import PlannedDecision
    from regulars.domain.records.read_record import ReadRecord

LISTED: Final = 100
"""So many examples, and records that have moved, are shown."""
_DIGEST_BYTES: Final = 8
_IDENTIFIERS: Final = ("external_id", "email", "phone_number")

ConflictReason = Literal["means_other_customers", "customer_has_changed", "would_do_otherwise"]


class RecordPlan(msgspec.Struct, frozen=True, array_like=True):
    """What one record would do: its outcome, the ids of the customers that it means, and a keyed
    digest of what it changes in them and what is wrong with it.
    """

    outcome: Outcome
    meant: tuple[int, ...]
    digest: bytes


class PlanPart(msgspec.Struct, array_like=True):
    """The plan of some records in a row, of which the first has the number `first`."""

    first: int
    records: list[RecordPlan]

    @property
    def last(self) -> int:
        """The number of the last record."""
        return self.first + len(self.records) - 1


class Sample(msgspec.Struct):
    """An example of what a plan changes: a customer's identifiers, and the former and new values of
    the fields that are written. `before` is None where the customer is new.
    """

    record: int
    customer: dict[str, object]
    before: dict[str, object] | None
    after: dict[str, object]


class Conflict(msgspec.Struct, frozen=True):
    """A record that would not do what was planned."""

    record: int
    reason: ConflictReason


encode_part: Final = msgspec.msgpack.Encoder().encode
decode_part: Final = msgspec.msgpack.Decoder(PlanPart).decode
encode_sample: Final = msgspec.json.Encoder().encode
decode_sample: Final = msgspec.json.Decoder(Sample).decode
_encode_values: Final = msgspec.json.Encoder(order="sorted").encode


def plan_part(decision: PlannedDecision, records: list[ReadRecord], key: bytes) -> PlanPart:
    """The plan of the records of a batch. `key` is secret, at most 64 bytes: digests of personal
    values must not be comparable with anybody's guesses.
    """
    digests: dict[int, bytes] = {}

    def add(record: int, values: object) -> None:
        hashing = blake2b(_encode_values(values), digest_size=_DIGEST_BYTES, key=key)
        hashing.update(digests.get(record, b""))
        digests[record] = hashing.digest()

    for change in decision.changes:
        add(change.record, (change.before, change.after))
    for problem in decision.problems:
        add(problem.record, (problem.code, problem.field))
    return PlanPart(
        records[0].number,
        [
            RecordPlan(outcome, meant, digests.get(record.number, b""))
            for record, outcome, meant in zip(
                records, decision.outcomes, decision.meant, strict=True
            )
        ],
    )


def planned_records(
    parts: list[PlanPart], last_id: int, began_after_id: int
) -> dict[int, PlannedRecord]:
    """What was planned, by number of record, with the ids that new customers are given now.

    `last_id` was the highest id when it was planned, `began_after_id` when it began to be applied.
    """
    return {
        number: PlannedRecord(
            each.outcome,
            tuple(_now(customer, last_id, began_after_id) for customer in each.meant),
        )
        for part in parts
        for number, each in enumerate(part.records, start=part.first)
    }


def find_conflicts(
    planned: Mapping[int, RecordPlan],
    now: PlanPart,
    newest: list[int],
    *,
    planned_at_version: int,
    last_id: int,
    began_after_id: int,
) -> Iterator[Conflict]:
    """The records that would not do what was planned. `newest` is the decision's."""
    for number, (each, version) in enumerate(
        zip(now.records, newest, strict=True), start=now.first
    ):
        before = planned.get(number)
        if before is None:
            yield Conflict(number, "would_do_otherwise")
        elif each.meant != tuple(_now(one, last_id, began_after_id) for one in before.meant):
            yield Conflict(number, "means_other_customers")
        elif version > planned_at_version:
            yield Conflict(number, "customer_has_changed")
        elif (each.outcome, each.digest) != (before.outcome, before.digest):
            yield Conflict(number, "would_do_otherwise")


def _now(customer_id: int, last_id: int, began_after_id: int) -> int:
    return customer_id if customer_id <= last_id else customer_id - last_id + began_after_id


def make_samples(decision: PlannedDecision, schema: Schema, most: int) -> list[Sample]:
    """The first changes of a batch as they are shown."""
    customers = {customer.id: customer.fields for customer in decision.customers}
    return [
        _sample(change, customers[change.customer_id], schema) for change in decision.changes[:most]
    ]


def _sample(change: Change, fields: Mapping[str, object], schema: Schema) -> Sample:
    identifiers = {name: fields[name] for name in _IDENTIFIERS if name in fields}
    before = None if change.before is None else _shown(change.before, schema)
    return Sample(change.record, identifiers, before, _shown(change.after, schema))


def _shown(values: FieldValues, schema: Schema) -> dict[str, object]:
    """Values as they are read; None for a removed one."""
    shown: dict[str, object] = {}
    for name, value in values.items():
        field = schema.find(name)
        shown[name] = value
        if value is not None and field is not None and field.as_given:
            try:
                read = field.read_stored(value)
            except Unreadable:
                read = REMOVE
            shown[name] = None if read is REMOVE else read
    return shown
