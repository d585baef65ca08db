"""Carrying over entries that are due to the audit logs of companies (see `DueAuditStore`).

Owns that nobody waits for it. In a SQLite file an entry waits for the transaction of whoever
writes; who asked for something is to be answered all the same. What a crash or a full disk leaves
is carried over by the worker's timers.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import describe_failure

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

_WAIT_SECONDS: Final = 0.5

log: Final = logging.getLogger(__name__)


def carry_over(store: InstallationStore, company: str) -> None:
    """Carry over what is due to a company's audit log; doing it twice at a time does no harm.

    Raises `StorageFullError`, `StoreUnavailableError`; then it is due still.
    """
    due = store.due_audit.load(company)
    if due:
        store.open_company(company).audit_log.carry_over(due)
        store.due_audit.delete([entry.id for entry in due])


def carry_over_soon(store: InstallationStore, company: str) -> None:
    """The same: where it takes longer than a moment, after this has returned. The process does not
    end before.
    """

    def write() -> None:
        try:
            carry_over(store, company)
        except Exception as error:  # noqa: BLE001 - what it tells of is done, and the timers try again
            log.warning("audit entries of %s wait: %s", company, describe_failure(error))

    thread = Thread(target=write, name="audit")
    thread.start()
    thread.join(_WAIT_SECONDS)
