"""What an import is now, by the company's register and by the line together.

Owns what wins where both know an import: whoever shows one asks here, so that all show the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.imports.report import Report
from regulars.errors import UnknownNameError
from regulars.store.contract import ImportRun

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.store.contract import ImportLine, ImportStatus, QueuedImport, QueueStep

KEPT: Final[tuple[ImportStatus, ...]] = ("planned", "held")
"""They were counted and not applied: their bodies are kept."""
MAY_GO_ON: Final[tuple[ImportStatus, ...]] = (*KEPT, "failed")
"""They may stand in the line again."""
_STATUS_BEFORE: Final[dict[QueueStep, tuple[ImportStatus, ...]]] = {
    "start": (),
    "apply": KEPT,
    "release": KEPT,
    "restart": ("failed",),
}
"""What an import is in the register until such a turn of it comes."""


def waiting_run(queued: QueuedImport) -> ImportRun:
    """An import with nothing done, in its place in the line."""
    status: ImportStatus = "cancelled" if queued.is_cancelled else "queued"
    return ImportRun(
        0, queued.id, status, queued.actor, queued.options, queued.size_bytes,
        queued.records, queued.accepted_at, queued.accepted_at, None, 0, Report(),
    )  # fmt: skip


def tell_run(run: ImportRun, queued: QueuedImport | None) -> ImportRun:
    """An import of the register with the status that it has while it stands in the line."""
    if queued is None or run.status not in MAY_GO_ON:
        return run
    is_to_go_on = run.status in _STATUS_BEFORE[queued.step]
    if run.status in KEPT:
        # What it would do, by its report, it has not done.
        is_over = queued.is_cancelled or is_to_go_on
        run.report = Report(counted=0 if is_over else run.report.records)
    if queued.is_cancelled:
        run.status = "cancelled"
    elif is_to_go_on:
        run.status = "queued"
    else:
        # Its turn is over, but for leaving the line: only then can it be applied, or restarted.
        run.status, run.ended_at = "running", None
    return run


def find_run(line: ImportLine, register: Register, import_id: str) -> ImportRun:
    """An import of a company, waiting or started. Raises `UnknownNameError`."""
    run = register.store.find_import(import_id)
    if run is None or run.status in MAY_GO_ON:
        queued = line.find_queued_import(register.company.short_name, import_id)
        # It may have started between the two looks.
        run = register.store.find_import(import_id)
        if run is not None:
            run = tell_run(run, queued)
        elif queued is not None:
            run = waiting_run(queued)
    if run is None:
        raise UnknownNameError("import", "of that id")
    return run


def is_overtaken(register: Register, queued: QueuedImport) -> bool:
    """Whether an import that stands in the line again has come to its end before: it was applied or
    dropped at the moment at which somebody asked for another turn of it.
    """
    if queued.step == "start":
        return False
    run = register.store.find_import(queued.id)
    return run is None or run.status not in (*_STATUS_BEFORE[queued.step], "running")
