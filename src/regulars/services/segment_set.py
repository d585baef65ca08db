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

    from regulars.domain.segments.text import Parsed
    from regulars.domain.segments.tree import Condition
    from regulars.store.contract.segments import Segment


class SegmentSet:
    """The segments of one revision, by name as names compare."""

    def __init__(self, revision: int, segments: Iterable[Segment]) -> None:
        self.revision: Final = revision
        self._by_key: Final = {segment.key: segment for segment in segments}
        self._read: Final[dict[str, Parsed]] = {}
        self._users: dict[str, list[Segment]] | None = None

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

    def read(self, segment: Segment) -> Parsed:
        """The condition of a segment, read when it is first asked for."""
        if segment.condition not in self._read:
            self._read[segment.condition] = read_condition(segment.condition)
        return self._read[segment.condition]

    def read_tree(self, segment: Segment) -> Condition:
        """The same without the places in its text."""
        return self.read(segment).tree

    def find_users(self, segment: Segment) -> list[Segment]:
        """The segments whose conditions refer to this one, in order of their keys."""
        if self._users is None:
            self._users = {}
            for user in self._by_key.values():
                for key in {segment_key(name) for name in referred_segments(self.read_tree(user))}:
                    self._users.setdefault(key, []).append(user)
        return self._users.get(segment.key, [])

    def check_free(self, name: str) -> None:
        """Raises `NameTakenError` where a segment has that name."""
        if name in self:
            raise NameTakenError(f"there is a segment {self.find(name).name} already")

    def check_unused(self, segment: Segment) -> None:
        """Raises `ConflictError` where others refer to it."""
        users = ", ".join(user.name for user in self.find_users(segment))
        if users:
            raise ConflictError(f"the segment is used by others: {users}")
