"""What an undo must have done, told from the registers before and after the import.

Owns an oracle of its own: it looks at snapshots and at the names of fields in the history, where
the code goes by the values in it.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from typing import TYPE_CHECKING, Final

from regulars.domain.customers.customer import state_of
from regulars.domain.identity.identifiers import identifier_entries
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_undo import UndoRunner, UndoSettings
from regulars.store.contract import QueuedImport
from tests.properties.company import ACME, NOON
from tests.reference_reading import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import ImportRun
    from tests.properties.company import UploadedCompany

Fields = dict[str, object]
Snapshot = dict[int, Fields]

IDENTIFIERS: Final = ("external_id", "email", "phone_number")
PERMISSIONS: Final = ("can_email", "can_sms", "can_post", "can_push", "can_profile")


def undo(
    company: UploadedCompany,
    run: ImportRun,
    *,
    undo_id: str | None = None,
    page_changes: int = 1000,
    now: Callable[[], datetime] = lambda: NOON,
) -> ImportRun:
    """Undo an import; each page a transaction."""
    queued = QueuedImport(
        1,
        undo_id or secrets.token_hex(8),
        ACME.short_name,
        NOON,
        "token:till",
        ImportOptions(BodyForm("json"), undoes=run.id),
        0,
        None,
        is_spooled=True,
    )
    settings = UndoSettings(company.hash_address, now, page_changes=page_changes, pages_at_once=1)
    with company.store.lock():
        return UndoRunner(company.store, company.schema, settings).run(queued)


def snapshot(company: UploadedCompany) -> Snapshot:
    """The fields of all customers, by id."""
    return {customer.id: dict(customer.fields) for customer in company.customers()}


class Expected:
    """What an undo must lead to, given the registers before the undone import, `before`, and before
    the undo, `now`. The import wrote the versions behind `first` up to `last`.
    """

    def __init__(
        self, company: UploadedCompany, before: Snapshot, now: Snapshot, first: int, last: int
    ) -> None:
        self._company: Final = company
        self._before: Final = before
        self._now: Final = now
        rows = [(row.version, row.customer_id, names_in(row.after)) for row in company.history()]
        self._written: Final = _by_customer(row for row in rows if first < row[0] <= last)
        self._since: Final = _by_customer(row for row in rows if last < row[0])
        self.problems: Final[Counter[tuple[str, str | None]]] = Counter()
        self.customers: Final[Snapshot] = {}
        for number in sorted(now.keys() | self._written.keys()):
            fields = self._fields(number)
            if fields is not None:
                self.customers[number] = fields

    def _fields(self, number: int) -> Fields | None:
        """The fields of a customer; None where it must be gone."""
        now, written = self._now.get(number), self._written.get(number)
        if written is None or now is None:
            # A customer that an undo removed had been there before that undo.
            if now is None and number in self._before:
                self.problems["customer_is_removed", None] += 1
            return now
        state = state_of(now)
        if state != "living":
            self.problems[f"customer_is_{state}", None] += 1
            return now
        since = self._since.get(number)
        if number not in self._before and since is None:
            return None
        return self._put_back(self._before.get(number, {}), now, written, since)

    def _put_back(
        self, before: Fields, now: Fields, written: set[str], since: set[str] | None
    ) -> Fields:
        fields = dict(now)
        reasons: dict[str, str] = {}
        for name in written:
            old = before.get(name)
            if as_json(old) == as_json(now.get(name)):
                continue
            reason = self._reason(name, old, since)
            if reason is not None:
                reasons[name] = reason
            elif old is None:
                del fields[name]
            else:
                fields[name] = old
        if not any(name in fields for name in IDENTIFIERS):
            kept = [name for name in IDENTIFIERS if name in now]
            fields.update((name, now[name]) for name in kept)
            reasons.update((name, "last_identifier") for name in kept)
        self.problems.update((reason, name) for name, reason in reasons.items())
        return fields

    def _reason(self, name: str, old: object, since: set[str] | None) -> str | None:
        if since is not None and name in since:
            return "written_since"
        if name == "external_id" and old is None and since is not None:
            return "identifier_in_use"
        if name in PERMISSIONS and old is True:
            return "permission_not_restored"
        if name in ("email", "phone_number") and self._company.is_suppressed(str(old)):
            return "suppressed_identifier"
        if name == "external_id" and old is not None:
            holders = [fields for fields in self._now.values() if fields.get(name) == old]
            return "identifier_taken" if holders else None
        return None


def names_in(values: bytes | None) -> set[str]:
    return set() if values is None else set(json.loads(values))


def _by_customer(rows: Iterable[tuple[int, int, set[str]]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for _, number, names in rows:
        found.setdefault(number, set()).update(names)
    return found


def check_is_sound(company: UploadedCompany, seen: Iterable[Snapshot]) -> None:
    """Versions are dense, counts are right, and everybody is found by what they have, and by
    nothing else. `seen` are earlier states, whose identifiers must find nobody else.
    """
    customers = company.customers()
    history = company.history()
    position = company.store.read_position()
    assert [row.version for row in history] == list(range(1, position.last_version + 1))
    assert position.living == sum(customer.state == "living" for customer in customers)
    newest = {row.customer_id: row.version for row in history}
    assert all(customer.version == newest[customer.id] for customer in customers)
    entries: dict[Entry, set[int]] = {}
    for state in seen:
        for fields in state.values():
            entries.update((entry, set()) for entry in identifier_entries(fields))
    for customer in customers:
        for entry in identifier_entries(customer.fields):
            entries.setdefault(entry, set()).add(customer.id)
    for entry, numbers in entries.items():
        # An entry that a removed customer left behind would count as one too many.
        found, crowded = company.store.find_customers([entry], len(numbers))
        assert ({customer.id for customer in found}, crowded) == (numbers, set())


def check_says_nothing(company: UploadedCompany, removed: Iterable[int]) -> None:
    """Of removed customers the history holds names of fields, and no value."""
    for row in company.store.load_changes(list(removed)):
        values = [json.loads(each) for each in (row.before, row.after) if each is not None]
        assert all(value is None for each in values for value in each.values())
        assert row.proofs is None
