"""The report of an import: how many records did what, and what was wrong (SPEC section 4).

Owns counting, and which problems are kept. Grows batch by batch, bounded in size whatever the
import's. Must not know how it is stored or sent.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.records.problem import PROBLEM_KINDS, Problem, Severity

if TYPE_CHECKING:
    from regulars.domain.imports.decision import Decision

LISTED_PROBLEMS: Final = 100
_MOST_GROUPS: Final = 1000
_ONCE_AN_IMPORT: Final = frozenset({"unknown_field", "bad_field_name", "too_many_fields"})
"""Codes that are kept once for each name, with their count."""


class ProblemGroup(msgspec.Struct):
    """All problems of one code and field."""

    code: str
    field: str | None
    severity: Severity
    count: int
    first_record: int


class Report(msgspec.Struct):
    """What an import did so far."""

    records: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    ignored: int = 0
    customers_changed: int = 0
    removed: int = 0
    """Of the customers that an undo changed, those that are gone; the records count as updated."""
    last_version: int = 0
    """The company's last version behind the last batch: no change of the import is newer."""
    warnings: int = 0
    errors: list[Problem] = msgspec.field(default_factory=list)
    """The first problems that rejected a record."""
    other_problems: list[Problem] = msgspec.field(default_factory=list)
    """The first problems that did not."""
    groups: dict[str, ProblemGroup] = msgspec.field(default_factory=dict)

    def add(self, decision: Decision) -> list[Problem]:
        """Count in what a batch did; gives those of its problems that are kept one by one."""
        self.records += decision.consumed
        for outcome, count in Counter(decision.outcomes).items():
            setattr(self, outcome, getattr(self, outcome) + count)
        self.customers_changed += decision.customers_changed
        self.last_version = decision.position.last_version
        return [problem for problem in decision.problems if self._add_problem(problem)]

    @property
    def problems(self) -> list[Problem]:
        """The first problems, errors first."""
        return (self.errors + self.other_problems)[:LISTED_PROBLEMS]

    def list_groups(self, severity: Severity) -> list[ProblemGroup]:
        """The groups of one severity, most frequent first."""
        groups = [group for group in self.groups.values() if group.severity == severity]
        return sorted(groups, key=lambda group: (-group.count, group.first_record))

    def count_of(self, problem: Problem) -> int:
        """How often a listed problem occurred: more than once only for those kept once."""
        group = self.groups.get(_group_key(problem))
        return group.count if group is not None and problem.code in _ONCE_AN_IMPORT else 1

    def _add_problem(self, problem: Problem) -> bool:
        """Count in a problem; False where it is kept already."""
        kind = PROBLEM_KINDS[problem.code]
        is_once = problem.code in _ONCE_AN_IMPORT
        key = _group_key(problem)
        group = self.groups.get(key)
        if group is None and is_once and len(self.groups) >= _MOST_GROUPS:
            # A hostile file may name a field of its own in every record: the report stays small.
            return self._count_other_name(problem)
        if group is not None:
            group.count += 1
            if is_once:
                return False
        elif len(self.groups) < _MOST_GROUPS:
            self.groups[key] = ProblemGroup(
                problem.code, problem.field, kind.severity, 1, problem.record
            )
        if kind.severity == "warning":
            self.warnings += 1
        listed = self.errors if kind.severity == "error" else self.other_problems
        if len(listed) < LISTED_PROBLEMS:
            listed.append(problem)
        return True

    def _count_other_name(self, problem: Problem) -> bool:
        """All names of a code past those that there is room for are one group without a name."""
        key = _group_key(Problem(problem.code, problem.record))
        group = self.groups.get(key)
        if group is None:
            severity = problem.kind.severity
            self.groups[key] = ProblemGroup(problem.code, None, severity, 1, problem.record)
        else:
            group.count += 1
        return False


def _group_key(problem: Problem) -> str:
    return f"{problem.code} {problem.field or ''}"
