"""Carrying out an import to know what it does, without its being done: plans, and the counting
before a hold (SPEC section 4).

A plan *is* the import, in one transaction that is undone at its end. What is to be kept of it waits
in a file, and is stored in a transaction of its own.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.imports.choices import Choices, PlannedDecision, read_choices
from regulars.domain.imports.effect_count import EffectCount
from regulars.domain.imports.hold import HoldLimits
from regulars.domain.imports.plan import (
    LISTED,
    PlanPart,
    decode_part,
    encode_part,
    encode_sample,
    find_conflicts,
    make_samples,
    plan_part,
)
from regulars.domain.imports.report import Report
from regulars.services.import_run import ImportRunner
from regulars.settings import data_folder
from regulars.store.contract.plans import Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.hold import HoldReason
    from regulars.domain.imports.plan import Conflict
    from regulars.domain.records.read_record import ReadRecord
    from regulars.services.import_run import ImportSettings
    from regulars.settings import Settings
    from regulars.store.contract import CompanyStore, ImportRun, QueuedImport

COMMITTED_CHANGES: Final = 250_000
"""An import that was counted, is not held, and makes no more changes than these, is done with
that: its one transaction is not undone."""
_PART_HEAD: Final = struct.Struct(">I")
_IN_MEMORY_BYTES: Final = 4 * 1024 * 1024


class PlanSettings(msgspec.Struct, frozen=True):
    """What plans and holds depend on."""

    limits: HoldLimits
    keep_days: int
    scratch_folder: str
    """Where files may lie that nobody needs once a plan is stored."""
    large_bytes: int = 4 * 1024 * 1024
    """Bodies above this size are only read where that is enough to count."""


def read_plan_settings(settings: Settings) -> PlanSettings:
    """What the settings of an installation say of plans and holds."""
    limits = read_hold_limits(settings)
    return PlanSettings(limits, settings.plan_days, str(data_folder(settings)))


def read_hold_limits(settings: Settings) -> HoldLimits:
    """When imports of an installation are held."""
    return HoldLimits(
        settings.hold_permission_customers,
        settings.hold_permission_percent,
        settings.hold_gone_customers,
        settings.hold_gone_percent,
        settings.hold_address_records,
    )


class _Undone(Exception):  # noqa: N818 - it is no error
    """Undoes the transaction in which an import was carried out."""


class TrialRunner(ImportRunner, ABC):
    """Carries out an import in one transaction, and tells each decision to `_note`."""

    _has_stayed = False
    _may_be_at_once = False

    def _decide(self, run: ImportRun, records: list[ReadRecord]) -> PlannedDecision:
        decision = super()._decide(run, records)
        if not isinstance(decision, PlannedDecision):
            raise TypeError(decision)
        self._note(run, decision, records[: decision.consumed])
        return decision

    def _choices(self, run: ImportRun, records: list[ReadRecord]) -> Choices:
        return super()._choices(run, records) or Choices()

    def _may_be_known(self, run: ImportRun) -> bool:  # noqa: ARG002 - what every record means is noted
        return False

    @abstractmethod
    def _note(self, run: ImportRun, decision: PlannedDecision, records: list[ReadRecord]) -> None:
        """A batch was decided."""

    @abstractmethod
    def _is_to_stay(self, run: ImportRun) -> bool:
        """Whether what was carried out may stay."""

    def _apply_all(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        try:
            with self._store.group_batches():
                while self._apply_batches(run, read):
                    on_progress(run.report)
                if not self._is_to_stay(run):
                    raise _Undone  # noqa: TRY301 - it undoes the block around it
                self._has_stayed = True
        except _Undone:
            self._has_stayed = False


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
        super().__init__(store, schema, settings)
        self._plan_settings: Final = plan_settings
        self._first_schema: Final = schema

    def run(
        self,
        queued: QueuedImport,
        body: BinaryIO,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        """See `ImportRunner.run`."""
        with SpooledTemporaryFile(
            max_size=_IN_MEMORY_BYTES, dir=self._plan_settings.scratch_folder
        ) as scratch:
            self._scratch = scratch
            self._samples: list[bytes] = []
            return super().run(queued, body, on_progress)

    def _apply_all(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        position = self._position
        self._effects = EffectCount(position)
        self._key = digest_key(run, self._settings.hash_address)
        run.report = Report()
        if self._is_reading_enough(run):
            self._count_addresses(run, read, on_progress)
        else:
            super()._apply_all(run, read, on_progress)
        if self._has_stayed:
            return
        limits = self._plan_settings.limits
        reasons = self._effects.find_reasons(limits, self._store.plans.count_permitted)
        if not run.options.is_dry_run and not reasons:
            run.status, run.ended_at, run.report = "running", None, Report()
            return
        run.status = "planned" if run.options.is_dry_run else "held"
        run.ended_at = None
        expires_at = self._settings.now() + timedelta(days=self._plan_settings.keep_days)
        self._save(
            run,
            Plan(
                run.number,
                position.last_version,
                position.last_customer_id,
                expires_at,
                reasons,
            ),
        )

    def _may_be_known(self, run: ImportRun) -> bool:
        # A record that changes nothing takes nothing from anybody.
        is_only_counted = not run.options.is_dry_run and not run.options.may_repeat_addresses
        return is_only_counted and read_choices(run.options) is None

    def _is_reading_enough(self, run: ImportRun) -> bool:
        """Whether a body is large, and nobody is there who could lose anything."""
        is_large = run.size_bytes > self._plan_settings.large_bytes
        return is_large and not run.options.is_dry_run and not self._position.last_customer_id

    def _count_addresses(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        while records := list(islice(read, self._settings.batch_records)):
            self._effects.add_addresses(records)
            run.report.records += len(records)
            on_progress(run.report)

    def _is_to_stay(self, run: ImportRun) -> bool:
        return (
            not run.options.is_dry_run
            and not self._effects.is_near(self._plan_settings.limits)
            and self._position.last_version - run.began_at_version <= COMMITTED_CHANGES
        )

    def _note(self, run: ImportRun, decision: PlannedDecision, records: list[ReadRecord]) -> None:
        self._effects.add(decision, records)
        if len(self._samples) < LISTED:
            schema = records[-1].schema
            wanted = LISTED - len(self._samples)
            self._samples += map(encode_sample, make_samples(decision, schema, wanted))
        if run.options.is_dry_run:
            part = encode_part(plan_part(decision, records, self._key))
            self._scratch.write(_PART_HEAD.pack(len(part)) + part)

    def _save(self, run: ImportRun, plan: Plan) -> None:
        plans = self._store.plans
        with self._store.group_batches():
            self._store.save_import(run)
            plans.save_plan(plan)
            plans.save_samples(run.number, self._samples)
            self._scratch.seek(0)
            while head := self._scratch.read(_PART_HEAD.size):
                encoded = self._scratch.read(*_PART_HEAD.unpack(head))
                part = decode_part(encoded)
                plans.add_part(run.number, part.first, part.last, encoded)


class PlanChecker(TrialRunner):
    """Finds whether a plan would do now what it did when it was made. Nothing is stored."""

    def check(self, planned: ImportRun, plan: Plan, body: BinaryIO) -> list[Conflict]:
        """The first records that would not do what was planned."""
        self._plan = plan
        self._conflicts: list[Conflict] = []
        self._position = self._store.read_position()
        self._began_after_id = self._position.last_customer_id
        self._key = digest_key(planned, self._settings.hash_address)
        run = msgspec.structs.replace(
            planned, began_at_version=self._position.last_version, report=Report()
        )
        with self._read(body, run, 0) as read:
            self._apply_all(run, read, lambda _: None)
        return self._conflicts

    def _note(self, run: ImportRun, decision: PlannedDecision, records: list[ReadRecord]) -> None:
        now = plan_part(decision, records, self._key)
        parts = load_parts(self._store, run, records)
        planned = {
            number: each for part in parts for number, each in enumerate(part.records, part.first)
        }
        self._conflicts += find_conflicts(
            planned,
            now,
            decision.newest,
            planned_at_version=self._plan.counted_at_version,
            last_id=self._plan.last_customer_id,
            began_after_id=self._began_after_id,
        )
        if len(self._conflicts) >= LISTED:
            del self._conflicts[LISTED:]
            raise _Undone

    def _is_to_stay(self, run: ImportRun) -> bool:  # noqa: ARG002 - nothing is
        return False


def load_parts(store: CompanyStore, run: ImportRun, records: list[ReadRecord]) -> list[PlanPart]:
    """What is planned for records in a row."""
    first, last = records[0].number, records[-1].number
    return [decode_part(part) for part in store.plans.load_parts(run.number, first, last)]


def digest_key(run: ImportRun, hash_address: Callable[[str], str]) -> bytes:
    """The key of an import's digests: from the secret key, which is in no database."""
    return sha256(hash_address(f"digests of import {run.id}").encode()).digest()


def tell_reason(reason: HoldReason) -> str:
    """A line that says why an import is held, or would be."""
    match reason.code:
        case "permission_taken":
            return f"{reason.field} would be taken from {reason.count} of {reason.of} customers"
        case "customers_gone":
            return f"{reason.count} of {reason.of} customers would be deleted or forgotten"
        case _:
            return f"{reason.count} records have the same {reason.field}"
