"""Segments: saving, renaming and deleting them, and what was counted of them (SPEC section 11).

Owns what a change of one segment means for the others. A change is decided on all segments as they
are, and written only while they still are: else it is decided again. So it waits for no import, and
whoever saves at the same time breaks no name and no reference. Must not know how customers are
found.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.segments.check import check_condition
from regulars.domain.segments.days import days_before, local_day
from regulars.domain.segments.text import Parsed, read_condition, write_condition
from regulars.domain.segments.tree import MAX_LENGTH, Condition, rename_segment, segment_key
from regulars.errors import InvalidValueError, TooBusyError, UnknownNameError
from regulars.services.fields import declare_used_fields, find_inferred_fields
from regulars.services.segment_set import SegmentSet
from regulars.store.contract.segments import Segment, SegmentChange

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from regulars.domain.segments.check import FindSegment
    from regulars.domain.segments.problem import Places
    from regulars.services.installation import Installation, Register
    from regulars.store.contract.segments import SegmentCount, SegmentVersion

Given: TypeAlias = str | Condition | Parsed
"""A condition as text, as a tree, or as a tree with the places of its parts in a text."""

NAME_CHARACTERS: Final = 100
_MOST_DECISIONS: Final = 50
"""Of one change, when others change segments at the same time."""


class Segments:
    """The segments of an installation's companies.

    `actor` is whoever does it. With `version`, nothing happens and `ConflictError` is raised where
    the segment is at another one: somebody else has changed it since.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation

    # Looking

    def load(self, register: Register) -> list[Segment]:
        """All segments in order of their names."""
        _, segments = register.store.segments.load()
        return segments

    def find(self, register: Register, name: str) -> Segment:
        """The segment of that name, in whatever case. Raises `UnknownNameError`."""
        return _load(register).find(name)

    def find_by_id(self, register: Register, number: int) -> Segment:
        """The segment with that id. Raises `UnknownNameError`."""
        found = next((each for each in self.load(register) if each.id == number), None)
        if found is None:
            raise UnknownNameError("segment")
        return found

    def finder(self, register: Register) -> FindSegment:
        """What gives conditions of segments to a check: all as they are when it is first asked."""
        known: list[SegmentSet] = []

        def find_tree(name: str) -> Condition | None:
            if not known:
                known.append(_load(register))
            return known[0].find_tree(name)

        return find_tree

    def load_versions(self, register: Register, segment: Segment) -> list[SegmentVersion]:
        """What a segment was, newest first."""
        return register.store.segments.load_versions(segment.id)

    def load_trend(self, register: Register, segment: Segment, days: int) -> list[SegmentCount]:
        """The counts of the last days, today's among them, in order."""
        today = local_day(self._installation.now(), ZoneInfo(register.company.timezone))
        return register.store.segments.load_counts(segment.id, days_before(today, days - 1), today)

    # Changing

    def create(self, register: Register, name: str, condition: Given, *, actor: str) -> Segment:
        """A new segment. Raises `InvalidConditionError`, `InvalidValueError`, `NameTakenError`."""

        def decide(known: SegmentSet) -> _Decided:
            known.check_free(name)
            return self._decide_new(register, known, name, condition, actor)

        return self._write(register, decide)

    def save(
        self,
        register: Register,
        name: str,
        condition: Given,
        *,
        version: int | None = None,
        actor: str,
    ) -> Segment:
        """Make a segment, or give that of this name another condition. Raises `ConflictError`,
        `InvalidConditionError`, `InvalidValueError`, and `UnknownNameError` for a version of one
        that is not there.
        """

        def decide(known: SegmentSet) -> _Decided:
            if version is None and name not in known:
                return self._decide_new(register, known, name, condition, actor)
            segment = known.find(name, version)
            text = _check(register, known, condition, segment.name)
            return self._decide_change(known, segment, segment.name, text, actor)

        return self._write(register, decide)

    def change(
        self,
        register: Register,
        name: str,
        *,
        new_name: str | None = None,
        condition: Given | None = None,
        version: int | None = None,
        actor: str,
    ) -> Segment:
        """Give a segment another name, another condition, or both; conditions that refer to it
        follow. Raises `ConflictError`, `InvalidConditionError`, `InvalidValueError`,
        `NameTakenError`, `UnknownNameError`.
        """
        wanted = None if new_name is None else _read_name(new_name)

        def decide(known: SegmentSet) -> _Decided:
            segment = known.find(name, version)
            own_name = wanted or segment.name
            if segment_key(own_name) != segment.key:
                known.check_free(own_name)
            text = segment.condition
            if condition is not None:
                text = _check(register, known, condition, segment.name, own_name)
            return self._decide_change(known, segment, own_name, text, actor)

        return self._write(register, decide)

    def rename(self, register: Register, name: str, new_name: str, *, actor: str) -> Segment:
        """Give a segment another name. Raises as `change` does."""
        return self.change(register, name, new_name=new_name, actor=actor)

    def delete(
        self, register: Register, name: str, *, version: int | None = None, actor: str
    ) -> None:
        """Let go of a segment, its versions and its counts. Raises `ConflictError`, also where
        others refer to it, and `UnknownNameError`.
        """

        def decide(known: SegmentSet) -> _Decided:
            segment = known.find(name, version)
            known.check_unused(segment)
            entry = self._installation.audit_entry(actor, "segment:delete", segment.name)
            return segment, SegmentChange(known.revision, entry, deleted=[segment.id])

        self._write(register, decide)

    # How a change is decided

    def _decide_new(
        self, register: Register, known: SegmentSet, name: str, condition: Given, actor: str
    ) -> _Decided:
        name = _read_name(name)
        text = _check(register, known, condition, name)
        now = self._installation.now()
        segment = Segment(
            id=known.revision + 1,
            key=segment_key(name),
            name=name,
            condition=text,
            version=1,
            created_at=now,
            created_by=actor,
            changed_at=now,
            changed_by=actor,
        )
        entry = self._installation.audit_entry(actor, "segment:create", name)
        return segment, SegmentChange(known.revision, entry, [segment])

    def _decide_change(
        self, known: SegmentSet, segment: Segment, name: str, text: str, actor: str
    ) -> _Decided:
        if (name, text) == (segment.name, segment.condition):
            return segment, None
        now = self._installation.now()
        saved = [_next_version(segment, name, text, now, actor)]
        if segment_key(name) != segment.key:
            for user in known.find_users(segment):
                tree = rename_segment(known.read_tree(user), segment.name, name)
                saved.append(_next_version(user, user.name, _write_text(tree), now, actor))
        details = "" if name == segment.name else f"renamed to {name}"
        entry = self._installation.audit_entry(actor, "segment:change", segment.name, details)
        return saved[0], SegmentChange(known.revision, entry, saved)

    def _write(self, register: Register, decide: Callable[[SegmentSet], _Decided]) -> Segment:
        for _ in range(_MOST_DECISIONS):
            segment, change = decide(_load(register))
            if change is None or register.store.segments.save(change):
                if not (change and change.deleted):
                    self._declare_fields(register, segment)
                return segment
        raise TooBusyError("too many segments are changed at the same time")

    def _declare_fields(self, register: Register, segment: Segment) -> None:
        """Declare the fields that the condition tests. Nobody waits for a running import for that:
        where one runs, it is done at the next maintenance.
        """
        tree = read_condition(segment.condition).tree
        if find_inferred_fields(register.load_schema(), tree):
            with register.store.try_lock(briefly=True) as is_ours:
                if is_ours:
                    actor = segment.changed_by
                    declare_used_fields(self._installation, register, [tree], actor=actor)


