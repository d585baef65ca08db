"""Bodies of imports that have left the line and still need them: those that may go on.

Owns which those are, and that the body of one that stood in the line itself is spooled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.services.import_status import MAY_GO_ON

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.store.contract import QueuedImport


def may_be_kept(queued: QueuedImport) -> bool:
    """Whether an import may need its body after it has left the line."""
    options = queued.options
    return options.is_dry_run or options.may_be_held or options.undoes is not None


def keep_if_needed(register: Register, queued: QueuedImport) -> bool:
    """Whether an import that leaves the line still needs its body; one that stood in the line is
    spooled for it.
    """
    if queued.step == "start" and not may_be_kept(queued):
        return False
    run = register.store.find_import(queued.id)
    if run is None or run.status not in MAY_GO_ON:
        return False
    if queued.body is not None:
        register.store.remove_spool(queued.id)
        with register.store.create_spool(queued.id) as spool:
            spool.write(queued.body)
    return True
