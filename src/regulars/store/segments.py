"""Statements on segments, alike for both engines.

An engine brings its statements, which have the same names, parameters and columns on either, and
its sessions. Owns how segments become columns and come back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from regulars.store.contract.segments import Segment, SegmentCount, SegmentVersion
from regulars.store.rows import audit_columns, from_microseconds, to_microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.store.contract.segments import SegmentChange
    from regulars.store.rows import Row

_decode_reach: Final = msgspec.json.Decoder(dict[str, int]).decode


class Cursor(Protocol):
    """What a statement has done, as both drivers tell it."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchall(self) -> list[Any]:
        """The rows it gives."""


class Connection(Protocol):
    """What both drivers run statements on."""

    def execute(self, statement: Any, parameters: Any = ..., /) -> Cursor:  # noqa: ANN401
        """Run a statement."""


Session = Callable[[], AbstractContextManager[Connection]]


class SqlSegmentStore:
    """`SegmentStore` by statements. What happens in a session of `writing` is one transaction."""

    def __init__(self, statements: Mapping[str, Any], reading: Session, writing: Session) -> None:
        self._sql: Final = statements
        self._reading: Final = reading
        self._writing: Final = writing

    def read_revision(self) -> int:
        """See `SegmentStore.read_revision`."""
        ((revision,),) = self._load("read_segment_revision", {})
        return int(revision)

    def load(self) -> tuple[int, list[Segment]]:
        """See `SegmentStore.load`."""
        # In this order: segments that changed in between are newer than the revision, so that
        # nothing that is decided on them can be saved.
        revision = self.read_revision()
        return revision, [_read_segment(row) for row in self._load("load_segments", {})]

    def save(self, change: SegmentChange) -> bool:
        """See `SegmentStore.save`."""
        with self._writing() as connection:
            revision = {"revision": change.revision}
            if not connection.execute(self._sql["raise_segment_revision"], revision).rowcount:
                return False
            for number in change.deleted:
                connection.execute(self._sql["delete_segment"], {"id": number})
            for segment in change.saved:
                columns = _segment_columns(segment)
                connection.execute(self._sql["save_segment"], columns)
                connection.execute(self._sql["insert_segment_version"], columns)
            connection.execute(self._sql["insert_audit_entry"], audit_columns(change.audit_entry))
        return True

    def load_versions(self, segment_id: int) -> list[SegmentVersion]:
        """See `SegmentStore.load_versions`."""
        rows = self._load("load_segment_versions", {"segment_id": segment_id})
        return [
            SegmentVersion(version, name, condition, from_microseconds(changed_at), changed_by)
            for version, name, condition, changed_at, changed_by in rows
        ]

    def add_counts(self, counts: Iterable[SegmentCount]) -> None:
        """See `SegmentStore.add_counts`."""
        with self._writing() as connection:
            for count in counts:
                connection.execute(self._sql["add_segment_count"], _count_columns(count))

    def load_uncounted(self, day: date) -> list[Segment]:
        """See `SegmentStore.load_uncounted`."""
        rows = self._load("load_uncounted_segments", {"day": day.isoformat()})
        return [_read_segment(row) for row in rows]

    def load_counts(self, segment_id: int, first: date, last: date) -> list[SegmentCount]:
        """See `SegmentStore.load_counts`."""
        sought = {"segment_id": segment_id, "first": first.isoformat(), "last": last.isoformat()}
        return [
            SegmentCount(number, date.fromisoformat(day), customers, _decode_reach(reach))
            for number, day, customers, reach in self._load("load_segment_counts", sought)
        ]

    def _load(self, statement: str, parameters: Mapping[str, object]) -> list[Row]:
        with self._reading() as connection:
            return connection.execute(self._sql[statement], parameters).fetchall()


def _segment_columns(segment: Segment) -> dict[str, object]:
    return msgspec.structs.asdict(segment) | {
        "created_at": to_microseconds(segment.created_at),
        "changed_at": to_microseconds(segment.changed_at),
    }


def _read_segment(row: Row) -> Segment:
    number, key, name, condition, version, created_at, created_by, changed_at, changed_by = row
    return Segment(
        number,
        key,
        name,
        condition,
        version,
        from_microseconds(created_at),
        created_by,
        from_microseconds(changed_at),
        changed_by,
    )


def _count_columns(count: SegmentCount) -> dict[str, object]:
    return msgspec.structs.asdict(count) | {
        "day": count.day.isoformat(),
        "reach": msgspec.json.encode(count.reach).decode(),
    }
