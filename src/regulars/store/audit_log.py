"""Statements on the audit log of a company, alike for both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from regulars.store.rows import audit_columns, read_audit_entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regulars.store.contract import AuditEntry
    from regulars.store.contract.due_audit import DueEntry
    from regulars.store.segments import Session


class SqlAuditLog:
    """`AuditLog` by statements. What happens in a session of `writing` is one transaction."""

    def __init__(self, statements: Mapping[str, Any], reading: Session, writing: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing

    def add(self, entry: AuditEntry) -> None:
        """See `AuditLog.add`."""
        with self._writing() as connection:
            connection.execute(self._sql["insert_audit_entry"], audit_columns(entry))

    def carry_over(self, due: Iterable[DueEntry]) -> None:
        """See `AuditLog.carry_over`."""
        with self._writing() as connection:
            for due_id, entry in due:
                columns = audit_columns(entry) | {"due_id": due_id}
                connection.execute(self._sql["carry_over_audit_entry"], columns)

    def load(self) -> list[AuditEntry]:
        """See `AuditLog.load`."""
        with self._reading() as connection:
            rows = connection.execute(self._sql["load_audit_log"], {}).fetchall()
        return [read_audit_entry(row) for row in rows]
