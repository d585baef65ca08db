"""Check of a condition against a company's fields (SPEC section 11).

Owns what a tree may ask for: anything unknown is a problem at its place, never a condition that
holds for everyone. Must not know SQL or customers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.types import Unreadable
from regulars.domain.fields.types.text import is_bad_text
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.domain.segments.bounds import check_bounds
from regulars.domain.segments.checked import (
    Checked,
    CheckedAll,
    CheckedAny,
    CheckedNode,
    CheckedNot,
    CheckedSample,
    CheckedSegment,
    CheckedTest,
    measure,
)
from regulars.domain.segments.days import MAX_DAYS
from regulars.domain.segments.operands import EMPTY, read_operand
from regulars.domain.segments.operators import OPERATORS, operators_for
from regulars.domain.segments.problem import MAX_EXPANDED, ConditionProblem, condition_problem
from regulars.domain.segments.text import write_condition
from regulars.domain.segments.tree import (
    MAX_LENGTH,
    All,
    Any,
    Condition,
    InSegment,
    Not,
    Sample,
    Test,
    segment_key,
)
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.segments.operators import Operator
    from regulars.domain.segments.problem import Part, Places
    from regulars.domain.segments.tree import Path
    from regulars.domain.segments.values import Comparable

    FindSegment = Callable[[str], Condition | None]

_MAX_DEPTH: Final = 120
"""Most nodes within each other, those of segments counted: what recursion takes."""
_PERCENT: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")


def check_condition(
    tree: Condition, schema: Schema, find_segment: FindSegment, places: Places | None = None
) -> Checked:
    """The condition with fields, operators and typed values in place of texts.

    `find_segment` gives the condition of a segment by its name, in whatever case, or None.
    `places`, of a condition that was read from text, puts places in the text into problems. Raises
    `InvalidConditionError` with all problems.
    """
    check = _TreeCheck(_Company(schema, find_segment))
    root = check.run(tree)
    if root is None:
        raise InvalidConditionError([_placed(problem, places or {}) for problem in check.problems])
    return Checked(root, schema.context.timezone)


def no_segments(_name: str) -> None:
    """Finds no segment, for conditions that may refer to none."""


def _placed(problem: ConditionProblem, places: Places) -> ConditionProblem:
    start, end = places.get((problem.path, problem.part), (None, None))
    return msgspec.structs.replace(problem, start=start, end=end)


class _Company:
    """What trees are checked against: fields, and segments, each of which is checked once."""

    def __init__(self, schema: Schema, find_segment: FindSegment) -> None:
        self.schema = schema
        self.depth = 0
        """How many nodes lie around the one being checked."""
        self._find_segment = find_segment
        self._known: dict[str, CheckedNode | str] = {}
        self._within: set[str] = set()

    def check_segment(self, name: str) -> CheckedNode | str:
        """The checked condition of a segment, or the code of the problem of referring to it."""
        key = segment_key(name)
        if key in self._within:
            return "segment_cycle"
        if key not in self._known:
            self._within.add(key)
            self._known[key] = self._check_unknown(name)
            self._within.remove(key)
        return self._known[key]

    def _check_unknown(self, name: str) -> CheckedNode | str:
        tree = None if is_bad_text(name) else self._find_segment(name)
        if tree is None:
            return "unknown_segment"
        check = _TreeCheck(self)
        checked = check.run(tree)
        if checked is not None:
            return checked
        codes = {problem.code for problem in check.problems}
        # These two are not mended in the other segment alone.
        passed_on = codes & {"segment_cycle", "too_many_segments"}
        return min(passed_on, default="broken_segment")


class _TreeCheck:
    """The check of one tree; its problems are those of that tree's own nodes."""

    def __init__(self, company: _Company) -> None:
        self.problems: list[ConditionProblem] = []
        self._company = company

    def run(self, tree: Condition) -> CheckedNode | None:
        """The checked tree; None where there are problems."""
        try:
            check_bounds(tree)
        except InvalidConditionError as error:
            self.problems = [each for each in error.problems if isinstance(each, ConditionProblem)]
            return None
        checked = self._node(tree, ())
        if checked is None or self.problems:
            return None
        if len(write_condition(tree)) > MAX_LENGTH:
            self._add("too_long", ())
            return None
        if measure(checked)[0] > MAX_EXPANDED:
            self._add("too_many_segments", ())
            return None
        return checked

    def _add(self, code: str, path: Path, part: Part = "node", *expected: str) -> None:
        self.problems.append(condition_problem(code, path, part, expected))

    def _node(self, node: Condition, path: Path) -> CheckedNode | None:
        self._company.depth += 1
        try:
            match node:
                case All() | Any():
                    return self._group(node, path)
                case Not():
                    part = self._node(node.part, (*path, 0))
                    return None if part is None else CheckedNot(part, node)
                case Test():
                    return self._test(node, path)
                case InSegment():
                    return self._segment(node, path)
                case Sample():
                    return self._sample(node, path)
        finally:
            self._company.depth -= 1

    def _group(self, node: All | Any, path: Path) -> CheckedNode | None:
        checked = [self._node(part, (*path, number)) for number, part in enumerate(node.parts)]
        parts = tuple(part for part in checked if part is not None)
        if len(parts) < len(checked):
            return None
        return CheckedAll(parts, node) if isinstance(node, All) else CheckedAny(parts, node)

    def _segment(self, node: InSegment, path: Path) -> CheckedNode | None:
        company = self._company
        found: CheckedNode | str = "too_many_segments"
        if company.depth < _MAX_DEPTH:
            found = company.check_segment(node.name)
        if isinstance(found, str):
            self._add(found, path, 0)
            return None
        size, depth = measure(found)
        if company.depth + depth > _MAX_DEPTH:
            self._add("too_many_segments", path, 0)
            return None
        return CheckedSegment(found, size, depth, node)

    def _sample(self, node: Sample, path: Path) -> CheckedNode | None:
        percent = Decimal(node.percent) if _PERCENT.fullmatch(node.percent) else Decimal(0)
        if not 0 < percent <= 100:  # noqa: PLR2004 - per cent
            self._add("bad_percent", path, 0)
            return None
        return CheckedSample(int(percent * 100), node)

    def _test(self, node: Test, path: Path) -> CheckedNode | None:
        operator = OPERATORS.get(node.operator)
        if operator is None:
            self._add("unknown_operator", path, "operator", *OPERATORS)
        elif not operator.fits(node.operands, node.days):
            self._add("unfit_operands", path, "operator", operator.form)
        elif operator.takes_days and not 0 <= (node.days or 0) <= MAX_DAYS:
            self._add("bad_days", path, "days")
        field = self._company.schema.find(node.field)
        if field is None:
            self._add("unknown_field", path, "field")
        if field is None or operator is None:
            return None
        if field.type not in operator.types:
            forms = [each.form for each in operators_for(field.type)]
            self._add("unfit_operator", path, "operator", *forms)
            return None
        values = [
            self._operand(field, operator, text, (path, number))
            for number, text in enumerate(node.operands)
        ]
        known = tuple(value for value in values if value is not None)
        return CheckedTest(field, operator, known, node)

    def _operand(
        self, field: CompiledField, operator: Operator, text: str, place: tuple[Path, int]
    ) -> Comparable | None:
        try:
            return read_operand(field, operator.takes, text)
        except Unreadable as unreadable:
            if unreadable.code == EMPTY:
                self._add(EMPTY, *place)
                return None
            kind = PROBLEM_KINDS[unreadable.code]
            problem = condition_problem("bad_value", *place, (kind.suggestion,))
            self.problems.append(msgspec.structs.replace(problem, message=kind.message))
            return None
