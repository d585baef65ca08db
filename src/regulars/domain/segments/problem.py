"""What can be wrong with a condition, as values (SPEC section 11).

Owns codes and wording. A message never holds a value, which may be a person's; it points at it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec

from regulars.domain.segments.days import MAX_DAYS
from regulars.domain.segments.tree import MAX_LENGTH, MAX_NESTING, MAX_NODES, Path
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regulars.errors import PlacedProblem

Part: TypeAlias = str | int
"""What of a node: `node`, `field`, `operator`, `days`, or the number of a value, from 0."""

Places: TypeAlias = "Mapping[tuple[Path, Part], tuple[int, int]]"
"""Where in a text each part of each node stands: first character, and the one behind the last."""

MAX_EXPANDED: Final = 5_000
"""Most nodes of a condition with the conditions of the segments that it refers to."""

CONDITION_PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "syntax": "the condition cannot be read here",
        "open_quote": "the quote is never closed",
        "bad_escape": 'in quotes a backslash stands only before " and \\',
        "bad_quote": 'text is put in straight double quotes, as in "New York"',
        "too_long": f"the condition is longer than {MAX_LENGTH:,} characters",
        "too_deep": f"more than {MAX_NESTING} brackets and nots lie within each other",
        "too_many_parts": f"the condition has more than {MAX_NODES:,} parts",
        "unknown_field": "there is no such field",
        "unknown_operator": "there is no such operator",
        "unfit_operator": "the operator does not fit the type of this field",
        "unfit_operands": "the operator takes another number of values or days",
        "bad_value": "the value does not read as this field",
        "empty_value": "the value is empty; whether there is one is asked with is set, is not set",
        "bad_days": f"days are a whole number from 0 to {MAX_DAYS:,}",
        "bad_percent": "a sample is above 0 and at most 100 per cent, with at most two decimals",
        "unknown_segment": "there is no such segment",
        "segment_cycle": "the segment refers back to itself",
        "broken_segment": "the condition of this segment has a problem itself",
        "too_many_segments": (
            f"with the conditions of its segments it has more than {MAX_EXPANDED:,} parts, or "
            "they lie too deep within each other"
        ),
    }
)


class ConditionProblem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something wrong with a condition.

    `path` and `part` name the place in the tree, `start` and `end` that in the text, where there is
    one. `expected` says what could stand there.
    """

    code: str
    message: str
    path: Path = ()
    part: Part = "node"
    start: int | None = None
    end: int | None = None
    expected: tuple[str, ...] = ()


def condition_problem(
    code: str, path: Path = (), part: Part = "node", expected: Sequence[str] = ()
) -> ConditionProblem:
    """A problem in the words of its code."""
    return ConditionProblem(code, CONDITION_PROBLEMS[code], path, part, expected=tuple(expected))


def text_problem(
    code: str, start: int, end: int, expected: Sequence[str] = ()
) -> InvalidConditionError:
    """The failure to read a text as a condition, with the place in the text."""
    message = CONDITION_PROBLEMS[code]
    if expected:
        # A single word is meant as it stands; more of them describe what is meant.
        shown = [word if " " in word else f'"{word}"' for word in expected]
        message = f"expected {any_of_words(shown)}"
    problem = ConditionProblem(code, message, start=start, end=end, expected=tuple(expected))
    return InvalidConditionError((problem,))


def tell_problem(problem: PlacedProblem) -> list[str]:
    """What is wrong and, where that does not say it already, what could stand there instead."""
    if not problem.expected or problem.message.startswith("expected "):
        return [problem.message]
    return [problem.message, f"expected {any_of_words(problem.expected)}"]


def any_of_words(words: Sequence[str]) -> str:
    """The words as a choice: `a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
