"""Segments described: what each asks for in words, and how they hang together (SPEC section 11).

Must not know how customers are found, nor who reads the description.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.domain.segments.check import check_condition
from regulars.domain.segments.sentence import explain
from regulars.domain.segments.tree import Condition, Test, referred_segments, segment_key, walk
from regulars.errors import InvalidConditionError, PlacedProblem
from regulars.services.segment_set import SegmentSet
from regulars.store.contract.segments import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import Schema
    from regulars.services.installation import Register


class DescribedSegment(msgspec.Struct, frozen=True):
    """A segment with what its condition says."""

    segment: Segment
    tree: Condition
    sentence: str
    fields: tuple[str, ...]
    """The names of the fields that it tests itself, in order of the alphabet."""
    uses: tuple[str, ...]
    """The names of the segments that it refers to."""
    used_by: tuple[str, ...]
    """The names of the segments that refer to it."""
    problems: tuple[PlacedProblem, ...]
    """Why it cannot be answered, where the company's fields have changed since it was saved."""


def load_described(register: Register) -> list[DescribedSegment]:
    """All segments, in order of their names."""
    revision, segments = register.store.segments.load()
    return list(_describe(register.load_schema(), SegmentSet(revision, segments), segments))


def describe_segments(register: Register, segments: Iterable[Segment]) -> list[DescribedSegment]:
    """Some of them. They are described as they are given, the others as they are now."""
    known = SegmentSet(*register.store.segments.load())
    return list(_describe(register.load_schema(), known, segments))


def _describe(
    schema: Schema, known: SegmentSet, segments: Iterable[Segment]
) -> Iterable[DescribedSegment]:
    for segment in segments:
        parsed = known.read(segment)
        tested = {node.field for _, _, node in walk(parsed.tree) if isinstance(node, Test)}
        fields = {name if (field := schema.find(name)) is None else field.name for name in tested}
        uses = {segment_key(name): name for name in referred_segments(parsed.tree)}
        problems: tuple[PlacedProblem, ...] = ()
        try:
            check_condition(parsed.tree, schema, known.find_tree, parsed.places)
        except InvalidConditionError as error:
            problems = error.problems
        yield DescribedSegment(
            segment,
            parsed.tree,
            explain(parsed.tree, schema),
            tuple(sorted(fields, key=str.lower)),
            tuple(uses.values()),
            tuple(user.name for user in known.find_users(segment)),
            problems,
        )
