"""Undoing an import: accepting that as an import of its own, and running it (SPEC section 4).

Owns the order of reading history, deciding, writing. Each page of changes is a part of one
transaction that also moves the undo's progress, so that a crash repeats and skips nothing.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.customer import encode_fields
from regulars.domain.identity.identifiers import Kind, identifier_entries
from regulars.domain.imports.effect_count import EffectCount
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.domain.imports.undo import UndoFacts, decide_undo
from regulars.domain.imports.undo_traces import find_wanted, read_traces
from regulars.errors import ConflictError
from regulars.services.counted_notes import CountedNotes
from regulars.services.due_audit import carry_over_soon
from regulars.services.import_batch import plan_batch
from regulars.services.plan_settings import read_plan_settings
from regulars.services.suppressions import find_suppressed
from regulars.store.contract import ChangeRow, ImportRun, QueuedImport
from regulars.store.contract.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from regulars.domain.customers.change import Change, HashAddress
    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.undo import UndoDecision
    from regulars.domain.imports.undo_traces import Trace
    from regulars.services.installation import Installation, Register
    from regulars.services.plan_settings import PlanSettings
    from regulars.store.contract import CompanyStore

ENDED: Final = ("done", "failed", "cancelled")
PAGE_CHANGES: Final = 1_000
"""Of the undone import, looked at together."""
PAGES_AT_ONCE: Final = 10
"""Made durable together."""
_ID_BYTES: Final = 8


def accept_undo(
    installation: Installation, register: Register, undone: ImportRun, actor: str
) -> QueuedImport:
    """Accept the undo of an import: durable once this returns, at the end of the company's line.

    Raises `ConflictError` where the import has not ended.
    """
    if undone.status not in ENDED:
        raise ConflictError(f"the import is {undone.status}: only one that has ended can be undone")
    company, undo_id = register.company.short_name, secrets.token_hex(_ID_BYTES)
    queued = QueuedImport(
        0,
        undo_id,
        company,
        installation.now(),
        actor,
        ImportOptions(undone.options.form, undoes=undone.id),
        0,
        undone.report.customers_changed,
        is_spooled=True,
    )
    details = f"by import {undo_id}"
    entry = installation.audit_entry(actor, "import:undo", f"import {undone.id}", details)
    queued = installation.store.line.enqueue_import(queued, entry)
    carry_over_soon(installation.store, company)
    return queued


def run_undo(
    installation: Installation,
    register: Register,
    queued: QueuedImport,
    on_progress: Callable[[Report], None],
) -> ImportRun:
    """Run the undo whose turn it is. The caller holds the company's lock."""
    plan_settings = read_plan_settings(register.settings)
    settings = UndoSettings(register.hash_address, installation.now, plan_settings)
    return UndoRunner(register.store, register.load_schema(), settings).run(queued, on_progress)


class UndoSettings(msgspec.Struct, frozen=True):
    """What an undo is run with."""

    hash_address: HashAddress
    now: Callable[[], datetime]
    plan_settings: PlanSettings | None = None
    """When an undo is held, and for how long; None: never."""
    page_changes: int = PAGE_CHANGES
    pages_at_once: int = PAGES_AT_ONCE


