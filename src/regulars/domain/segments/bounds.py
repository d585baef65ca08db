"""How large a condition may be: the guard before anything walks through its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.segments.problem import condition_problem
from regulars.domain.segments.tree import MAX_NESTING, MAX_NODES, walk
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Condition


def check_bounds(tree: Condition) -> None:
    """Raise `InvalidConditionError` for a tree with too many nodes or too deep ones.

    Takes trees of any size, and stops early.
    """
    for number, (path, nesting, _) in enumerate(walk(tree), start=1):
        if number > MAX_NODES:
            code = "too_many_parts"
        elif nesting > MAX_NESTING:
            code = "too_deep"
        else:
            continue
        raise InvalidConditionError((condition_problem(code, path),))
