"""Imports that were counted and not applied: planned and held ones (SPEC section 4).

Owns how a plan is applied, a hold is released, and either is dropped. Each takes a new place at the
end of the company's line, and an import has one place only: whoever comes first has decided what
becomes of it. Until then the body stays where it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.choices import Choices
from regulars.domain.imports.plan import Conflict, Sample, decode_sample, planned_records
from regulars.domain.imports.report import Report
from regulars.errors import ConflictError, NotAllowedError
from regulars.services.due_audit import carry_over_soon
from regulars.services.import_plan import PlanRunner, tell_reason
from regulars.services.import_run import ImportRunner, read_import_settings
from regulars.services.import_status import KEPT, find_run
from regulars.services.import_trial import PlanChecker
from regulars.services.left_alone_parts import load_left_alone, save_left_alone
from regulars.services.plan_parts import drop_counted, load_parts
from regulars.services.plan_settings import read_plan_settings
from regulars.store.contract import ImportRun, QueuedImport
from regulars.store.contract.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.hold import HoldLimits
    from regulars.domain.records.read_record import ReadRecord
    from regulars.services.import_run import ImportSettings
    from regulars.services.installation import Installation, Register
    from regulars.services.plan_settings import PlanSettings
    from regulars.store.contract import AuditEntry, CompanyStore, ImportStatus, QueueStep

    OpenBody = Callable[[Register, ImportRun], BinaryIO]
    """Gives the kept body of an import."""

BUSY: Final = "an import of the company is running; try again when it has ended"
"""Why a plan cannot be applied now."""


class PlanMovedError(ConflictError):
    """A plan would not do now what it did when it was made; `conflicts` says where, as far as
    shown.
    """

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__("records of the plan would do something else now; plan the import again")
        self.conflicts = conflicts


class FoundPlan(msgspec.Struct, frozen=True):
    """A plan as it is told: why it would be held, and the first changes."""

    plan: Plan
    samples: list[Sample]


class KeptRunner(ImportRunner):
    """Applies an import that was planned or held, and leaves alone what has moved since."""

    _may_be_at_once = False

    def __init__(self, store: CompanyStore, schema: Schema, settings: ImportSettings) -> None:
        super().__init__(store, schema, settings)
        self._register: Final = store

    def _begin(self, queued: QueuedImport) -> ImportRun:
        run = self._store.find_import(queued.id)
        plan = None if run is None else self._register.plans.find_plan(run.number)
        if run is None or plan is None:
            raise LookupError(queued.id)
        self._plan = plan
        self._left_alone = load_left_alone(self._register, run.number, self._settings.hash_address)
        if run.status in KEPT:
            plan.began_after_id = self._position.last_customer_id
            run.status = "running"
            run.started_at, run.ended_at = self._settings.now(), None
            run.began_at_version = self._position.last_version
            run.report = Report()
            with self._register.group_batches():
                self._register.plans.save_plan(plan)
                self._register.reports.delete(run.number)
                self._register.plans.begin_again(run)
        return run

    def _choices(self, run: ImportRun, records: list[ReadRecord]) -> Choices:
        plan = self._plan
        choices = super()._choices(run, records) or Choices()
        planned = None
        if run.options.is_dry_run:
            parts = load_parts(self._register, run, records)
            began_after_id = plan.began_after_id or 0
            planned = planned_records(parts, plan.last_customer_id, began_after_id)
        return msgspec.structs.replace(
            choices,
            planned=planned,
            left_alone=self._left_alone,
            left_alone_since=plan.counted_at_version,
        )

    def _may_be_known(self, run: ImportRun) -> bool:  # noqa: ARG002 - what moved since is looked for
        return False

    def _apply_batches(self, run: ImportRun, read: Iterator[ReadRecord]) -> bool:
        goes_on = super()._apply_batches(run, read)
        if goes_on:
            save_left_alone(self._register, run, self._left_alone)
        else:
            self._register.plans.delete_plan(run.number)
        return goes_on


def make_runner(
    register: Register,
    queued: QueuedImport,
    settings: ImportSettings,
    plan_settings: PlanSettings,
    *,
    is_counted: bool = False,
) -> ImportRunner:
    """What runs an import whose turn it is. One that `is_counted` is applied without more ado."""
    store, schema = register.store, register.load_schema()
    if queued.step in ("apply", "release") or _was_kept(store, queued):
        return KeptRunner(store, schema, settings)
    is_to_be_counted = (
        not is_counted
        and _may_be_held(store, queued, plan_settings.limits)
        and _is_untouched(store, queued)
    )
    if queued.options.is_dry_run or is_to_be_counted:
        return PlanRunner(store, schema, settings, plan_settings)
    return ImportRunner(store, schema, settings)


def _was_kept(store: CompanyStore, queued: QueuedImport) -> bool:
    """Whether an import that goes on after a failure was applied from a plan or a hold."""
    if queued.step != "restart":
        return False
    run = store.find_import(queued.id)
    return run is not None and store.plans.find_plan(run.number) is not None


def _may_be_held(store: CompanyStore, queued: QueuedImport, limits: HoldLimits) -> bool:
    """Whether an import could pass a limit, going by what is quick to know."""
    if not queued.options.may_be_held or queued.options.may_repeat_addresses:
        return queued.options.may_be_held
    # No more customers can lose something than there are.
    there = store.read_position().last_customer_id
    return there > min(limits.permission_customers, limits.gone_customers)


def _is_untouched(store: CompanyStore, queued: QueuedImport) -> bool:
    run = store.find_import(queued.id)
    return run is None or run.report.records == 0


class KeptImports:
    """The planned and held imports of all companies of an installation."""

    def __init__(self, installation: Installation, open_body: OpenBody) -> None:
        self._installation: Final = installation
        self._line: Final = installation.store.line
        self._open_body: Final = open_body

    def find_plan(self, register: Register, run: ImportRun) -> FoundPlan | None:
        """The plan of an import that is planned, or why it is held, where it is."""
        plan = register.store.plans.find_plan(run.number) if run.status in KEPT else None
        if plan is None:
            return None
        samples = register.store.plans.load_samples(run.number)
        return FoundPlan(plan, [decode_sample(sample) for sample in samples])

    def apply(
        self,
        register: Register,
        run: ImportRun,
        *,
        actor: str,
        may_release: bool,
    ) -> QueuedImport | None:
        """Put a plan at the end of the line, where it still does what it did. None where an import
        of the company is running: that can be told afterwards only.

        Raises `PlanMovedError` where it does not; `ConflictError` where there is no plan to apply;
        `NotAllowedError` where it would be held, and whoever asks may not release it.
        """
        self._find_applicable(register, run, may_release=may_release)
        with register.store.try_lock() as is_ours:
            if not is_ours:
                return None
            run, plan = self._find_applicable(register, run, may_release=may_release)
            settings = read_import_settings(self._installation, register)
            folder = read_plan_settings(register.settings).scratch_folder
            checker = PlanChecker(register.store, register.load_schema(), settings, folder)
            try:
                body = self._open_body(register, run)
            except FileNotFoundError:
                raise ConflictError("the import is cancelled already") from None
            with body:
                conflicts = checker.check(run, plan, body)
            if conflicts:
                raise PlanMovedError(conflicts)
            return self._enqueue(register, run, "apply", actor)

    def release(self, register: Register, run: ImportRun, *, actor: str) -> QueuedImport:
        """Put a held import at the end of the line. Raises `ConflictError`."""
        run, _ = self._find_kept(register, run, "held")
        return self._enqueue(register, run, "release", actor)

    def cancel(self, register: Register, run: ImportRun, entry: AuditEntry | None = None) -> bool:
        """Cancel a planned or held import, with the audit entry of that: it takes its place in the
        line to end there. False, and nothing happens, where it has one already.
        """
        queued = self._queued(register, run, "release" if run.status == "held" else "apply")
        try:
            self._line.enqueue_import(msgspec.structs.replace(queued, is_cancelled=True), entry)
        except ConflictError:
            return False
        register.store.remove_spool(run.id)
        return True

    def drop(self, register: Register, run: ImportRun) -> None:
        """End a planned or held import that was cancelled. The caller holds the company's lock."""
        run.status = "cancelled"
        run.ended_at = self._installation.now()
        with register.store.group_batches():
            drop_counted(register.store, run)
            register.store.save_import(run)
        register.store.remove_spool(run.id)

    def drop_expired(self, register: Register) -> int:
        """Drop what was kept long enough; gives how many. The caller holds the company's lock."""
        now = self._installation.now()
        dropped = 0
        for run in register.store.plans.load_kept():
            plan = register.store.plans.find_plan(run.number)
            if (plan is None or plan.expires_at <= now) and self.cancel(register, run):
                self.drop(register, run)
                self._line.dequeue_import(run.id)
                dropped += 1
        return dropped

    # Parts

    def _find_applicable(
        self, register: Register, run: ImportRun, *, may_release: bool
    ) -> tuple[ImportRun, Plan]:
        run, plan = self._find_kept(register, run, "planned")
        if plan.hold_reasons and not may_release:
            reason = tell_reason(plan.hold_reasons[0])
            raise NotAllowedError(f"applying it takes the right to release imports: {reason}")
        return run, plan

    def _find_kept(
        self, register: Register, run: ImportRun, status: ImportStatus
    ) -> tuple[ImportRun, Plan]:
        found = find_run(self._line, register, run.id)
        if found.status == "queued":
            raise ConflictError("the import waits in the line already")
        plan = register.store.plans.find_plan(found.number)
        if plan is not None and plan.expires_at <= self._installation.now():
            days = register.settings.plan_days
            raise ConflictError(f"the import was kept for {days} days only")
        if found.status != status or plan is None:
            raise ConflictError(f"the import is {found.status}, not {status}")
        return found, plan

    def _enqueue(
        self, register: Register, run: ImportRun, step: QueueStep, actor: str
    ) -> QueuedImport:
        entry = self._installation.audit_entry(actor, f"import:{step}", f"import {run.id}")
        try:
            queued = self._line.enqueue_import(self._queued(register, run, step), entry)
        except ConflictError:
            self._check_not_cancelled(register, run)
            raise
        # It may have been dropped before; then it only leaves the line again.
        self._check_not_cancelled(register, run)
        carry_over_soon(self._installation.store, register.company.short_name)
        return queued

    def _queued(self, register: Register, run: ImportRun, step: QueueStep) -> QueuedImport:
        return QueuedImport(
            0, run.id, register.company.short_name, self._installation.now(), run.actor,
            run.options, run.size_bytes, run.records, is_spooled=True, step=step,
        )  # fmt: skip

    def _check_not_cancelled(self, register: Register, run: ImportRun) -> None:
        if find_run(self._line, register, run.id).status == "cancelled":
            raise ConflictError("the import is cancelled already")