class UndoRunner:
    """Undoes one import in one company's store. The caller holds its lock."""

    def __init__(self, store: CompanyStore, schema: Schema, settings: UndoSettings) -> None:
        self._store: Final = store
        self._schema: Final = schema
        self._settings: Final = settings
        self._position = store.read_position()
        self._after_version = 0

    def run(
        self, queued: QueuedImport, on_progress: Callable[[Report], None] = lambda _: None
    ) -> ImportRun:
        """Undo what was not undone before an interruption; gives the undo, an import itself. It is
        counted first, and may end `held`, with nothing written.
        """
        run = self._store.find_import(queued.id) or self._start(queued)
        undone = self._store.find_import(queued.options.undoes or "")
        if run.status == "held" and queued.step == "release":
            self._begin_again(run)
        elif undone is not None and self._is_to_be_counted(run, queued, undone):
            self._count(run, undone, on_progress)
        if run.status != "running":
            return run
        if undone is not None:
            progress = self._store.undo.find_progress(run.number)
            self._after_version = undone.began_at_version if progress is None else progress
        is_running = True
        while is_running:
            with self._store.group_batches():
                is_running = self._undo_pages(run, undone, on_progress)
            on_progress(run.report)
        return run

    def _start(self, queued: QueuedImport) -> ImportRun:
        run = ImportRun(
            0, queued.id, "running", queued.actor, queued.options, queued.size_bytes,
            queued.records, queued.accepted_at, self._settings.now(), None,
            self._position.last_version, Report(),
        )  # fmt: skip
        run.number = self._store.start_import(run)
        return run

    # Before its first write

    def _is_to_be_counted(self, run: ImportRun, queued: QueuedImport, undone: ImportRun) -> bool:
        """Whether an undo has not begun, and could take a permission from too many customers. It
        deletes and forgets nobody.
        """
        settings = self._settings.plan_settings
        return (
            settings is not None
            and queued.step != "release"
            and not run.report.records
            and undone.report.customers_changed > settings.limits.permission_customers
        )

    def _count(
        self, run: ImportRun, undone: ImportRun, on_progress: Callable[[Report], None]
    ) -> None:
        """Hold the undo if it is to be held; else it is as before."""
        if (settings := self._settings.plan_settings) is None:
            return
        with closing(CountedNotes(settings.scratch_folder)) as notes:
            effects = self._look_through(run, undone, notes, on_progress)
            reasons = effects.find_reasons(settings.limits, self._store.plans.count_permitted)
            if not reasons:
                run.report = Report()
                return
            notes.store(self._store, run)
        run.status = "held"
        expires_at = self._settings.now() + timedelta(days=settings.keep_days)
        last_version, last_id = self._position.last_version, self._position.last_customer_id
        with self._store.group_batches():
            self._store.save_import(run)
            self._store.plans.save_plan(
                Plan(run.number, last_version, last_id, expires_at, reasons)
            )

    def _look_through(
        self,
        run: ImportRun,
        undone: ImportRun,
        notes: CountedNotes,
        on_progress: Callable[[Report], None],
    ) -> EffectCount:
        effects, after_version = EffectCount(self._position), undone.began_at_version
        while page := self._decide_page(undone, after_version):
            undo, after_version = page
            effects.add(undo.decision, ())
            notes.add_problems(run.report.add(undo.decision))
            run.report.removed += len(undo.removed)
            on_progress(run.report)
        return effects

    def _begin_again(self, run: ImportRun) -> None:
        run.status, run.report = "running", Report()
        run.started_at, run.ended_at = self._settings.now(), None
        run.began_at_version = self._position.last_version
        with self._store.group_batches():
            self._store.reports.delete(run.number)
            self._store.plans.begin_again(run)

    # Page by page

    def _undo_pages(
        self, run: ImportRun, undone: ImportRun | None, on_progress: Callable[[Report], None]
    ) -> bool:
        """Undo the next pages; False where they were the last, and the undo has ended."""
        for _ in range(self._settings.pages_at_once):
            if undone is None or not self._undo_page(run, undone):
                # Somebody may have cancelled it in the meantime: a last look, before it is done.
                on_progress(run.report)
                run.status = "done"
                run.ended_at = self._settings.now()
                self._store.save_import(run)
                self._store.undo.save_progress(run.number, None)
                return False
        return True

    def _undo_page(self, run: ImportRun, undone: ImportRun) -> bool:
        """Undo the next changes of the import; False where there are none."""
        page = self._decide_page(undone, self._after_version)
        if page is None:
            return False
        undo, self._after_version = page
        self._save(run, undo)
        return True

    def _decide_page(
        self, undone: ImportRun, after_version: int
    ) -> tuple[UndoDecision, int] | None:
        """What undoing the next changes does, and the last of them; None where there are none."""
        # Where the report does not say up to where its changes go, they may go up to now.
        last_version = undone.report.last_version or self._position.last_version
        page = self._store.undo.load_changes_of_import(
            undone.number, after_version, last_version, self._settings.page_changes
        )
        if not page:
            return None
        history = self._store.undo.load_history(
            {customer_id for _, customer_id in page}, undone.began_at_version
        )
        # A customer is looked at once, where the import changed it first.
        traces = [
            trace
            for trace in read_traces(history, undone.number).values()
            if trace.first_version > after_version
        ]
        customers = self._store.load_customers([trace.customer_id for trace in traces])
        undo = decide_undo(
            traces,
            {customer.id: customer for customer in customers},
            self._find_facts(traces),
            self._position,
        )
        return undo, page[-1][0]

    def _find_facts(self, traces: list[Trace]) -> UndoFacts:
        addresses, external_ids = find_wanted(traces)
        facts = UndoFacts(self._schema)
        if addresses and self._store.has_suppressions():
            facts.suppressed = find_suppressed(self._store, self._settings.hash_address, addresses)
        if external_ids:
            entries = {(Kind.EXTERNAL_ID, external_id) for external_id in external_ids}
            holders, _ = self._store.find_customers(entries, 1)
            facts.taken = {str(holder.fields.get("external_id")) for holder in holders}
        return facts

    def _save(self, run: ImportRun, undo: UndoDecision) -> None:
        problems = run.report.add(undo.decision)
        run.report.removed += len(undo.removed)
        batch = plan_batch(
            undo.decision, [], [], self._settings.hash_address, run, self._settings.now()
        )
        batch.problems = problems
        batch.blanked += [_blanked_row(change) for change in undo.blanked]
        batch.identifiers_removed += [
            (customer.id, identifier_entries(customer.fields)) for customer in undo.removed
        ]
        self._store.save_batch(batch)
        self._store.undo.remove_customers([customer.id for customer in undo.removed])
        self._store.undo.save_progress(run.number, self._after_version)
        self._position = undo.decision.position


def _blanked_row(change: Change) -> ChangeRow:
    before = None if change.before is None else encode_fields(change.before)
    after = encode_fields(change.after)
    return ChangeRow(change.version, change.customer_id, change.record, before, after, None)
