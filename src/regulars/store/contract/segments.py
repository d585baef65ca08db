"""What the store of one company must be able to do for segments, method by method.

It is an attribute of the company's store. It knows conditions as text only.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.store.contract.values import AuditEntry


class Segment(msgspec.Struct, frozen=True):
    """A saved condition on customers."""

    id: int
    """The revision that made it."""
    key: str
    """The name as names compare, unique within the company."""
    name: str
    condition: str
    """The text form."""
    version: int
    """1 for a new one; rises by one whenever name or condition change."""
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


class SegmentVersion(msgspec.Struct, frozen=True):
    """What a segment was from one change to the next, and who made it so."""

    version: int
    name: str
    condition: str
    changed_at: datetime
    changed_by: str


class SegmentChange(msgspec.Struct, frozen=True):
    """What is written together, decided on the segments of one revision."""

    revision: int
    audit_entry: AuditEntry
    saved: list[Segment] = msgspec.field(default_factory=list)
    """New ones, and changed ones with their next version."""
    deleted: list[int] = msgspec.field(default_factory=list)


class SegmentCount(msgspec.Struct, frozen=True):
    """How many customers a segment held on a calendar day of the company."""

    segment_id: int
    day: date
    customers: int
    reach: dict[str, int]
    """How many of them may be reached, by channel."""


class SegmentStore(Protocol):
    """Segments, their versions, and their counts day by day.

    Needs no lock, and waits for no import: as long as a segment is changed by what was decided on
    the last revision only, names stay unique and no segment refers to one that is gone.
    """

    def read_revision(self) -> int:
        """A number that rises by one with every change of segments; 0 before the first."""

    def load(self) -> tuple[int, list[Segment]]:
        """All segments in order of their keys, with a revision at which they are no older."""

    def save(self, change: SegmentChange) -> bool:
        """Write a change with its audit entry, all of it or nothing; False, and nothing, where
        its revision is not the last. A deleted segment takes versions and counts along.
        """

    def load_versions(self, segment_id: int) -> list[SegmentVersion]:
        """All versions of a segment, newest first; none where it is gone."""

    def add_counts(self, counts: Iterable[SegmentCount]) -> None:
        """Keep counts. The first of a segment and day stays; those of segments that are gone are
        dropped.
        """

    def load_uncounted(self, day: date) -> list[Segment]:
        """The segments without a count of that day, in order of their keys."""

    def load_counts(self, segment_id: int, first: date, last: date) -> list[SegmentCount]:
        """The counts of a segment from a day to another one, in order."""