_Decided: TypeAlias = tuple[Segment, SegmentChange | None]
"""The segment as it is then, and what is to be written, if anything."""


def _load(register: Register) -> SegmentSet:
    return SegmentSet(*register.store.segments.load())


def _read_name(name: str) -> str:
    name = unicodedata.normalize("NFC", name.strip())
    if not name or len(name) > NAME_CHARACTERS or not name.isprintable():
        raise InvalidValueError("name", f"1 to {NAME_CHARACTERS} characters")
    if name in (".", ".."):
        # Every client takes these for a step within an address (RFC 3986, 5.2.4).
        raise InvalidValueError("name", "a name that can stand in an address")
    return name


def _check(register: Register, known: SegmentSet, condition: Given, *own_names: str) -> str:
    """The text of a condition that a segment of these names may have. Raises
    `InvalidConditionError`.
    """
    tree, places = read_given(condition)
    own_keys = {segment_key(name) for name in own_names}

    def find_tree(name: str) -> Condition | None:
        # The segment itself, as it would be then: whatever leads back to it is seen.
        return tree if segment_key(name) in own_keys else known.find_tree(name)

    check_condition(tree, register.load_schema(), find_tree, places)
    return write_condition(tree)


def read_given(condition: Given) -> tuple[Condition, Places]:
    """A condition as a tree, and the places of its parts. Raises `InvalidConditionError`."""
    if isinstance(condition, str):
        condition = read_condition(condition)
    if isinstance(condition, Parsed):
        return condition.tree, condition.places
    return condition, {}


def _write_text(tree: Condition) -> str:
    """The text of a condition that refers to a new name. Raises `InvalidValueError`."""
    text = write_condition(tree)
    if len(text) > MAX_LENGTH:
        raise InvalidValueError("name", "a condition that uses the segment becomes too long by it")
    return text


def _next_version(segment: Segment, name: str, text: str, now: datetime, actor: str) -> Segment:
    return msgspec.structs.replace(
        segment,
        key=segment_key(name),
        name=name,
        condition=text,
        version=segment.version + 1,
        changed_at=now,
        changed_by=actor,
    )
