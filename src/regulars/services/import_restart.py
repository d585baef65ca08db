"""Failed imports, which go on where they stopped when somebody asks for it (SPEC section 4).

An import fails by our fault only. Its body is kept for a while, so that it can go on once the fault
is mended.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError
from regulars.services.due_audit import carry_over_soon
from regulars.store.contract import QueuedImport

if TYPE_CHECKING:
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportRun

KEPT_DAYS: Final = 7

log: Final = logging.getLogger(__name__)


def restart_import(
    installation: Installation, register: Register, run: ImportRun, *, actor: str
) -> QueuedImport:
    """Put a failed import at the end of the company's line.

    Raises `ConflictError` where it has not failed, waits already, or has no body any more.
    """
    if run.status != "failed":
        raise ConflictError(f"the import is {run.status}: only one that failed can be restarted")
    company = register.company.short_name
    if run.options.undoes is None:
        try:
            register.store.open_spool(run.id).close()
        except FileNotFoundError:
            raise ConflictError("the records of the import are not kept any more") from None
    queued = QueuedImport(
        0, run.id, company, run.accepted_at, run.actor, run.options, run.size_bytes, run.records,
        is_spooled=True, step="restart",
    )  # fmt: skip
    entry = installation.audit_entry(actor, "import:restart", f"import {run.id}")
    queued = installation.store.line.enqueue_import(queued, entry)
    carry_over_soon(installation.store, company)
    return queued


def begin_again(register: Register, queued: QueuedImport) -> None:
    """Let a failed import run again, where it was restarted. The caller holds the company's lock;
    nothing happens where this was done before an interruption.
    """
    run = register.store.find_import(queued.id)
    if queued.step != "restart" or run is None or run.status != "failed":
        return
    run.status = "running"
    run.ended_at = None
    if not run.report.records:
        # It may have failed before it had begun.
        run.began_at_version = register.store.read_position().last_version
    register.store.plans.begin_again(run)


def keep_body(register: Register, queued: QueuedImport) -> None:
    """Keep the body of an import that failed, also where it stood in the line."""
    if queued.body is not None:
        register.store.remove_spool(queued.id)
        with register.store.create_spool(queued.id) as spool:
            spool.write(queued.body)


def log_failure(queued: QueuedImport, error: Exception) -> None:
    """Tell of our fault. The message might hold values of a person: the log has kind and place."""
    kind = RuntimeError(type(error).__name__)
    log.error("import %s failed", queued.id, exc_info=(RuntimeError, kind, error.__traceback__))


def find_restartable(installation: Installation, register: Register) -> set[str]:
    """The failed imports whose bodies are still kept."""
    since = installation.now() - timedelta(days=KEPT_DAYS)
    failed = register.store.retention.load_failed()
    return {run.id for run in failed if run.ended_at is None or run.ended_at > since}
