"""The tree of a condition: what text, builder and API all become (SPEC section 11).

Owns the nodes, and how a place in a tree is named. Must not know fields or operators: a tree may
ask for what does not exist, which the check tells.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Path: TypeAlias = tuple[int, ...]
"""Names a node: the way to it from the root, by the numbers of the parts, from 0."""

MAX_LENGTH: Final = 20_000
"""Most characters of the text form."""
MAX_NESTING: Final = 50
"""Most brackets and `not` around one place of the text form with no needless brackets."""
MAX_NODES: Final = 1_000

_LEAST_PARTS: Final = 2


class All(msgspec.Struct, frozen=True, tag="all", tag_field="kind"):
    """Holds where all parts do. At least two parts: fewer raise `ValueError`."""

    parts: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _check_parts(self.parts)


class Any(msgspec.Struct, frozen=True, tag="any", tag_field="kind"):
    """Holds where one of the parts does. At least two parts: fewer raise `ValueError`."""

    parts: tuple[Condition, ...]

    def __post_init__(self) -> None:
        _check_parts(self.parts)


class Not(msgspec.Struct, frozen=True, tag="not", tag_field="kind"):
    """Holds where its part does not."""

    part: Condition


class Test(msgspec.Struct, frozen=True, tag="test", tag_field="kind", omit_defaults=True):
    """One field, one operator. `operands` are texts as they were written, `days` a number of
    calendar days for the operators that take one.
    """

    __test__: ClassVar[bool] = False
    """For pytest, which takes every class of such a name for its own."""

    field: str
    operator: str
    operands: tuple[str, ...] = ()
    days: int | None = None


class InSegment(msgspec.Struct, frozen=True, tag="segment", tag_field="kind"):
    """Holds for the customers of another segment."""

    name: str


class Sample(msgspec.Struct, frozen=True, tag="sample", tag_field="kind"):
    """Holds for so many per cent of all customers, always the same ones."""

    percent: str


Condition: TypeAlias = All | Any | Not | Test | InSegment | Sample


def all_of(parts: Iterable[Condition]) -> Condition:
    """The parts joined by `and`; of a single one itself. Raises `ValueError` for none."""
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else All(parts)


def any_of(parts: Iterable[Condition]) -> Condition:
    """The parts joined by `or`; of a single one itself. Raises `ValueError` for none."""
    parts = tuple(parts)
    return parts[0] if len(parts) == 1 else Any(parts)


def children(node: Condition) -> tuple[Condition, ...]:
    """The parts of a node, in order."""
    match node:
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def needs_brackets(parent: Condition, part: Condition) -> bool:
    """Whether the text form puts `part` in brackets: where it would else be read as another tree.

    `not` binds strongest, then `and`; a group within a group of its own kind stays one.
    """
    if isinstance(parent, Any):
        return isinstance(part, Any)
    return isinstance(part, All | Any)


def walk(tree: Condition) -> Iterator[tuple[Path, int, Condition]]:
    """Every node with its path and its nesting in the text form, parents first.

    Takes trees of any depth.
    """
    waiting: list[tuple[Path, int, Condition]] = [((), 0, tree)]
    while waiting:
        path, nesting, node = waiting.pop()
        yield path, nesting, node
        inner = nesting + isinstance(node, Not)
        waiting += [
            ((*path, number), inner + needs_brackets(node, part), part)
            for number, part in reversed(list(enumerate(children(node))))
        ]


def segment_key(name: str) -> str:
    """The name of a segment as names compare: without regard to case and outer spaces."""
    return unicodedata.normalize("NFC", name.strip()).lower()


def referred_segments(tree: Condition) -> tuple[str, ...]:
    """The names of the segments that a condition refers to, as written, in order."""
    return tuple(node.name for _, _, node in walk(tree) if isinstance(node, InSegment))


def rename_segment(tree: Condition, old: str, new: str) -> Condition:
    """The condition with every reference to the segment `old` as one to `new`.

    The tree must be within the bounds of conditions.
    """
    match tree:
        case All(parts):
            return All(tuple(rename_segment(part, old, new) for part in parts))
        case Any(parts):
            return Any(tuple(rename_segment(part, old, new) for part in parts))
        case Not(part):
            return Not(rename_segment(part, old, new))
        case InSegment(name) if segment_key(name) == segment_key(old):
            return InSegment(new)
        case _:
            return tree


def _check_parts(parts: tuple[Condition, ...]) -> None:
    if len(parts) < _LEAST_PARTS:
        raise ValueError("a group has at least two parts")
