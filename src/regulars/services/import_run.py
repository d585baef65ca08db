"""Runs one import of one company, batch by batch.

Owns the order reading, deciding, applying, and going on after an interruption: each batch is one
transaction that also moves the import's progress, so that a crash repeats and skips nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.imports.choices import ChoosingDecider, read_choices
from regulars.domain.imports.decide import Decider
from regulars.domain.imports.decision import Decision, Position
from regulars.domain.imports.report import Report
from regulars.domain.records.read_record import ReadRecord
from regulars.services.import_batch import plan_batch
from regulars.services.import_facts import FactFinder
from regulars.services.import_reporting import ImportReporting
from regulars.services.reading_process import read_in_process
from regulars.services.record_reading import read_records
from regulars.services.repeated_records import RepeatedRecords
from regulars.store.contract import ImportRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.fields.company_field import CompanyField
    from regulars.domain.fields.schema import Schema
    from regulars.domain.identity.register import Facts
    from regulars.domain.imports.choices import Choices
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportingStore, QueuedImport

_LARGE_BYTES: Final = 4 * 1024 * 1024
_LARGE_REPEATED_BYTES: Final = 32 * 1024 * 1024
SMALL_BYTES: Final = 64 * 1024
BATCH_RECORDS: Final = 1_000
"""Decided together: few enough to stay in the processor's cache."""
BATCHES_AT_ONCE: Final = 3
"""Made durable together: few, since a small import of another company waits for what the database
has to make durable before its own."""
TRANSACTION_RECORDS: Final = BATCH_RECORDS * BATCHES_AT_ONCE


class ImportSettings(msgspec.Struct, frozen=True):
    """What an import is run with besides its records."""

    hash_address: HashAddress
    customers_per_record: int
    now: Callable[[], datetime]
    batch_records: int = BATCH_RECORDS
    large_bytes: int = _LARGE_BYTES
    """From here on a body is read in a process of its own, which takes 0.3 s to start."""
    repeated_bytes: int = _LARGE_BYTES
    """From here on it is worth looking whether most of a body was applied before."""
    large_repeated_bytes: int = _LARGE_REPEATED_BYTES
    """From here on such a body is gone through in a process of its own: known records take little
    time, so that fewer of them do not make up for its start."""


def read_import_settings(installation: Installation, register: Register) -> ImportSettings:
    """What an import of a company is run with."""
    return ImportSettings(
        register.hash_address, installation.settings.customers_per_record, installation.now
    )


