"""Visits and views in the installation's PostgreSQL schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.store.postgres.tables import Tables
from regulars.store.rows import (
    from_microseconds,
    read_view,
    read_visit,
    to_microseconds,
    view_columns,
    visit_columns,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from regulars.store.contract.visits import View, Visit
    from regulars.store.postgres.schema import Schema
    from regulars.store.postgres.sessions import Sessions


class PostgresVisitStore(Tables):
    """`VisitStore` in the installation's schema."""

    def __init__(self, schema: Schema, sessions: Sessions) -> None:
        super().__init__(schema.load_statements("visits.sql"), sessions)

    def save_visit(self, visit: Visit) -> None:
        """See `VisitStore.save_visit`."""
        self._write("save_visit", visit_columns(visit))

    def find_visit(self, secret_hash: bytes) -> Visit | None:
        """See `VisitStore.find_visit`."""
        row = self._find("find_visit", {"secret_hash": secret_hash})
        return None if row is None else read_visit(row)

    def find_last_seen(self, emails: Collection[str]) -> dict[str, datetime]:
        """See `VisitStore.find_last_seen`."""
        with self._sessions.session() as connection:
            rows = connection.execute(self._sql["find_last_seen"], {"emails": list(emails)})
            return {email: from_microseconds(seen_at) for email, seen_at in rows.fetchall()}

    def delete_visit(self, secret_hash: bytes) -> None:
        """See `VisitStore.delete_visit`."""
        self._write("delete_visit", {"secret_hash": secret_hash})

    def delete_visits_of(self, email: str) -> None:
        """See `VisitStore.delete_visits_of`."""
        self._write("delete_visits_of", {"email": email})

    def save_view(self, view: View) -> None:
        """See `VisitStore.save_view`."""
        self._write("save_view", view_columns(view))

    def find_view(self, company: str, view_id: str) -> View | None:
        """See `VisitStore.find_view`."""
        row = self._find("find_view", {"company": company, "id": view_id})
        return None if row is None else read_view(row)

    def load_views(self, company: str) -> list[View]:
        """See `VisitStore.load_views`."""
        with self._sessions.session() as connection:
            rows = connection.execute(self._sql["load_views"], {"company": company})
            return [*map(read_view, rows)]

    def delete_view(self, company: str, view_id: str) -> None:
        """See `VisitStore.delete_view`."""
        self._write("delete_view", {"company": company, "id": view_id})

    def delete_unseen(self, visits_before: datetime, views_before: datetime) -> None:
        """See `VisitStore.delete_unseen`."""
        self._write("delete_unseen_visits", {"before": to_microseconds(visits_before)})
        self._write("delete_unseen_views", {"before": to_microseconds(views_before)})
