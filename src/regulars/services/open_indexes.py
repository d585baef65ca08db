"""Answers from the indexes that this process has open; see `index_access`.

Owns how a text is asked of an index. Must not know where the question comes from.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from regulars.errors import RegularsError
from regulars.services.customer_search import CustomerSearch
from regulars.services.index_access import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.services.customer_search import Asked, Indexes
    from regulars.services.installation import Installation
    from regulars.services.segments import Segments

_LOOK_SECONDS: Final = 0.1


class OpenIndexes:
    """See `IndexAccess`."""

    def __init__(self, installation: Installation, indexes: Indexes, segments: Segments) -> None:
        self._installation: Final = installation
        self._indexes: Final = indexes
        self._search: Final = CustomerSearch(installation, indexes, segments)

    def count(self, company: str, condition: str) -> int:
        """See `IndexAccess`."""
        return self._ask(company, condition).count()

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """See `IndexAccess`."""
        return self._ask(company, condition).find_ids(after=after, limit=limit)

    def measure(self, company: str, condition: str) -> Measured:
        """See `IndexAccess`."""
        found = self._ask(company, condition).measure()
        return Measured(found.customers, found.reach)

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        """See `IndexAccess`."""
        index = self._indexes.open(company)
        building = index.rebuild()
        while building is not None and not building.has_ended():
            on_progress(building.busy().progress)
            time.sleep(_LOOK_SECONDS)
        if building is not None and not building.is_made():
            raise RegularsError("the index could not be made; the log says why")
        index.wait_until_current(on_progress)

    def close(self) -> None:
        """Close all files."""
        self._indexes.close()

    def _ask(self, company: str, condition: str) -> Asked:
        register = self._installation.open_register(company)
        return self._search.ask(register, condition=condition)
