"""A condition that was checked: fields, operators and typed values in place of texts.

Owns the nodes that evaluation and the compiler to SQL read. Only the check makes them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.fields.schema import CompiledField
from regulars.domain.segments.operators import Operator
from regulars.domain.segments.tree import Condition, InSegment, Sample, Test
from regulars.domain.segments.values import NEVER_MISSING, Comparable


class CheckedAll(msgspec.Struct, frozen=True):
    """Holds where all parts do."""

    parts: tuple[CheckedNode, ...]
    source: Condition


class CheckedAny(msgspec.Struct, frozen=True):
    """Holds where one of the parts does."""

    parts: tuple[CheckedNode, ...]
    source: Condition


class CheckedNot(msgspec.Struct, frozen=True):
    """Holds where its part does not."""

    part: CheckedNode
    source: Condition


class CheckedTest(msgspec.Struct, frozen=True):
    """A field with an operator that fits its type.

    `values` are in the form in which values are compared. Of a datetime field a value that was
    written as a bare date is a `date`, and means that whole day.
    """

    field: CompiledField
    operator: Operator
    values: tuple[Comparable, ...]
    source: Test

    @property
    def key(self) -> str:
        """The field's name as names compare, which names its column too."""
        return self.field.name.lower()

    @property
    def days(self) -> int:
        """The number of days, 0 where the operator takes none."""
        return self.source.days or 0

    @property
    def is_never_missing(self) -> bool:
        """Whether the field reads as false where it is not set."""
        return self.field.name in NEVER_MISSING


class CheckedSegment(msgspec.Struct, frozen=True):
    """Holds for the customers of a segment, whose condition is `part`.

    `size` is the number of nodes of that condition with all its own segments, `depth` how many
    of them lie within each other.
    """

    part: CheckedNode
    size: int
    depth: int
    source: InSegment


class CheckedSample(msgspec.Struct, frozen=True):
    """Holds for the customers whose number for samples is below this."""

    below: int
    source: Sample


CheckedNode: TypeAlias = (
    CheckedAll | CheckedAny | CheckedNot | CheckedTest | CheckedSegment | CheckedSample
)


class Checked(msgspec.Struct, frozen=True):
    """A whole condition, with the timezone that its days are counted in."""

    root: CheckedNode
    timezone: ZoneInfo


def is_whole_day(test: CheckedTest, value: Comparable) -> bool:
    """Whether a value of a test on a datetime means a whole day, not an instant."""
    return test.field.type == "datetime" and not isinstance(value, datetime)


def measure(node: CheckedNode) -> tuple[int, int]:
    """How many nodes a condition has with those of its segments, and how many of them lie within
    each other.
    """
    size = depth = 0
    waiting = [(node, 1)]
    while waiting:
        node, level = waiting.pop()
        size += 1
        depth = max(depth, level)
        match node:
            case CheckedAll() | CheckedAny():
                waiting += [(part, level + 1) for part in node.parts]
            case CheckedNot():
                waiting.append((node.part, level + 1))
            case CheckedSegment():
                size += node.size
                depth = max(depth, level + node.depth)
            case _:
                pass
    return size, depth


def parts_of(node: CheckedNode) -> tuple[CheckedNode, ...]:
    """The parts of a node, in order; of a segment its condition."""
    match node:
        case CheckedAll() | CheckedAny():
            return node.parts
        case CheckedNot() | CheckedSegment():
            return (node.part,)
        case _:
            return ()
