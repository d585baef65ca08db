"""Plans and holds of a company made of uploads, for properties."""

from __future__ import annotations

import io
import json
import secrets
from typing import TYPE_CHECKING, Final

import msgspec
from hypothesis import strategies as st

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.hold import HoldLimits
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_plan import PlanRunner
from regulars.services.import_run import ImportRunner, ImportSettings
from regulars.services.import_trial import PlanChecker
from regulars.services.kept_imports import KeptRunner
from regulars.services.plan_settings import PlanSettings
from regulars.store.contract import QueuedImport
from tests.properties.company import ACME, NOON
from tests.record_strategies import records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from regulars.domain.imports.plan import Conflict
    from regulars.domain.imports.report import Report
    from regulars.store.contract import ImportRun
    from tests.properties.company import UploadedCompany

DRY: Final = ImportOptions(BodyForm("json"), is_dry_run=True)
HOLDABLE: Final = ImportOptions(BodyForm("json"), may_be_held=True)
NEVER: Final = HoldLimits()
ALWAYS: Final = HoldLimits(address_records=0, gone_customers=0, gone_percent=0)
SOME: Final = st.lists(records(), max_size=10)


class Planner:
    """Plans and holds imports of one company, and applies them after all."""

    def __init__(self, company: UploadedCompany, folder: Path, batch_records: int = 3) -> None:
        self.company = company
        self.folder = str(folder)
        self.settings = ImportSettings(
            company.hash_address,
            company.limit,
            lambda: NOON,
            batch_records,
            repeated_bytes=company.repeated_bytes,
        )

    def plan(
        self,
        given_records: Sequence[object],
        options: ImportOptions = DRY,
        limits: HoldLimits = NEVER,
        large_bytes: int = 1000,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        store = self.company.store
        queued = QueuedImport(
            1, secrets.token_hex(8), ACME.short_name, NOON, "token:till", options, 0, None,
            is_spooled=True,
        )  # fmt: skip
        settings = PlanSettings(limits, 7, self.folder, large_bytes)
        with store.lock():
            runner = PlanRunner(store, self.company.schema, self.settings, settings)
            return runner.run(queued, body_of(given_records), on_progress)

    def check(self, run: ImportRun, given_records: Sequence[object]) -> list[Conflict]:
        store = self.company.store
        plan = store.plans.find_plan(run.number)
        assert plan is not None
        with store.lock():
            checker = PlanChecker(store, self.company.schema, self.settings, self.folder)
            return checker.check(run, plan, body_of(given_records))

    def go_on(
        self,
        run: ImportRun,
        given_records: Sequence[object],
        batch_records: int = 3,
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        store = self.company.store
        queued = QueuedImport(
            1, run.id, ACME.short_name, NOON, run.actor, run.options, 0, None, is_spooled=True,
            step="apply" if run.options.is_dry_run else "release",
        )  # fmt: skip
        settings = msgspec.structs.replace(self.settings, batch_records=batch_records)
        with store.lock():
            runner = KeptRunner(store, self.company.schema, settings)
            return runner.run(queued, body_of(given_records), on_progress)

    def go_on_as_any_other(self, run: ImportRun, given_records: Sequence[object]) -> ImportRun:
        """What was counted, was not held, and has begun."""
        queued = QueuedImport(
            1, run.id, ACME.short_name, NOON, run.actor, run.options, 0, None, is_spooled=True
        )
        with self.company.store.lock():
            runner = ImportRunner(self.company.store, self.company.schema, self.settings)
            return runner.run(queued, body_of(given_records))

    def apply(self, given_records: Sequence[object], options: ImportOptions) -> ImportRun:
        """Without any plan."""
        store = self.company.store
        options = msgspec.structs.replace(options, is_dry_run=False)
        queued = QueuedImport(
            1, secrets.token_hex(8), ACME.short_name, NOON, "token:till", options, 0, None,
            is_spooled=True,
        )  # fmt: skip
        with store.lock():
            runner = ImportRunner(store, self.company.schema, self.settings)
            return runner.run(queued, body_of(given_records))

    def changes(self, run: ImportRun) -> list[tuple[int, object, object]]:
        """What an import changed: record, former and new values."""
        return [
            (row.record, _decoded(row.before), _decoded(row.after))
            for row in self.company.history()
            if row.version > run.began_at_version
        ]


def body_of(given_records: Sequence[object]) -> io.BytesIO:
    return io.BytesIO(json.dumps(list(given_records)).encode())


def _decoded(values: bytes | None) -> object:
    return None if values is None else msgspec.json.decode(values)


def counts_of(report: Report) -> dict[str, object]:
    """The report, but for where the company stood."""
    return msgspec.structs.asdict(report) | {"last_version": None}
