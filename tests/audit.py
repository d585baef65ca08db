"""A company's audit log, as tests ask for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regulars.services.installation import Installation
    from regulars.store.contract import AuditEntry

_PATIENCE_SECONDS: Final = 60


def audit_log(installation: Installation, company: str) -> list[AuditEntry]:
    """All its entries, once none is due any more: an answer waits a moment only for them."""
    store = installation.store
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while store.due_audit.load(company):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return store.open_company(company).audit_log.load()
