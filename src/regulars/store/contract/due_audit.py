"""What the store of the installation must be able to do for the audit logs of companies.

What is done to the installation's own data, such as making a token or releasing an import, is told
in a company's audit log, which lies elsewhere. Its entry is *due*: written in the transaction of
what it tells of, and carried over afterwards (`AuditLog.carry_over`), so that nothing is done of
which the log will not tell.

It is an attribute of the installation's store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from regulars.store.contract.values import AuditEntry


class DueEntry(NamedTuple):
    """An entry that is to be carried over. No two ever have the same id."""

    id: str
    entry: AuditEntry


class DueAuditStore(Protocol):
    """Entries that are not known to stand in the audit log of their company."""

    def load_companies(self) -> list[str]:
        """The companies, by short name, that have any."""

    def load(self, company: str) -> list[DueEntry]:
        """Those of a company, in the order in which they were written."""

    def delete(self, ids: Collection[str]) -> None:
        """They stand in the audit log, and are due no more."""
