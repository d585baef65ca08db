"""The report of an import: how many records did what, and what was wrong (SPEC section 4).

Owns counting, and which problems are kept. Grows batch by batch, bounded in size whatever the
import's. Must not know how it is stored or sent.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.records.problem import Problem, ProblemKind, Severity, kind_of

if TYPE_CHECKING:
    from regulars.domain.imports.decision import Decision

LISTED_PROBLEMS: Final = 100
_MOST_NAMES: Final = 1000
"""Groups that the names in a body make, and as many that all other problems of fields make: a
hostile body takes no room from what is wrong with known fields."""
_ONCE_AN_IMPORT: Final = frozenset({"unknown_field", "bad_field_name", "too_many_fields"})
"""Codes that are kept once for each name, with their count."""


class ProblemGroup(msgspec.Struct):
    """All problems of one code, field and cause."""

    code: str
    field: str | None
    severity: Severity
    count: int
    first_record: int
    cause: str | None = None

    @property
    def kind(self) -> ProblemKind:
        """The words for its problems."""
        return kind_of(self.code, self.cause)


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
    named_groups: int = 0
    """How many of the groups are of names that the company does not know."""
    counted: int = 0
    """While an import is planned or counted, how many of its records were; they have done nothing
    yet."""

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
        return group.count if group is not None and _is_once(problem) else 1

    def _add_problem(self, problem: Problem) -> bool:
        """Count in a problem; False where it is kept already."""
        if not self._count(problem) and _is_once(problem):
            return False
        severity = problem.severity
        if severity == "warning":
            self.warnings += 1
        listed = self.errors if severity == "error" else self.other_problems
        if len(listed) < LISTED_PROBLEMS:
            listed.append(problem)
        return True

    def _count(self, problem: Problem) -> bool:
        """Count in a problem in its group; whether it is the first of a group of its own."""
        key, field = _group_key(problem), problem.field
        group = self.groups.get(key)
        is_own = group is None and self._has_room(problem)
        if group is None and not is_own:
            # A hostile file may name a field of its own in every record: the report stays small.
            # All of a code past those that there is room for are one group without a field.
            key, field = _group_key(msgspec.structs.replace(problem, field=None)), None
            group = self.groups.get(key)
        if group is None:
            self.groups[key] = ProblemGroup(
                problem.code, field, problem.severity, 1, problem.record, problem.cause
            )
            self.named_groups += problem.code in _ONCE_AN_IMPORT
        else:
            group.count += 1
        return is_own

    def _has_room(self, problem: Problem) -> bool:
        """Whether there may be one more group; that of a code without a field is always."""
        is_named = problem.code in _ONCE_AN_IMPORT
        alike = self.named_groups if is_named else len(self.groups) - self.named_groups
        return problem.field is None or alike < _MOST_NAMES


def _is_once(problem: Problem) -> bool:
    """Whether it is kept once an import; what rejects a record is told of each."""
    return problem.code in _ONCE_AN_IMPORT and not problem.rejects


def _group_key(problem: Problem) -> str:
    # A name may hold anything: what rejects is told at the beginning. A cause has no field.
    severity = "rejects " if problem.rejects else ""
    return f"{severity}{problem.code} {problem.field or problem.cause or ''}"