class ImportRunner:
    """Applies the records of one import to one company's store. The caller holds its lock."""

    _may_be_at_once = True
    """Whether a small import may be one transaction, and be undone with it."""

    def __init__(self, store: ImportingStore, schema: Schema, settings: ImportSettings) -> None:
        self._store: Final = store
        self._settings: Final = settings
        self._schema = schema
        self._finder: Final = FactFinder(
            store, settings.hash_address, settings.customers_per_record
        )
        self._reporting: Final = ImportReporting(store, settings.hash_address)
        self._position = Position(0, 0, 0)
        self._on_progress: Callable[[Report], None] = lambda _: None

    def run(
        self,
        queued: QueuedImport,
        body: BinaryIO,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        """Apply all records that were not applied before an interruption; gives the import.

        What `on_progress` raises undoes the transaction in which it is told that all are applied,
        else nothing.
        """
        self._on_progress = on_progress
        if queued.size_bytes < SMALL_BYTES and self._may_be_at_once:
            # Each transaction waits for the disk: a small import has one.
            with self._store.group_batches():
                return self._run(queued, body, on_progress)
        return self._run(queued, body, on_progress)

    def _run(
        self, queued: QueuedImport, body: BinaryIO, on_progress: Callable[[Report], None]
    ) -> ImportRun:
        self._position = self._store.read_position()
        run = self._begin(queued)
        if run.status != "running":
            return run
        with self._read(body, run, run.report.records) as read:
            self._apply_all(run, read, on_progress)
        return run

    @contextmanager
    def _read(self, body: BinaryIO, run: ImportRun, done: int) -> Iterator[Iterator[ReadRecord]]:
        """The records of a body but for the first `done`."""
        options, hashes = run.options, self._store.identifier_keys.hashes
        if run.size_bytes >= self._settings.repeated_bytes and self._may_be_known(run):
            are_many = self._repeated(body, run).are_many()
            body.seek(0)
            if are_many:
                elsewhere = run.size_bytes >= self._settings.large_repeated_bytes
                yield self._repeated(body, run, hash_elsewhere=elsewhere).read(done)
                return
        if run.size_bytes < self._settings.large_bytes:
            yield read_records(body, options, self._schema, hashes.secret, done)
        else:
            with read_in_process(body, options, self._schema, done, hashes) as read:
                yield read

    def _repeated(
        self, body: BinaryIO, run: ImportRun, *, hash_elsewhere: bool = False
    ) -> RepeatedRecords:
        return RepeatedRecords(
            self._store,
            body,
            run.options,
            self._schema,
            self._settings.batch_records,
            hash_elsewhere=hash_elsewhere,
        )

    def _may_be_known(self, run: ImportRun) -> bool:
        """Whether a record that was applied before changes nothing: not so where its sender chose
        that it does something else.
        """
        return read_choices(run.options) is None

    def _begin(self, queued: QueuedImport) -> ImportRun:
        # What nobody has accepted yet cannot have begun.
        begun = self._store.find_import(queued.id) if queued.sequence else None
        return begun or self._start(queued)

    def _apply_all(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        is_running = True
        while is_running:
            with self._store.group_batches():
                is_running = self._apply_batches(run, read)
            on_progress(run.report)

    def _apply_batches(self, run: ImportRun, read: Iterator[ReadRecord]) -> bool:
        """Apply the next batches; False where they were the last, and the import has ended."""
        for _ in range(BATCHES_AT_ONCE):
            waiting = list(islice(read, self._settings.batch_records))
            if not waiting:
                # Somebody may have cancelled it in the meantime: a last look, before it is done.
                self._on_progress(run.report)
                run.status = "done"
                run.ended_at = self._settings.now()
                self._store.save_import(run)
                return False
            while waiting:
                consumed = self._apply(run, waiting)
                # What was known may have changed.
                waiting = [record.read_again() for record in waiting[consumed:]]
        return True

    def _start(self, queued: QueuedImport) -> ImportRun:
        run = ImportRun(
            0,
            queued.id,
            "running",
            queued.actor,
            queued.options,
            queued.size_bytes,
            queued.records,
            queued.accepted_at,
            self._settings.now(),
            None,
            self._position.last_version,
            Report(),
        )
        run.number = self._store.start_import(run)
        return run

    def _apply(self, run: ImportRun, records: list[ReadRecord]) -> int:
        """Decide on records and store what that gives; gives how many were decided."""
        decision = self._decide(run, records)
        problems = run.report.add(decision)
        schema = records[decision.consumed - 1].schema
        stored_changes = self._store.load_changes(decision.forgotten) if decision.forgotten else []
        batch = plan_batch(
            decision,
            self._changed_fields(schema),
            stored_changes,
            self._settings.hash_address,
            run,
            self._settings.now(),
        )
        batch.problems = problems
        self._reporting.complete(batch, decision, records, stored_changes)
        self._store.save_batch(batch)
        self._position = decision.position
        self._schema = schema
        return decision.consumed

    def _decide(self, run: ImportRun, records: list[ReadRecord]) -> Decision:
        facts = self._find_facts(run, records)
        while True:
            decision = self._decider(run, records, facts).decide_all(records)
            if decision.missing:
                self._finder.find_missing(facts, decision.missing)
            elif self._read_changed(records, decision):
                facts = self._find_facts(run, records)
            else:
                return decision

    def _find_facts(self, run: ImportRun, records: list[ReadRecord]) -> Facts:
        facts = self._finder.find_facts(records)
        if run.options.by_number:
            self._finder.find_numbered(facts, records)
        return facts

    def _read_changed(self, records: list[ReadRecord], decision: Decision) -> bool:
        """Read those known records after all whose customers another record of the batch changes;
        whether there were any.
        """
        changed = {customer.id for customer in decision.customers}
        clashing = [
            place for place, record in enumerate(records) if record.known_customer in changed
        ]
        for place in clashing:
            records[place] = records[place].read_again()
        return bool(clashing)

    def _decider(self, run: ImportRun, records: list[ReadRecord], facts: Facts) -> Decider:
        given = (
            facts,
            self._position,
            run.began_at_version,
            self._settings.customers_per_record,
            self._settings.hash_address,
        )
        choices = self._choices(run, records)
        return Decider(*given) if choices is None else ChoosingDecider(*given, choices=choices)

    def _choices(self, run: ImportRun, records: list[ReadRecord]) -> Choices | None:  # noqa: ARG002 - those of a plan depend on them
        return read_choices(run.options)

    def _changed_fields(self, schema: Schema) -> list[CompanyField]:
        known = self._schema.company_fields
        return [field for key, field in schema.company_fields.items() if known.get(key) != field]
