"""An import that has not started, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.imports.report import Report
from regulars.store.contract import ImportRun

if TYPE_CHECKING:
    from regulars.store.contract import ImportStatus, QueuedImport


def waiting_run(queued: QueuedImport) -> ImportRun:
    """An import with nothing done, in its place in the line."""
    status: ImportStatus = "cancelled" if queued.is_cancelled else "queued"
    return ImportRun(
        0, queued.id, status, queued.actor, queued.options, queued.size_bytes,
        queued.records, queued.accepted_at, queued.accepted_at, None, 0, Report(),
    )  # fmt: skip
