"""What the sender of an import may choose about deciding, and what its past asks for
(SPEC section 4): mode, strict, keep, and leaving alone what others have written meanwhile.

Owns these rules alone, in a decider of their own, so that an import without choices pays nothing
for them. Must not know how choices are asked for or stored.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from regulars.domain.customers.apply import supplied_values
from regulars.domain.imports.decide import Decider
from regulars.domain.imports.decision import Decision
from regulars.domain.imports.forgetting import find_addresses
from regulars.domain.imports.left_alone import leave_alone
from regulars.domain.imports.suppression import skip_suppressed
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.fields.schema import Schema
    from regulars.domain.identity.identify import Meant
    from regulars.domain.identity.register import Facts
    from regulars.domain.imports.decision import Outcome, Position
    from regulars.domain.imports.left_alone import LeftAlone
    from regulars.domain.imports.options import ImportOptions, Mode
    from regulars.domain.records.problem import Problem
    from regulars.domain.records.read_record import ReadRecord

_NAME: Final = re.compile(r"[a-z][a-z0-9_.]{0,63}", re.ASCII | re.IGNORECASE)
_UNPLANNED: tuple[Outcome, ...] = ("ignored", "rejected")


class PlannedRecord(NamedTuple):
    """What a plan had a record do: its outcome, and the ids of the customers that it meant."""

    outcome: Outcome
    meant: tuple[int, ...]


class Choices(msgspec.Struct, frozen=True):
    """What differs from an import that simply applies its records."""

    mode: Mode = "upsert"
    is_strict: bool = False
    keep: frozenset[str] = frozenset()
    by_number: bool = False
    """Whether records mean the customers whose ids they carry."""
    planned: Mapping[int, PlannedRecord] | None = None
    """The plan that is applied, by number of record, with ids as they are given now. A record does
    what was planned, or nothing."""
    left_alone: LeftAlone | None = None
    """Of a plan that is applied."""
    left_alone_since: int | None = None
    """What others wrote after this version, and before the import began, is left alone: whole
    customers where a plan is applied, single fields otherwise."""


class PlannedDecision(Decision):
    """A decision that also tells which customers its records meant."""

    meant: list[tuple[int, ...]] = msgspec.field(default_factory=list)
    """Ids, by record; none where it was rejected before anybody was looked for."""
    newest: list[int] = msgspec.field(default_factory=list)
    """The newest version, by record, of those that they had before the import; else 0."""


def read_keep(schema: Schema, text: str) -> tuple[str, ...]:
    """The fields in a list such as `email,city`; those of the company's own need not be there yet.
    Raises `InvalidValueError` for a name that is no field.
    """
    names: dict[str, None] = {}
    for name in text.split(","):
        field = schema.find(name)
        written = schema.own_name(name) if field is None else field.name
        if written is None:
            # Shown only where it is a name: it could be anything, a value of a person too.
            shown = name.strip() if _NAME.fullmatch(name.strip()) else "of one of these names"
            raise InvalidValueError("keep", f"there is no field {shown}")
        names[written] = None
    return tuple(names)


def read_choices(options: ImportOptions) -> Choices | None:
    """The choices of an import; None where there are none."""
    keep = frozenset(options.keep)
    choices = Choices(options.mode, options.is_strict, keep, options.by_number)
    return None if choices == Choices() else choices


class ChoosingDecider(Decider):
    """Decides with choices."""

    def __init__(
        self,
        facts: Facts,
        position: Position,
        import_began_at_version: int,
        customers_per_record: int,
        hash_address: HashAddress,
        *,
        choices: Choices,
    ) -> None:
        super().__init__(
            facts, position, import_began_at_version, customers_per_record, hash_address
        )
        self._choices = choices
        self._kept_schema: Schema | None = None
        self._kept: frozenset[str] = frozenset()
        self._meant: list[tuple[int, ...]] = []
        self._newest: list[int] = []
        self._meant_now: tuple[int, ...] = ()
        self._newest_now = 0
        self._strictly_rejected: ReadRecord | None = None

    def decision(self, consumed: int) -> PlannedDecision:
        """See `Decider.decision`."""
        decided = msgspec.structs.asdict(super().decision(consumed))
        return PlannedDecision(**decided, meant=self._meant, newest=self._newest)

    def _decide_plain(self, record: ReadRecord, document: bytes) -> bool:  # noqa: ARG002
        # With choices, every record is looked at closer.
        return False

    def decide(self, record: ReadRecord) -> None:
        """See `Decider.decide`."""
        self._meant_now = ()
        self._newest_now = 0
        super().decide(record)
        if self._choices.is_strict and self._outcomes[-1] == "rejected":
            count = len(self._record_problems)
            self._problems[-count:] = [_rejecting(each) for each in self._problems[-count:]]
        self._meant.append(self._meant_now)
        self._newest.append(self._newest_now)
        planned = self._planned(record)
        if planned and planned.outcome == "created" and self._outcomes[-1] != "created":
            # The ids of a plan stay right for the records that follow: this one is never given.
            self._customer_id += 1

    def _note_meant(self, meant: list[WorkingCustomer]) -> None:
        self._meant_now = tuple(customer.id for customer in meant)
        before = [each.version for each in meant if each.version <= self._began_at]
        self._newest_now = max(before, default=0)

    # Whole records

    def _identify(self, record: ReadRecord) -> Meant:
        if not self._choices.by_number:
            return super()._identify(record)
        found = self.register.find(record.exported_from or 0)
        return [] if found is None else [found]

    def _apply(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        self._note_meant(meant)
        if self._has_moved(record, meant) or self._is_concerned(record):
            return self._leave(record)
        return super()._apply(record, meant)

    def _forget(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        self._note_meant(meant)
        only_updates = self._choices.mode == "update"
        planned = self._planned(record)
        is_made = not meant and record.external_id is not None and not only_updates
        is_rejected = self._choices.is_strict and (record.problems or record.is_number_unread)
        if self._has_moved(record, meant) or (
            planned is not None
            and not is_rejected
            and (planned.outcome == "rejected" or (is_made and planned.outcome != "created"))
        ):
            if self._choices.left_alone is not None:
                addresses = find_addresses(record, meant, self.register)
                self._choices.left_alone.note_forget(addresses)
            return self._leave(record)
        if meant and self._choices.mode == "create":
            return self._ignore("customer_exists", record)
        if is_rejected:
            return "rejected"
        if not meant and only_updates:
            # Nobody is made; what the request names is suppressed all the same (SPEC section 7).
            record = copy.copy(record)
            record.external_id = None
        return super()._forget(record, meant)

    def _change_meant(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        choices = self._choices
        if meant and choices.mode == "create":
            return self._ignore("customer_exists", record)
        if not meant and choices.mode == "update":
            return self._ignore("no_such_customer", record)
        if meant or not record.is_deleted or record.external_id is not None:
            if choices.is_strict and self._warns(record, meant):
                self._strictly_rejected = record
                return "rejected"
            if self._was_to_do_nothing(record, meant):
                return self._leave(record)
        return super()._change_meant(record, meant)

    def _correct_problems(self, record: ReadRecord) -> None:
        # What only a customer's country makes readable was tried with the customers already.
        if record is not self._strictly_rejected:
            super()._correct_problems(record)

    def _warns(self, record: ReadRecord, meant: list[WorkingCustomer]) -> bool:
        """Whether anything is wrong with a record, be it for one customer only; notes it."""
        found: list[tuple[str, str]] = [] if meant else supplied_values(record, {})[1]
        for customer in meant:
            wanted = self._without_left_alone(record, customer)
            supplied, problems = supplied_values(wanted, customer.fields)
            found += problems
            if not self.register.nothing_suppressed:
                found += skip_suppressed(supplied, customer.fields, self.register)[1]
        for code, field in found:
            self._problem(code, record, field)
        return bool(self._record_problems)

    # Plans

    def _planned(self, record: ReadRecord) -> PlannedRecord | None:
        planned = self._choices.planned
        return None if planned is None else planned.get(record.number)

    def _has_moved(self, record: ReadRecord, meant: list[WorkingCustomer]) -> bool:
        """Whether a plan meant other customers, or somebody changed one of them since."""
        planned = self._planned(record)
        if planned is None:
            return False
        return planned.meant != self._meant_now or any(
            self._is_others(customer.version) for customer in meant
        )

    def _was_to_do_nothing(self, record: ReadRecord, meant: list[WorkingCustomer]) -> bool:
        """Whether a plan did not let the record do what it would now."""
        planned = self._planned(record)
        if planned is None:
            return False
        return planned.outcome in _UNPLANNED or (not meant and planned.outcome != "created")

    def _is_concerned(self, record: ReadRecord) -> bool:
        left_alone = self._choices.left_alone
        return left_alone is not None and left_alone.concerns(record)

    def _leave(self, record: ReadRecord) -> Outcome:
        if self._choices.left_alone is not None:
            self._choices.left_alone.note(record)
        return self._ignore("customer_moved", record)

    def _is_others(self, version: int) -> bool:
        since = self._choices.left_alone_since
        return since is not None and since < version <= self._began_at

    # Single fields

    def _update(self, record: ReadRecord, customer: WorkingCustomer) -> bool:
        return super()._update(self._without_left_alone(record, customer), customer)

    def _find_kept(self, schema: Schema) -> frozenset[str]:
        """The fields to keep as they are written now: one of the company's own may have been
        declared by a record of this import, in another spelling.
        """
        if schema is not self._kept_schema:
            fields = map(schema.find, self._choices.keep)
            self._kept_schema = schema
            self._kept = frozenset(field.name for field in fields if field is not None)
        return self._kept

    def _without_left_alone(self, record: ReadRecord, customer: WorkingCustomer) -> ReadRecord:
        """The record without the fields that are left alone in this customer."""
        kept = self._find_kept(record.schema) & customer.fields.keys()
        if kept:
            record, _ = leave_alone(record, kept, customer.fields)
        since = self._choices.left_alone_since
        if since is None or self._choices.planned is not None or customer.version <= since:
            return record
        written: set[str] = set()
        for version, names in self.register.find_written(customer):
            if self._is_others(version):
                written |= names
        if written:
            record, problems = leave_alone(record, written, customer.fields)
            for code, field in problems:
                self._problem(code, record, field)
        return record


def _rejecting(problem: Problem) -> Problem:
    if problem.kind.severity == "error":
        return problem
    return msgspec.structs.replace(problem, rejects=True)
