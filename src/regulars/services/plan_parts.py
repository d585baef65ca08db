"""What is kept of an import that was counted and not applied: where it lies, the key of its
digests, and that it goes.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from regulars.domain.imports.plan import PlanPart, decode_part
from regulars.domain.imports.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.records.read_record import ReadRecord
    from regulars.store.contract import CompanyStore, ImportRun


def load_parts(store: CompanyStore, run: ImportRun, records: list[ReadRecord]) -> list[PlanPart]:
    """What is planned for records in a row."""
    first, last = records[0].number, records[-1].number
    return [decode_part(part) for part in store.plans.load_parts(run.number, first, last)]


def digest_key(run: ImportRun, hash_address: Callable[[str], str]) -> bytes:
    """The key of an import's digests: from the secret key, which is in no database."""
    return sha256(hash_address(f"digests of import {run.id}").encode()).digest()


def drop_counted(store: CompanyStore, run: ImportRun) -> None:
    """Let go of what is kept of an import of which nothing was applied. Its report is empty then;
    the caller stores it.
    """
    store.plans.delete_plan(run.number)
    store.reports.delete(run.number)
    run.report = Report()


def drop_plan(store: CompanyStore, run: ImportRun) -> None:
    """An import will not be applied, or not any further: let go of its plan, and as `drop_counted`
    where nothing was applied.
    """
    if run.report.records:
        store.plans.delete_plan(run.number)
    else:
        drop_counted(store, run)
