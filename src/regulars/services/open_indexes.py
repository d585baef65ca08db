"""Answers from the indexes that this process has open; see `index_access`.

Owns how a text is asked of an index. Must not know where the question comes from.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Protocol

from regulars.domain.segments.check import check_condition
from regulars.domain.segments.text import read_condition
from regulars.errors import RegularsError
from regulars.index.questions import Query
from regulars.services.index_access import Measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.index.company_index import CompanyIndex
    from regulars.services.installation import Installation
    from regulars.services.segments import Segments

    class Indexes(Protocol):
        """The indexes of all companies."""

        def open(self, short_name: str) -> CompanyIndex:
            """The index of a company."""

        def close(self) -> None:
            """Close all files."""


_LOOK_SECONDS: Final = 0.1


class OpenIndexes:
    """See `IndexAccess`."""

    def __init__(self, installation: Installation, indexes: Indexes, segments: Segments) -> None:
        self._installation: Final = installation
        self._indexes: Final = indexes
        self._segments: Final = segments

    def count(self, company: str, condition: str) -> int:
        """See `IndexAccess`."""
        index, query = self._open(company, condition)
        return index.count(query)

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """See `IndexAccess`."""
        index, query = self._open(company, condition)
        return index.find_ids(query, after=after, limit=limit)

    def measure(self, company: str, condition: str) -> Measured:
        """See `IndexAccess`."""
        index, query = self._open(company, condition)
        found = index.measure(query)
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

    def _open(self, company: str, condition: str) -> tuple[CompanyIndex, Query]:
        register = self._installation.open_register(company)
        index = self._indexes.open(company)
        schema = index.catch_up()
        parsed = read_condition(condition)
        find_segment = self._segments.finder(register)
        checked = check_condition(parsed.tree, schema, find_segment, parsed.places)
        return index, Query(condition=checked)
