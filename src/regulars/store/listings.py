"""Statements on the audit log and the suppression list, alike for both engines.

An engine brings its statements, which have the same names, parameters and columns on either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from regulars.store.contract.listings import ListedSuppression, NumberedEntry
from regulars.store.rows import is_storable, read_audit_entry, read_suppression

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.store.segments import Session

_HIGHEST: Final = 2**63 - 1


class SqlListingStore:
    """`ListingStore` by statements."""

    def __init__(self, statements: Mapping[str, Any], reading: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading

    def load_audit_page(
        self, before: int | None, limit: int, action: str | None = None
    ) -> list[NumberedEntry]:
        """See `ListingStore.load_audit_page`."""
        page = _page(before, limit)
        if action is None:
            rows = self._load("load_audit_page", page)
        elif is_storable(action):
            rows = self._load("load_audit_page_of_action", page | {"action": action})
        else:
            rows = []
        return [NumberedEntry(number, read_audit_entry(tuple(row))) for number, *row in rows]

    def load_audit_actions(self) -> list[str]:
        """See `ListingStore.load_audit_actions`."""
        return [action for (action,) in self._load("load_audit_actions", {})]

    def load_suppressions(self, before: int | None, limit: int) -> list[ListedSuppression]:
        """See `ListingStore.load_suppressions`."""
        rows = self._load("load_suppression_page", _page(before, limit))
        return [
            ListedSuppression(read_suppression(tuple(row)), import_id) for *row, import_id in rows
        ]

    def _load(self, statement: str, parameters: dict[str, object]) -> list[Any]:
        with self._reading() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()


def _page(before: int | None, limit: int) -> dict[str, object]:
    is_possible = before is not None and before <= _HIGHEST
    return {"before": before if is_possible else _HIGHEST, "limit": limit}
