"""The text form of conditions, written: reading it gives the very same tree (SPEC section 11).

Owns where brackets and quotes are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.domain.segments.bounds import check_bounds
from regulars.domain.segments.forms import DAYS, VALUE, VALUES
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.problem import condition_problem
from regulars.domain.segments.text_reader import JOINING, LEADING
from regulars.domain.segments.tokens import is_bare, quoted
from regulars.domain.segments.tree import All, Any, InSegment, Not, Sample, Test, needs_brackets
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.segments.tree import Condition, Path


def write_condition(tree: Condition) -> str:
    """The text of a condition.

    Raises `InvalidConditionError` for a tree out of bounds and for a test that has no text: of an
    unknown operator, or with too few or too many values.
    """
    check_bounds(tree)
    return _write(tree, ())


def write_value(text: str) -> str:
    """A value as it stands in the text: in quotes only where it needs them."""
    return text if is_bare(text) and text.lower() not in JOINING else quoted(text)


def _write(node: Condition, path: Path) -> str:
    match node:
        case All(parts):
            return " and ".join(_write_parts(node, parts, path))
        case Any(parts):
            return " or ".join(_write_parts(node, parts, path))
        case Not(part):
            return f"not {next(_write_parts(node, (part,), path))}"
        case Test():
            return _write_test(node, path)
        case InSegment(name):
            return f"segment {quoted(name)}"
        case Sample(percent):
            return f"sample {write_value(percent)} %"


def _write_parts(node: Condition, parts: tuple[Condition, ...], path: Path) -> Iterator[str]:
    for number, part in enumerate(parts):
        text = _write(part, (*path, number))
        yield f"({text})" if needs_brackets(node, part) else text


def _write_test(node: Test, path: Path) -> str:
    operator = OPERATORS.get(node.operator)
    if operator is None:
        raise InvalidConditionError([condition_problem("unknown_operator", path, "operator")])
    if not operator.fits(node.operands, node.days):
        raise InvalidConditionError([condition_problem("unfit_operands", path, "operator")])
    bare = is_bare(node.field) and node.field.lower() not in LEADING
    words = [node.field if bare else quoted(node.field)]
    operands = map(write_value, node.operands)
    for word in operator.form.split():
        if word == VALUE:
            words.append(next(operands))
        elif word == VALUES:
            words.append(f"({', '.join(operands)})")
        elif word == DAYS:
            words.append(str(node.days))
        elif word == "days" and node.days == 1:
            words.append("day")
        else:
            words.append(word)
    return " ".join(words)
