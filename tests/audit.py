"""A company's audit log, as tests ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.busy import wait_until

if TYPE_CHECKING:
    from regulars.services.installation import Installation
    from regulars.store.contract import AuditEntry


def audit_log(installation: Installation, company: str) -> list[AuditEntry]:
    """All its entries, once none is due any more: an answer waits a moment only for them."""
    store = installation.store
    wait_until(lambda: not store.due_audit.load(company))
    return store.open_company(company).audit_log.load()
