"""Others write the register of a company while an import of it is planned, counted or checked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import pytest

from regulars.store.contract.segments import SegmentChange
from tests.properties.company import UploadedCompany
from tests.properties.planner import ALWAYS, DRY, HOLDABLE, NEVER, Planner
from tests.store.make import make_entry, make_segment

if TYPE_CHECKING:
    from pathlib import Path

    from regulars.domain.imports.hold import HoldLimits
    from regulars.domain.imports.options import ImportOptions
    from regulars.store.contract import CompanyStore, InstallationStore

PATIENCE_SECONDS: Final = 30
"""Far less than a writer waits for the file of a company, before it gives up."""
OLD: Final = [{"external_id": str(number), "can_email": True} for number in range(20)]
NEW: Final = [
    {"external_id": str(number), "email": f"p{number}@example.org", "can_email": False}
    for number in range(5, 25)
]


def write(store: CompanyStore, number: int) -> None:
    store.audit_log.add(make_entry("token:create"))
    change = SegmentChange(
        store.segments.read_revision(),
        make_entry("segment:save"),
        [make_segment(number, f"segment {number}")],
    )
    assert store.segments.save(change)


@pytest.mark.parametrize(
    ("options", "limits", "status"),
    [(DRY, NEVER, "planned"), (HOLDABLE, ALWAYS, "held"), (HOLDABLE, NEVER, "done")],
)
def test_others_write_at_once_while_an_import_is_tried(
    installation: InstallationStore,
    scratch: Path,
    options: ImportOptions,
    limits: HoldLimits,
    status: str,
) -> None:
    with UploadedCompany.found(installation) as company, ThreadPoolExecutor(1) as others:
        company.upload(OLD)
        store, written = company.store, 0

        def write_beside(_: object) -> None:
            nonlocal written
            written += 1
            others.submit(write, store, written).result(PATIENCE_SECONDS)

        run = Planner(company, scratch, 1).plan(NEW, options, limits, on_progress=write_beside)
        assert run.status == status
        # Batches are tried, and written, three at a time.
        assert written >= len(NEW) // 3
        assert len(store.segments.load()[1]) == written
