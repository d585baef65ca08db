"""Decides, record by record, what a batch does to the customers it means (SPEC sections 5 to 7).

Owns outcomes, states and the order of versions. It is pure: the facts come in, the decision goes
out, nothing is stored. Records apply in order, each as if it were its own upload, so that cutting
them into batches cannot be seen in the result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.customers.apply import (
    changed_fields,
    find_changes,
    new_fields,
    supplied_values,
)
from regulars.domain.customers.change import Change, erase_change, permission_proofs
from regulars.domain.customers.customer import WorkingCustomer
from regulars.domain.identity.identifiers import registered_entries
from regulars.domain.identity.identify import identify, identify_registered
from regulars.domain.identity.register import Facts, Register
from regulars.domain.imports.decision import Decision, Outcome, Position
from regulars.domain.imports.forgetting import find_addresses, plan_emptying
from regulars.domain.imports.suppression import find_suppressed_fields, skip_suppressed
from regulars.domain.records.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.customers.change import FieldValues, HashAddress
    from regulars.domain.customers.customer import Fields
    from regulars.domain.identity.identify import Meant
    from regulars.domain.records.read_record import ReadRecord

_IN_DOCUMENT: Final[FieldValues] = {}
"""Of a change whose values stand in its document: never add to it."""


class Decider:
    """The state that goes from record to record of one batch. See `choices` for what may differ."""

    def __init__(
        self,
        facts: Facts,
        position: Position,
        import_began_at_version: int,
        customers_per_record: int,
        hash_address: HashAddress,
    ) -> None:
        self.register = Register(facts, limit=customers_per_record)
        self._began_at = import_began_at_version
        self._hash_address = hash_address
        self._customer_id = position.last_customer_id
        self._version = position.last_version
        self._living = position.living
        self._outcomes: list[Outcome] = []
        self._problems: list[Problem] = []
        self._record_problems: list[Problem] = []
        self._touched: dict[int, WorkingCustomer] = {}
        self._changes: list[Change] = []
        self._forgets: list[tuple[int, int | None]] = []
        self._emptied: set[int] = set()
        self._customers_changed = 0

    def decide_all(self, records: Iterable[ReadRecord]) -> Decision:
        """Decide on a batch of records, in their order.

        Where `missing` of the decision is not empty, it is worthless: look those up, decide again.
        """
        consumed = 0
        for record in records:
            if record.known_customer is not None:
                self._outcomes.append("unchanged")
            elif record.document is None or not self._decide_plain(record, record.document):
                self.decide(record)
            consumed += 1
            if self.register.thinned_out:
                break
        return self.decision(consumed)

    def decision(self, consumed: int) -> Decision:
        """All that was decided."""
        if self._emptied:
            self._changes = [
                erase_change(change, self._hash_address)
                if change.customer_id in self._emptied
                else change
                for change in self._changes
            ]
        return Decision(
            self.register.missing,
            consumed,
            self._outcomes,
            self._problems,
            list(self._touched.values()),
            self._changes,
            self._forgets,
            [
                number
                for number in self._emptied
                if self._touched[number].stored_document is not None
            ],
            self.register.newly_suppressed,
            Position(self._customer_id, self._version, self._living),
            self._customers_changed,
        )

    def _decide_plain(self, record: ReadRecord, document: bytes) -> bool:
        """Decide on a plain record, if it simply makes a customer, or says what the customer says;
        False where it must be looked at closer. It gives the same as `decide`, sooner.
        """
        register = self.register
        external_id = record.external_id
        if external_id is None:
            return False
        found = identify_registered(record, external_id, register)
        if found is not None:
            if found.document != document:
                return False
            self._outcomes.append("unchanged")
            return True
        if not register.nothing_suppressed:
            return False
        self._living += 1
        customer = self._new_customer()
        customer.document = document
        customer.record_hash = record.hash
        register.enter(customer, registered_entries(external_id, record.email, record.phone_number))
        self._changes.append(
            Change(self._version, customer.id, record.number, None, _IN_DOCUMENT, None, document)
        )
        self._outcomes.append("created")
        return True

    def decide(self, record: ReadRecord) -> None:
        """Decide on the next record."""
        self._record_problems = list(record.problems)
        outcome = self._outcome(record)
        if record.is_forgotten or outcome in ("rejected", "ignored"):
            self._correct_problems(record)
        self._outcomes.append(outcome)
        self._problems += self._record_problems

    def _outcome(self, record: ReadRecord) -> Outcome:
        if record.rejected:
            return "rejected"
        meant = self._identify(record)
        if meant is None:
            self._problem("too_many_customers", record)
            return "rejected"
        if meant and meant[0].state == "forgotten":
            return self._ignore("customer_is_forgotten", record)
        if record.is_forgotten:
            return self._forget(record, meant)
        return self._apply(record, meant)

    def _identify(self, record: ReadRecord) -> Meant:
        return identify(record, self.register)

    def _apply(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        if meant and meant[0].state == "deleted":
            return self._ignore("customer_is_deleted", record)
        suppressed = find_suppressed_fields(record, meant, self.register)
        if suppressed and not (
            record.external_id is not None
            and meant
            and meant[0].fields.get("external_id") == record.external_id
        ):
            return self._ignore("suppressed_identifier", record)
        return self._change_meant(record, meant)

    def _change_meant(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        if not meant:
            return self._create(record)
        changed = [self._update(record, customer) for customer in meant]
        return "updated" if any(changed) else "unchanged"

    def _correct_problems(self, record: ReadRecord) -> None:
        """Of a record whose fields were applied to nobody, say what no customer made readable, and
        not that a permission was skipped.
        """
        if record.is_number_unread:
            self._problem("bad_phone_number", record, "phone_number")
        self._record_problems = [
            each for each in self._record_problems if each.code != "permission_without_address"
        ]

    def _problem(self, code: str, record: ReadRecord, field: str | None = None) -> None:
        problem = Problem(code, record.number, field, record.line)
        # A record that means several customers says once what it cannot do to any of them.
        if problem not in self._record_problems:
            self._record_problems.append(problem)

    def _ignore(self, code: str, record: ReadRecord) -> Outcome:
        self._problem(code, record)
        return "ignored"

    def _create(self, record: ReadRecord) -> Outcome:
        if record.is_deleted and record.external_id is None:
            return self._ignore("no_such_customer", record)
        supplied, problems = supplied_values(record, {})
        for code, field in problems:
            self._problem(code, record, field)
        fields = new_fields(record, supplied)
        if record.is_deleted:
            fields["is_deleted"] = True
        else:
            self._living += 1
        self._add(record, fields)
        return "created"

    def _add(self, record: ReadRecord, fields: Fields) -> None:
        customer = self._new_customer()
        customer.fields = fields
        self._changes.append(Change(customer.version, customer.id, record.number, None, fields))  # type: ignore[arg-type]
        self.register.add(customer)

    def _new_customer(self) -> WorkingCustomer:
        self._customer_id += 1
        self._version += 1
        self._customers_changed += 1
        customer = WorkingCustomer(self._customer_id, self._version, None)
        self._touched[customer.id] = customer
        return customer

    def _update(self, record: ReadRecord, customer: WorkingCustomer) -> bool:
        supplied, problems = supplied_values(record, customer.fields)
        if not self.register.nothing_suppressed:
            supplied, skipped = skip_suppressed(supplied, customer.fields, self.register)
            problems = [*problems, *skipped]
        for code, field in problems:
            self._problem(code, record, field)
        before, after = find_changes(record, supplied, customer.fields)
        if record.is_deleted:
            after["is_deleted"] = True
            self._living -= 1
        if not after:
            return False
        fields = changed_fields(customer.fields, after)
        self._change(
            customer,
            Change(
                self._next_version(),
                customer.id,
                record.number,
                before,
                after,
                permission_proofs(after, fields),
            ),
            fields,
        )
        if record.document is not None and not problems:
            customer.record_hash = record.hash
        return True

    def _next_version(self) -> int:
        self._version += 1
        return self._version

    def _change(self, customer: WorkingCustomer, change: Change, fields: Fields) -> None:
        if customer.version <= self._began_at:
            self._customers_changed += 1
        self._touched[customer.id] = customer
        self._changes.append(change)
        self.register.change(customer, fields)
        customer.version = change.version
        customer.record_hash = None

    def _forget(self, record: ReadRecord, meant: list[WorkingCustomer]) -> Outcome:
        addresses = find_addresses(record, meant, self.register)
        for customer in meant:
            self._empty(record, customer)
        self.register.suppress(
            {address for address in addresses if not self.register.is_held(address)}
        )
        if meant:
            return "updated"
        self._forgets.append((record.number, None))
        if record.external_id is None:
            return self._ignore("no_such_customer", record)
        self._add(record, {"external_id": record.external_id, "is_forgotten": True})
        return "created"

    def _empty(self, record: ReadRecord, customer: WorkingCustomer) -> None:
        if customer.state == "living":
            self._living -= 1
        emptying = plan_emptying(customer.fields, record.external_id, self._hash_address)
        change = Change(
            self._next_version(),
            customer.id,
            record.number,
            emptying.before,
            emptying.after,
            emptying.proofs,
        )
        self._emptied.add(customer.id)
        self._forgets.append((record.number, customer.id))
        self._change(customer, change, emptying.fields)
