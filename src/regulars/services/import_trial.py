"""Carrying out an import without its being done (SPEC section 4).

Owns that nothing of it is written to the register, and that nobody who writes there has to wait for
it: what it would change lies beside the register, until it is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.choices import Choices, PlannedDecision
from regulars.domain.imports.plan import LISTED, find_conflicts, plan_part
from regulars.domain.imports.report import Report
from regulars.services.import_run import ImportRunner
from regulars.services.plan_parts import digest_key, load_parts
from regulars.store.trial_store import TrialStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.plan import Conflict
    from regulars.domain.records.read_record import ReadRecord
    from regulars.services.import_run import ImportSettings
    from regulars.store.contract import Batch, CompanyStore, ImportRun
    from regulars.store.contract.plans import Plan


class TrialRunner(ImportRunner, ABC):
    """Carries out an import beside the register, and tells each decision to `_note`.

    `scratch_folder` is where files may lie that nobody needs afterwards.
    """

    _may_be_at_once = False

    def __init__(
        self, store: CompanyStore, schema: Schema, settings: ImportSettings, scratch_folder: str
    ) -> None:
        self._register: Final = store
        self._trial: Final = TrialStore(store, scratch_folder, self._keep)
        super().__init__(self._trial, schema, settings)

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

    def _keep(self, batch: Batch) -> None:
        """A batch would be stored now."""


class _Enough(Exception):  # noqa: N818 - it is no error
    """What was looked for is known before the end."""


class PlanChecker(TrialRunner):
    """Finds whether a plan would do now what it did when it was made. Nothing is stored."""

    def check(self, planned: ImportRun, plan: Plan, body: BinaryIO) -> list[Conflict]:
        """The first records that would not do what was planned."""
        self._plan = plan
        self._conflicts: list[Conflict] = []
        self._position = self._register.read_position()
        self._began_after_id = self._position.last_customer_id
        self._key = digest_key(planned, self._settings.hash_address)
        run = msgspec.structs.replace(
            planned, began_at_version=self._position.last_version, report=Report()
        )
        try:
            with self._read(body, run, 0) as read:
                self._look_through(run, read, lambda _: None)
        finally:
            self._trial.close()
        return self._conflicts

    def _look_through(
        self, run: ImportRun, read: Iterator[ReadRecord], on_progress: Callable[[Report], None]
    ) -> None:
        try:
            self._apply_all(run, read, on_progress)
        except _Enough:
            del self._conflicts[LISTED:]

    def _note(self, run: ImportRun, decision: PlannedDecision, records: list[ReadRecord]) -> None:
        now = plan_part(decision, records, self._key)
        parts = load_parts(self._register, run, records)
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
            raise _Enough
