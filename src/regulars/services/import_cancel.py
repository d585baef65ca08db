"""Cancelling imports (SPEC section 4): what waits never starts, what runs stops after its batch.

Owns what happens to an import when somebody cancels it. Asking for it never waits for an import
that runs; what came of it is known a little later.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError, RegularsError
from regulars.services.due_audit import carry_over_soon
from regulars.services.import_status import KEPT, MAY_GO_ON

if TYPE_CHECKING:
    from regulars.services.imports import Imports
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportRun

STOP_SECONDS: Final = 4.0
"""The longest that an answer waits for an import to stop."""
LOOK_SECONDS: Final = 0.05
_TURN_SECONDS: Final = 1.0
"""A small import takes no longer from its last look at the line to where it is seen to be done."""
_CANCELLABLE: Final = ("queued", "running", *KEPT)
_ATTEMPTS: Final = 5
"""Each one but the last fails only where the import has taken another step meanwhile."""


def cancel_import(
    installation: Installation, imports: Imports, register: Register, import_id: str, *, actor: str
) -> ImportRun:
    """Cancel an import, and wait a moment for it to stop.

    See `ask_to_cancel` and `conclude_cancel`.
    """
    run = ask_to_cancel(installation, imports, register, import_id, actor=actor)
    until = time.monotonic() + STOP_SECONDS
    while run.status == "running" and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        run = imports.find(register, import_id)
    conclude_cancel(installation, register, run)
    return run


def ask_to_cancel(
    installation: Installation, imports: Imports, register: Register, import_id: str, *, actor: str
) -> ImportRun:
    """Ask an import to stop; gives it as it is now: one that runs stops soon, and what it has
    applied stays. Whoever calls this calls `conclude_cancel` in the end.

    Raises `UnknownNameError`, and `ConflictError` where it has ended.
    """
    _enter(installation, imports, register, import_id, actor)
    if register.store.find_import(import_id) is None:
        # It never starts; should it start just now, it stops where it misses its body.
        register.store.remove_spool(import_id)
    with suppress(RegularsError):
        # Else it ends when the disk has room again: it is cancelled all the same.
        _settle(installation, imports, register, import_id)
    return imports.find(register, import_id)


def conclude_cancel(installation: Installation, register: Register, run: ImportRun) -> None:
    """The import is now as it was found last. Raises `ConflictError` where it ended before it could
    stop; that somebody asked for it stands in the audit log all the same.
    """
    carry_over_soon(installation.store, register.company.short_name)
    if run.status not in ("cancelled", "running"):
        raise ConflictError(f"the import is {run.status} already")


def _enter(
    installation: Installation, imports: Imports, register: Register, import_id: str, actor: str
) -> None:
    """Have it stand in the line as cancelled, whatever others do with it at the same time."""
    line, company = installation.store.line, register.company.short_name
    for _ in range(_ATTEMPTS):
        run = imports.find(register, import_id)
        if run.status not in _CANCELLABLE:
            raise ConflictError(f"the import is {run.status} already")
        details = f"it was {run.status}"
        entry = installation.audit_entry(actor, "import:cancel", f"import {run.id}", details)
        if line.cancel_queued_import(company, import_id, entry):
            return
        if run.status in KEPT and imports.kept.cancel(register, run, entry):
            return
        queued = line.find_queued_import(company, import_id)
        if run.status == "running" and queued is not None and queued.is_cancelled:
            # Somebody else has asked before; it has not stopped yet.
            return
    raise ConflictError("the import has ended")


def _settle(
    installation: Installation, imports: Imports, register: Register, import_id: str
) -> None:
    """Have it end where nobody is at work on the company. Where its turn has just come, wait for
    what becomes of it: nothing of a small import is seen before it is done.
    """
    company = register.company.short_name
    until = time.monotonic() + _TURN_SECONDS
    while not imports.end_cancelled(register, import_id) and time.monotonic() < until:
        first = installation.store.line.next_import(company)
        if first is None or first.id != import_id:
            return
        run = register.store.find_import(import_id)
        if run is not None and run.status not in MAY_GO_ON:
            return
        time.sleep(LOOK_SECONDS)
