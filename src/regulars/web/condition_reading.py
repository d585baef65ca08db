"""Groups and rows as a condition, as far as they are finished, and what is wrong with the others.

Owns which of them can be counted by themselves, and where problems are shown. Must not know forms
or how customers are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.types import Unreadable
from regulars.domain.segments.check import check_condition
from regulars.domain.segments.operands import read_operand
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.problem import CONDITION_PROBLEMS
from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import Not, all_of, any_of
from regulars.errors import InvalidConditionError
from regulars.web.condition_draft import SEVERAL, Draft, condition_of, draft_of
from regulars.web.condition_form import Group, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.check import FindSegment
    from regulars.domain.segments.tree import Condition
    from regulars.domain.segments.tree import Path as TreePath
    from regulars.errors import PlacedProblem
    from regulars.web.condition_form import Node, Path

NO_FIELD: Final = "Choose a field."
NO_PART: Final = "This group is empty. Add a condition to it, or remove it."
_CHOSEN_TYPES: Final = frozenset({"boolean", "country_code", "language_code"})
"""Whose values are chosen from a list, which has one spelling of each."""


class ReadForm(msgspec.Struct, frozen=True):
    """What groups and rows say. `conditions` are those that can be asked, by their paths, the whole
    at the path `()` where all can; `problems` say what is wrong with the others; `unfinished` are
    those that only want to be filled in.
    """

    conditions: dict[Path, Condition]
    problems: dict[Path, tuple[str, ...]]
    unfinished: frozenset[Path]

    @property
    def tree(self) -> Condition | None:
        """The whole condition; None where something is wrong or missing."""
        return self.conditions.get(())


def read_tree(root: Group, schema: Schema, find_segment: FindSegment) -> ReadForm:
    """The condition that groups and rows say, checked against fields and segments."""
    reader = _Reader(schema, find_segment)
    whole = reader.node(root, ())
    if whole is not None:
        reader.check_whole(root, whole)
    return ReadForm(reader.conditions, reader.problems, frozenset(reader.unfinished))


def condition_of_row(row: Row, schema: Schema) -> Condition:
    """The condition of a row: the very one that it was made of, as long as it says the same.
    Raises `InvalidConditionError`.
    """
    if row.kept:
        kept = read_condition(row.kept).tree
        made_of = draft_of(kept)
        if made_of is not None and _says_the_same(row.draft, made_of, schema):
            return kept
    return condition_of(row.draft, schema)


class _Reader:
    def __init__(self, schema: Schema, find_segment: FindSegment) -> None:
        self.conditions: dict[Path, Condition] = {}
        self.problems: dict[Path, tuple[str, ...]] = {}
        self.unfinished: set[Path] = set()
        self._schema = schema
        self._find_segment = find_segment

    def node(self, node: Node, path: Path) -> Condition | None:
        condition = self._row(node, path) if isinstance(node, Row) else self._group(node, path)
        if condition is not None:
            self.conditions[path] = condition
        return condition

    def check_whole(self, root: Group, whole: Condition) -> None:
        """What only all of it together can be: too long, too deep, too much."""
        try:
            check_condition(whole, self._schema, self._find_segment)
        except InvalidConditionError as error:
            del self.conditions[()]
            for problem in error.problems:
                self._add(find_path(root, problem.path), [problem])

    def _row(self, row: Row, path: Path) -> Condition | None:
        if not row.draft.field:
            self.problems[path] = (NO_FIELD,)
            self.unfinished.add(path)
            return None
        try:
            condition = condition_of_row(row, self._schema)
            check_condition(condition, self._schema, self._find_segment)
        except InvalidConditionError as error:
            self._add(path, error.problems)
            if _is_unfinished(row.draft):
                self.unfinished.add(path)
            return None
        return condition

    def _group(self, group: Group, path: Path) -> Condition | None:
        found = [self.node(part, (*path, number)) for number, part in enumerate(group.parts)]
        if not found:
            self.problems[path] = (NO_PART,)
            self.unfinished.add(path)
            return None
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return None
        if group.join == "all":
            return all_of(parts)
        return Not(any_of(parts)) if group.join == "none" else any_of(parts)

    def _add(self, path: Path, problems: Iterable[PlacedProblem]) -> None:
        told = dict.fromkeys([*self.problems.get(path, ()), *map(tell_problem, problems)])
        self.problems[path] = tuple(told)


def find_path(root: Group, tree_path: TreePath) -> Path:
    """Where a node of the tree of some groups and rows is shown."""
    node: Node = root
    path: Path = ()
    rest = list(tree_path)
    while True:
        # A group of one part is no node of the tree, and a negated group of several is two.
        if isinstance(node, Group) and node.join == "none" and rest:
            rest.pop(0)
            if len(node.parts) > 1 and not rest:
                return path
        if isinstance(node, Row) or not node.parts or (len(node.parts) > 1 and not rest):
            return path
        number = rest.pop(0) if len(node.parts) > 1 else 0
        path, node = (*path, number), node.parts[number]


def tell_problem(problem: PlacedProblem) -> str:
    """What is wrong, as a sentence or two."""
    said = [problem.message]
    if problem.code not in CONDITION_PROBLEMS or problem.code == "bad_value":
        said += problem.expected
    return " ".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in said if text)


def _is_unfinished(draft: Draft) -> bool:
    """Whether an input of the row was not filled in yet."""
    operator = OPERATORS.get(draft.operator)
    if operator is not None and operator.takes_days and not draft.days:
        return True
    takes_values = operator is None or operator.takes != "nothing"
    return takes_values and not (draft.values and all(map(str.strip, draft.values)))


def _says_the_same(draft: Draft, other: Draft, schema: Schema) -> bool:
    """Whether two drafts are one condition, however inputs spell it: a line of text has no breaks,
    and what is chosen from a list has one spelling.
    """
    if (draft.field, draft.operator, draft.days) != (other.field, other.operator, other.days):
        return False
    mine, others = ([_unbroken(value) for value in each.values] for each in (draft, other))
    if mine == others:
        return True
    field, operator = schema.find(draft.field), OPERATORS.get(draft.operator)
    if field is None or operator is None:
        return False
    try:
        read_mine, read_others = (
            [read_operand(field, operator.takes, value) for value in values]
            for values in (mine, others)
        )
    except Unreadable:
        return False
    if operator.takes in SEVERAL:
        return set(read_mine) == set(read_others)
    return field.type in _CHOSEN_TYPES and read_mine == read_others


def _unbroken(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")
