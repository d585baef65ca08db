"""Audit entries of what is done while an import may be writing.

Owns that nobody waits for them. In a SQLite file an entry waits for the transaction of whoever
writes; who asked for something is to be answered all the same.
"""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import describe_failure

if TYPE_CHECKING:
    from regulars.services.installation import Installation

_WAIT_SECONDS: Final = 0.5

log: Final = logging.getLogger(__name__)


def add_entry_soon(
    installation: Installation,
    company: str,
    actor: str,
    action: str,
    subject: str,
    details: str = "",
) -> None:
    """Append an entry of this moment to a company's audit log: where that takes longer than a
    moment, after this has returned. The process does not end before.
    """
    entry = installation.audit_entry(actor, action, subject, details)

    def write() -> None:
        try:
            installation.store.open_company(company).add_audit_entry(entry)
        except Exception as error:  # noqa: BLE001 - what it tells of is done already
            log.warning("no audit entry %s of %s: %s", action, subject, describe_failure(error))

    thread = Thread(target=write, name="audit")
    thread.start()
    thread.join(_WAIT_SECONDS)
