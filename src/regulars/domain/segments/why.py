"""Why a condition holds for one customer, or does not: every node with what was found (SPEC 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.segments.checked import CheckedSample, CheckedTest, parts_of
from regulars.domain.segments.evaluate import Evaluation
from regulars.domain.segments.text import write_condition

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.domain.segments.checked import Checked, CheckedNode
    from regulars.domain.segments.evaluate import Subject

_OF_HISTORY: Final = frozenset({"became", "changed"})
_MOST_CHANGES: Final = 10
_PER_CENT: Final = 100


class Why(msgspec.Struct, frozen=True):
    """A node of a condition, held against one customer.

    `text` is its text form. `found` is the value of the field it asks for, None where there is
    none; of a test on history the last changes of that field, newest first, each with `at`,
    `before` and `after`; of a sample the customer's place in it, in per cent.
    """

    text: str
    is_true: bool
    found: object = None
    parts: tuple[Why, ...] = ()


def explain_why(checked: Checked, subject: Subject, now: datetime) -> Why:
    """The truth of every node of a condition for a customer, `now` being an instant with zone."""
    return _explain(checked.root, Evaluation(checked, subject, now))


def _explain(node: CheckedNode, evaluation: Evaluation) -> Why:
    return Why(
        write_condition(node.source),
        evaluation.holds(node),
        _find(node, evaluation.subject),
        tuple(_explain(part, evaluation) for part in parts_of(node)),
    )


def _find(node: CheckedNode, subject: Subject) -> object:
    match node:
        case CheckedTest() if node.operator.name in _OF_HISTORY:
            return _find_changes(node, subject)
        case CheckedTest():
            return _find_value(node, subject)
        case CheckedSample():
            return subject.sample / _PER_CENT
        case _:
            return None


def _find_value(test: CheckedTest, subject: Subject) -> object:
    """The value as it is shown; an unset permission is False, unless that is what is asked."""
    stored = subject.fields.get(test.field.name)
    try:
        value = REMOVE if stored is None else test.field.read_stored(stored)
    except Unreadable:
        value = REMOVE
    if value is not REMOVE:
        return value
    is_asked = test.operator.takes == "nothing"
    return False if test.is_never_missing and not is_asked else None


def _find_changes(test: CheckedTest, subject: Subject) -> list[dict[str, object]]:
    name = test.field.name
    changes = [change for change in subject.history if name in change.after]
    return [
        {
            "at": change.at,
            "before": (change.before or {}).get(name),
            "after": change.after[name],
        }
        for change in reversed(changes[-_MOST_CHANGES:])
    ]
