"""Statements on the installation's own schema, each a transaction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.store.rows import is_storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg.rows import TupleRow

    from regulars.store.postgres.schema import Statements
    from regulars.store.postgres.sessions import Sessions


class Tables:
    """What the parts of `PostgresInstallationStore` have in common."""

    def __init__(self, statements: Statements, sessions: Sessions) -> None:
        self._sql: Final = statements
        self._sessions: Final = sessions

    def _find(self, statement: str, parameters: Mapping[str, object]) -> TupleRow | None:
        if not all(is_storable(text) for text in parameters.values() if isinstance(text, str)):
            return None
        with self._sessions.session() as connection:
            return connection.execute(self._sql[statement], parameters).fetchone()

    def _load(
        self, statement: str, parameters: Mapping[str, object] | None = None
    ) -> list[TupleRow]:
        with self._sessions.session() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()

    def _write(self, statement: str, parameters: Mapping[str, object]) -> int:
        """Gives how many rows it changed."""
        with self._sessions.session() as connection:
            return connection.execute(self._sql[statement], parameters).rowcount
