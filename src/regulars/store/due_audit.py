"""Statements on due entries of audit logs, alike for both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from regulars.store.contract.due_audit import DueEntry
from regulars.store.rows import audit_columns, read_audit_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from regulars.store.contract import AuditEntry
    from regulars.store.segments import Connection, Session


class SqlDueAuditStore:
    """`DueAuditStore` by statements. What happens in a session of `writing` is one transaction."""

    def __init__(self, statements: Mapping[str, Any], reading: Session, writing: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing

    def load_companies(self) -> list[str]:
        """See `DueAuditStore.load_companies`."""
        with self._reading() as connection:
            rows = connection.execute(self._sql["load_companies_with_due_entries"], {}).fetchall()
        return [company for (company,) in rows]

    def load(self, company: str) -> list[DueEntry]:
        """See `DueAuditStore.load`."""
        with self._reading() as connection:
            rows = connection.execute(
                self._sql["load_due_entries"], {"company": company}
            ).fetchall()
        return [DueEntry(due_id, read_audit_entry(tuple(row))) for due_id, *row in rows]

    def delete(self, ids: Collection[str]) -> None:
        """See `DueAuditStore.delete`."""
        with self._writing() as connection:
            for due_id in ids:
                connection.execute(self._sql["delete_due_entry"], {"id": due_id})


def change(
    connection: Connection,
    statements: Mapping[str, Any],
    name: str,
    columns: Mapping[str, object],
    company: str,
    entry: AuditEntry,
) -> bool:
    """Run a statement with the due entry of what it does, in the open transaction; gives whether it
    did anything. Where not, there is no entry.
    """
    if not connection.execute(statements[name], columns).rowcount:
        return False
    insert_due_entry(connection, statements, company, entry)
    return True


def insert_due_entry(
    connection: Connection, statements: Mapping[str, Any], company: str, entry: AuditEntry | None
) -> None:
    """Write a due entry, where there is one, in the open transaction."""
    if entry is not None:
        columns = audit_columns(entry) | {"company": company}
        connection.execute(statements["insert_due_entry"], columns)
