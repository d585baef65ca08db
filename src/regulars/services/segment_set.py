"""All segments of a company as they are at one moment, and how they refer to each other.

Must not know how they are changed or stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import referred_segments, segment_key
from regulars.errors import ConflictError, NameTakenError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.segments.tree import Condition
    from regulars.store.contract.segments import Segment


class SegmentSet:
    """The segments of one revision, by name as names compare."""

    def __init__(self, revision: int, segments: Iterable[Segment]) -> None:
        self.revision: Final = revision
        self._by_key: Final = {segment.key: segment for segment in segments}
        self._trees: Final[dict[str, Condition]] = {}

    def __contains__(self, name: str) -> bool:
        return segment_key(name) in self._by_key

    def find(self, name: str, version: int | None = None) -> Segment:
        """The segment of that name. Raises `UnknownNameError`, and `ConflictError` where it is at
        another version than the one given.
        """
        segment = self._by_key.get(segment_key(name))
        if segment is None:
            raise UnknownNameError("segment", name)
        if version not in (None, segment.version):
            raise ConflictError(f"the segment is at version {segment.version}, not {version}")
        return segment

    def find_tree(self, name: str) -> Condition | None:
        """The condition of the segment of that name, if there is one."""
        segment = self._by_key.get(segment_key(name))
        return None if segment is None else self.read_tree(segment)

    def read_tree(self, segment: Segment) -> Condition:
        """The condition of one of them, read when it is first asked for."""
        if segment.key not in self._trees:
            self._trees[segment.key] = read_condition(segment.condition).tree
        return self._trees[segment.key]

    def find_users(self, segment: Segment) -> list[Segment]:
        """The segments whose conditions refer to this one."""
        return [
            other
            for other in self._by_key.values()
            if segment.key in map(segment_key, referred_segments(self.read_tree(other)))
        ]

    def check_free(self, name: str) -> None:
        """Raises `NameTakenError` where a segment has that name."""
        if name in self:
            raise NameTakenError(f"there is a segment {self.find(name).name} already")

    def check_unused(self, segment: Segment) -> None:
        """Raises `ConflictError` where others refer to it."""
        users = ", ".join(user.name for user in self.find_users(segment))
        if users:
            raise ConflictError(f"the segment is used by others: {users}")
