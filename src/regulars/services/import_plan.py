"""What an import would do, before it is done: plans, and the counting before a hold (SPEC
section 4).

Owns what is kept of it. It waits in files until the end, and is stored then, some of it at a time:
the import is planned, or held, once all of it is there.
"""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.imports.choices import read_choices
from regulars.domain.imports.effect_count import EffectCount
from regulars.domain.imports.plan import LISTED, encode_part, encode_sample, make_samples, plan_part
from regulars.domain.imports.report import Report
from regulars.services.counted_notes import CountedNotes, PlanPart
from regulars.services.import_run import BATCHES_AT_ONCE
from regulars.services.import_trial import TrialRunner
from regulars.services.plan_parts import digest_key
from regulars.services.spilled import Spilled
from regulars.store.contract import Batch
from regulars.store.contract.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.choices import PlannedDecision
    from regulars.domain.imports.hold import HoldReason
    from regulars.domain.records.read_record import ReadRecord
    from regulars.services.import_run import ImportSettings
    from regulars.services.plan_settings import PlanSettings
    from regulars.store.contract import CompanyStore, ImportRun, QueuedImport

REPEATED_CHANGES: Final = 250_000
"""What an import would write is kept while it is counted, up to so many changes: where it turns out
that it is not held, that is written, and nothing is decided twice."""
_SAVED_SECONDS: Final = 1.0


class PlanRunner(TrialRunner):
    """Plans one import, or counts what it would do.

    A dry run ends `planned`. Another import ends `held`, or `done` where it was small; or is left
    `running`, with nothing applied yet, and is free to be applied as any other.
    """

    def __init__(
        self,
        store: CompanyStore,
        schema: Schema,
        settings: ImportSettings,
        plan_settings: PlanSettings,
    ) -> None:
        super().__init__(store, schema, settings, plan_settings.scratch_folder)
        self._plan_settings: Final = plan_settings

    def run(
        self,
        queued: QueuedImport,
        body: BinaryIO,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        """See `ImportRunner.run`."""
        folder = self._plan_settings.scratch_folder
        self._notes = CountedNotes(folder)
        self._batches: Spilled[Batch] | None = Spilled(Batch, folder)
        self._part: PlanPart | None = None
        self._samples: list[bytes] = []
        self._saved_at = time.monotonic()
        try:
            return super().run(queued, body, on_progress)
        finally:
            self._trial.close()
            self._notes.close()
            self._let_batches_go()

    def _apply_all(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        self._before = self._position
        self._effects = EffectCount(self._before)
        self._key = digest_key(run, self._settings.hash_address)
        run.report = Report()

        def tell(report: Report) -> None:
            on_progress(report)
            self._save_progress(run)

        if self._is_reading_enough(run):
            self._let_batches_go()
            self._count_addresses(run, read, tell)
        else:
            super()._apply_all(run, read, tell)
        limits = self._plan_settings.limits
        reasons = self._effects.find_reasons(limits, self._register.plans.count_permitted)
        if run.options.is_dry_run or reasons:
            self._keep_plan(run, reasons)
        elif self._batches is not None:
            self._write_batches(run, self._batches, on_progress)
        else:
            run.status, run.ended_at, run.report = "running", None, Report()
            self._register.save_import(run)

    def _may_be_known(self, run: ImportRun) -> bool:
        # A record that changes nothing takes nothing from anybody.
        is_only_counted = not run.options.is_dry_run and not run.options.may_repeat_addresses
        return is_only_counted and read_choices(run.options) is None

    def _is_reading_enough(self, run: ImportRun) -> bool:
        """Whether a body is large, and nobody is there who could lose anything."""
        is_large = run.size_bytes > self._plan_settings.large_bytes
        return is_large and not run.options.is_dry_run and not self._before.last_customer_id

    def _count_addresses(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        while records := list(islice(read, self._settings.batch_records)):
            self._effects.add_addresses(records)
            run.report.records += len(records)
            on_progress(run.report)

    def _save_progress(self, run: ImportRun) -> None:
        """Store now and then how many records were counted; nothing else of it is true yet."""
        if time.monotonic() - self._saved_at < _SAVED_SECONDS:
            return
        counted = Report(counted=run.report.records)
        counting = msgspec.structs.replace(run, status="running", ended_at=None, report=counted)
        self._register.save_import(counting)
        self._saved_at = time.monotonic()

    def _note(self, run: ImportRun, decision: PlannedDecision, records: list[ReadRecord]) -> None:
        self._effects.add(decision, records)
        if len(self._samples) < LISTED:
            schema = records[-1].schema
            wanted = LISTED - len(self._samples)
            self._samples += map(encode_sample, make_samples(decision, schema, wanted))
        if run.options.is_dry_run:
            part = plan_part(decision, records, self._key)
            self._part = (part.first, part.last, encode_part(part))

    # What would be written, where it may be

    def _keep(self, batch: Batch) -> None:
        self._notes.add_batch(batch, self._part)
        if self._batches is None:
            return
        run = batch.import_run
        changes = batch.position.last_version - run.began_at_version
        is_near = self._effects.is_near(self._plan_settings.limits)
        if run.options.is_dry_run or is_near or changes > REPEATED_CHANGES:
            self._let_batches_go()
        else:
            self._batches.add(batch)

    def _let_batches_go(self) -> None:
        if self._batches is not None:
            self._batches.close()
        self._batches = None

    def _write_batches(
        self, run: ImportRun, batches: Spilled[Batch], on_progress: Callable[[Report], None]
    ) -> None:
        """Do what was counted. After an interruption, the import goes on as any other."""
        store, waiting = self._register, iter(batches)
        is_running = True
        while is_running:
            with store.group_batches():
                some = list(islice(waiting, BATCHES_AT_ONCE))
                for batch in some:
                    store.save_batch(batch)
                is_running = len(some) == BATCHES_AT_ONCE
                if not is_running:
                    run.ended_at = self._settings.now()
                    store.save_import(run)
            if some:
                on_progress(some[-1].import_run.report)

    # What is kept of a plan

    def _keep_plan(self, run: ImportRun, reasons: list[HoldReason]) -> None:
        position, store = self._before, self._register
        self._notes.store(store, run)
        run.status = "planned" if run.options.is_dry_run else "held"
        run.ended_at = None
        days = timedelta(days=self._plan_settings.keep_days)
        plan = Plan(
            run.number,
            position.last_version,
            position.last_customer_id,
            self._settings.now() + days,
            reasons,
        )
        with store.group_batches():
            store.save_import(run)
            store.plans.save_plan(plan)
            store.plans.save_samples(run.number, self._samples)


def tell_reason(reason: HoldReason) -> str:
    """A line that says why an import is held, or would be."""
    match reason.code:
        case "permission_taken":
            return f"{reason.field} would be taken from {reason.count} of {reason.of} customers"
        case "customers_gone":
            return f"{reason.count} of {reason.of} customers would be deleted or forgotten"
        case _:
            return f"{reason.count} records have the same {reason.field}"
