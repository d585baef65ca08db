"""What an applied plan has left alone so far, as far as it matters to the records that follow.

A plan may have skipped an address since a request to forget had suppressed it, further up in the
plan. Where that request is left alone, the address is not suppressed: a record that names it must
not do more than was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.records.read_record import ReadRecord


class LeftAlone:
    """The addresses in records of a plan that were left alone, over all batches."""

    def __init__(self) -> None:
        self._addresses: set[str | None] = set()
        self._has_forgets = False

    def note(self, record: ReadRecord) -> None:
        """A record is left alone."""
        self._addresses |= {record.email, record.phone_number} - {None}

    def note_forget(self, addresses: Iterable[str]) -> None:
        """A request to forget is left alone, which would have suppressed these."""
        self._addresses.update(addresses)
        self._has_forgets = True

    def concerns(self, record: ReadRecord) -> bool:
        """Whether a record may have had an address skipped for what was left alone."""
        if not self._has_forgets:
            return False
        return not self._addresses.isdisjoint((record.email, record.phone_number))
