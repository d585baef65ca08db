"""What an import left in the history of the customers that it changed.

Owns how changes of the import and of others are told apart. Must not know what is made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import ADDRESS_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.customers.change import FieldValues
    from regulars.domain.fields.types import Value

IDENTIFIERS: Final = ("external_id", *ADDRESS_FIELDS)


class PastChange(msgspec.Struct, frozen=True, gc=False):
    """A change of the history, with the import that caused it."""

    version: int
    customer_id: int
    import_number: int
    record: int
    before: FieldValues | None
    after: FieldValues


class Replaced(msgspec.Struct):
    """What an import replaced in one field: the former value, None where there was none, and the
    record that wrote the field last.
    """

    value: Value | None
    record: int
    is_written_since: bool = False


class Trace(msgspec.Struct):
    """What an import left in one customer's history."""

    customer_id: int
    first_version: int
    record: int
    """Number of the import's last record that changed the customer."""
    made_it: bool
    changes: list[PastChange]
    """From the import's first on, also those of others."""
    fields: dict[str, Replaced]
    only_one: bool = True
    """Whether nothing else has changed the customer since."""


def read_traces(changes: Iterable[PastChange], import_number: int) -> dict[int, Trace]:
    """What the import left in each customer's history, by id of the customer, in order of its first
    change. `changes` are in order of version.
    """
    traces: dict[int, Trace] = {}
    for change in changes:
        trace = traces.get(change.customer_id)
        is_own = change.import_number == import_number
        if trace is None:
            if not is_own:
                continue
            trace = traces[change.customer_id] = Trace(
                change.customer_id, change.version, change.record, change.before is None, [], {}
            )
        trace.changes.append(change)
        if is_own:
            trace.record = change.record
            _add_own(trace.fields, change)
        else:
            trace.only_one = False
            for name in change.after.keys() & trace.fields.keys():
                trace.fields[name].is_written_since = True
    return traces


def _add_own(fields: dict[str, Replaced], change: PastChange) -> None:
    before = change.before or {}
    for name in change.after:
        replaced = fields.get(name)
        if replaced is None or replaced.is_written_since:
            # An import that failed and went on later may have others in between: it then replaced
            # what they wrote.
            fields[name] = Replaced(before.get(name), change.record)
        else:
            replaced.record = change.record


def find_wanted(traces: Iterable[Trace]) -> tuple[set[str], set[str]]:
    """The addresses and the external_ids that an undo may put back: what `UndoFacts` must tell."""
    addresses: set[str] = set()
    external_ids: set[str] = set()
    for trace in traces:
        for name in IDENTIFIERS:
            replaced = trace.fields.get(name)
            if replaced is not None and isinstance(replaced.value, str):
                (external_ids if name == "external_id" else addresses).add(replaced.value)
    return addresses, external_ids
