"""Cancelling imports (SPEC section 4): what waits never starts, what runs stops after its batch.

Owns what happens to an import when somebody cancels it. Nobody waits here for a running import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.errors import ConflictError
from regulars.services.kept_imports import KEPT

if TYPE_CHECKING:
    from regulars.services.imports import Imports
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportRun


def cancel_import(
    installation: Installation, imports: Imports, register: Register, import_id: str, *, actor: str
) -> ImportRun:
    """Cancel an import; gives it as it is now: one that runs stops soon, and what it has applied
    stays.

    Raises `UnknownNameError`, `ConflictError` where it has ended, and `TooBusyError` where it is
    planned or held while another one runs.
    """
    company = register.company.short_name
    run = imports.find(register, import_id)
    if run.status in KEPT:
        imports.kept.drop(register, run)
    elif run.status not in ("queued", "running"):
        raise ConflictError(f"the import is {run.status} already")
    elif not installation.store.cancel_queued_import(company, import_id):
        raise ConflictError("the import has ended")
    elif register.store.find_import(import_id) is None:
        # It never starts; should it start just now, it stops where it misses its body.
        register.store.remove_spool(import_id)
    installation.add_audit_entry(company, actor, "import:cancel", f"import {import_id}")
    return imports.find(register, import_id)
