"""What undoing an import does to the customers that it changed (SPEC section 4).

Owns which values are put back, which customers go, and what is left with which reason. It is pure:
history and facts come in, the decision goes out. Must not know how history is stored or found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.apply import changed_fields
from regulars.domain.customers.change import Change, FieldValues, permission_proofs
from regulars.domain.customers.customer import ADDRESS_FIELDS, WorkingCustomer, is_same
from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.domain.fields.types import Unreadable
from regulars.domain.identity.identifiers import identifier_entries
from regulars.domain.identity.register import Missing
from regulars.domain.imports.decision import Decision, Position
from regulars.domain.imports.undo_traces import IDENTIFIERS
from regulars.domain.records.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regulars.domain.customers.customer import Customer, Fields
    from regulars.domain.fields.schema import Schema
    from regulars.domain.fields.types import Value
    from regulars.domain.imports.decision import Outcome
    from regulars.domain.imports.undo_traces import PastChange, Replaced, Trace


class UndoFacts(msgspec.Struct):
    """What the store knows of the values that an undo may put back."""

    schema: Schema
    """The fields as they are now."""
    suppressed: set[str] = msgspec.field(default_factory=set)
    """Addresses that are suppressed now."""
    taken: set[str] = msgspec.field(default_factory=set)
    """Those of the external_ids that some customer has now."""


class UndoDecision(msgspec.Struct):
    """What an undo does to some customers, `decision`, in the form of a batch of an import.

    Besides, the customers `removed` go, and of their history `blanked` is left: names of fields.
    """

    decision: Decision
    removed: list[Customer]
    blanked: list[Change]


def decide_undo(
    traces: Iterable[Trace],
    customers: Mapping[int, Customer],
    facts: UndoFacts,
    position: Position,
) -> UndoDecision:
    """Decide on customers that an import changed. `customers` holds those of them that are still
    there.
    """
    undo = _Undo(facts, position)
    for trace in traces:
        undo.decide(trace, customers.get(trace.customer_id))
    return undo.decision()


class _Undo:
    """The undo of some customers, while it is decided."""

    def __init__(self, facts: UndoFacts, position: Position) -> None:
        self._suppressed: Final = facts.suppressed
        self._taken: Final = set(facts.taken)
        self._schema: Final = facts.schema
        self._last_customer_id: Final = position.last_customer_id
        self._version = position.last_version
        self._living = position.living
        self._outcomes: list[Outcome] = []
        self._problems: list[Problem] = []
        self._customers: list[WorkingCustomer] = []
        self._changes: list[Change] = []
        self._removed: list[Customer] = []
        self._blanked: list[Change] = []

    def decision(self) -> UndoDecision:
        """All that was decided."""
        position = Position(self._last_customer_id, self._version, self._living)
        decision = Decision(
            missing=Missing(),
            consumed=len(self._outcomes),
            outcomes=self._outcomes,
            problems=self._problems,
            customers=self._customers,
            changes=self._changes,
            forgets=[],
            forgotten=[],
            suppressed=set(),
            position=position,
            customers_changed=len(self._changes),
        )
        return UndoDecision(decision, self._removed, self._blanked)

    def decide(self, trace: Trace, customer: Customer | None) -> None:
        """Decide on the next customer; None where it was removed."""
        self._outcomes.append(self._outcome(trace, customer))

    def _outcome(self, trace: Trace, customer: Customer | None) -> Outcome:
        if customer is None:
            # Where the import had made it, an earlier undo did all that there is to do.
            return "unchanged" if trace.made_it else self._ignore(trace, "customer_is_removed")
        if customer.state != "living":
            return self._ignore(trace, f"customer_is_{customer.state}")
        if trace.made_it and trace.only_one:
            self._remove(trace, customer)
            return "updated"
        return self._put_back(trace, customer)

    def _ignore(self, trace: Trace, code: str) -> Outcome:
        self._problems.append(Problem(code, trace.record))
        return "ignored"

    def _remove(self, trace: Trace, customer: Customer) -> None:
        self._living -= 1
        self._removed.append(customer)
        self._blanked += [_blanked(change) for change in trace.changes]
        names: FieldValues = dict.fromkeys(sorted(customer.fields))
        self._add_change(trace, names, names)

    def _put_back(self, trace: Trace, customer: Customer) -> Outcome:
        after: FieldValues = {}
        for name, replaced in trace.fields.items():
            if is_same(replaced.value, customer.fields.get(name)):
                continue
            reason = self._reason_to_leave(trace, name, replaced)
            if reason is None:
                after[name] = replaced.value
            else:
                self._problems.append(Problem(reason, replaced.record, name))
        fields = changed_fields(customer.fields, after)
        if not any(name in fields for name in IDENTIFIERS):
            # Nobody could be found by nothing: it keeps those that it has.
            for name in [name for name in IDENTIFIERS if name in after]:
                del after[name]
                self._problems.append(Problem("last_identifier", trace.fields[name].record, name))
            fields = changed_fields(customer.fields, after)
        if not after:
            return "unchanged"
        self._change(trace, customer, after, fields)
        return "updated"

    def _reason_to_leave(self, trace: Trace, name: str, replaced: Replaced) -> str | None:
        """The code of the problem with putting a value back; None where it can be put back."""
        if replaced.is_written_since:
            return "written_since"
        if name == "external_id" and replaced.value is None and not trace.only_one:
            # Whoever wrote since may have known the customer by it, and would make another one.
            return "identifier_in_use"
        if name in PERMISSIONS and replaced.value is True:
            return "permission_not_restored"
        if name in ADDRESS_FIELDS and replaced.value in self._suppressed:
            return "suppressed_identifier"
        if name == "external_id" and replaced.value in self._taken:
            return "identifier_taken"
        return None if self._is_fit(name, replaced.value) else "unfit_value"

    def _is_fit(self, name: str, value: Value | None) -> bool:
        """Whether a former value still reads: its field may have been declared since."""
        field = self._schema.find(name)
        if value is not None and field is not None and field.origin != "builtin":
            try:
                field.read_stored(value)
            except Unreadable:
                return False
        return True

    def _change(self, trace: Trace, customer: Customer, after: FieldValues, fields: Fields) -> None:
        external_id = after.get("external_id")
        if isinstance(external_id, str):
            self._taken.add(external_id)
        before = {name: customer.fields[name] for name in after if name in customer.fields}
        self._add_change(trace, before, after, fields)
        working = WorkingCustomer(customer.id, self._version, customer.document)
        working.fields = fields
        working.entries = identifier_entries(fields)
        self._customers.append(working)

    def _add_change(
        self,
        trace: Trace,
        before: Mapping[str, Value | None],
        after: FieldValues,
        fields: Fields | None = None,
    ) -> None:
        self._version += 1
        proofs = None if fields is None else permission_proofs(after, fields)
        self._changes.append(
            Change(self._version, trace.customer_id, trace.record, dict(before), after, proofs)
        )


def _blanked(change: PastChange) -> Change:
    """A change of a removed customer: nobody is left who could ask for its values."""
    return Change(
        change.version,
        change.customer_id,
        change.record,
        None if change.before is None else dict.fromkeys(change.before),
        dict.fromkeys(change.after),
    )
