"""The meaning of conditions: whether one holds for one customer (SPEC section 11).

Owns what each operator means. It is the reference that the SQL is held against, so it says plainly
what is asked for. Must not know stores or columns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.types import Value
from regulars.domain.segments.checked import (
    CheckedAll,
    CheckedAny,
    CheckedNot,
    CheckedSample,
    CheckedSegment,
    CheckedTest,
    is_whole_day,
)
from regulars.domain.segments.days import (
    anniversaries,
    day_of_year,
    days_after,
    days_before,
    local_day,
)
from regulars.domain.segments.values import comparable, compile_recorded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from regulars.domain.segments.checked import Checked, CheckedNode
    from regulars.domain.segments.values import Comparable


class PastChange(msgspec.Struct, frozen=True):
    """A change of a customer: the values before and after of the fields that it wrote, by name.

    What is missing in `before` was not set; None in `after` removed the field. `before` is None
    where the change made the customer.
    """

    at: datetime
    before: Mapping[str, Value | None] | None
    after: Mapping[str, Value | None]


class Subject(msgspec.Struct, frozen=True):
    """A living customer: its fields as stored, its number for samples, its changes in order."""

    id: int
    fields: Mapping[str, Value]
    sample: int
    history: Sequence[PastChange] = ()


def evaluate(checked: Checked, subject: Subject, now: datetime) -> bool:
    """Whether a condition holds for a customer, `now` being an instant with zone."""
    return Evaluation(checked, subject, now).holds(checked.root)


class Evaluation:
    """A condition held against one customer at one time."""

    def __init__(self, checked: Checked, subject: Subject, now: datetime) -> None:
        self.subject: Final = subject
        self.timezone: Final = checked.timezone
        self.today: Final = local_day(now, checked.timezone)

    def holds(self, node: CheckedNode) -> bool:
        """Whether a node of the condition holds."""
        match node:
            case CheckedAll():
                return all(self.holds(part) for part in node.parts)
            case CheckedAny():
                return any(self.holds(part) for part in node.parts)
            case CheckedNot():
                return not self.holds(node.part)
            case CheckedTest():
                # A negative operator is the plain opposite, so also holds for a missing value.
                meaning = node.operator.negates or node.operator.name
                return self._holds(meaning, node) != bool(node.operator.negates)
            case CheckedSegment():
                return self.holds(node.part)
            case CheckedSample():
                return self.subject.sample < node.below

    def _holds(self, meaning: str, test: CheckedTest) -> bool:
        stored = self.subject.fields.get(test.field.name)
        match meaning:
            case "is_set":
                # The one question that tells an unset permission from a false one.
                return stored is not None and comparable(test.field, stored) is not None
            case "became":
                return self._became(test)
            case "changed":
                return self._changed(test)
            case _:
                found = self._compare(stored, test)
                return found is not None and _OF_VALUE[meaning](_Found(found, test, self))

    # Changes

    def _became(self, test: CheckedTest) -> bool:
        """Whether the field went from anything else to the value of the test."""
        name = test.field.name
        return any(
            self._is_value(change.after[name], test)
            and not self._is_value((change.before or {}).get(name), test)
            for change in self._recent_changes(test)
        )

    def _changed(self, test: CheckedTest) -> bool:
        """Whether the field went from one value, or none, to another; not when it was made."""
        name = test.field.name
        record = compile_recorded(test.field, self.timezone)
        return any(
            change.before is not None
            and record(change.before.get(name)) != record(change.after[name])
            for change in self._recent_changes(test)
        )

    def _is_value(self, stored: Value | None, test: CheckedTest) -> bool:
        (wanted,) = test.values
        found = self._compare(stored, test)
        return found is not None and _Found(found, test, self).beside(wanted) == wanted

    def _compare(self, stored: Value | None, test: CheckedTest) -> Comparable | None:
        found = None if stored is None else comparable(test.field, stored)
        return False if found is None and test.is_never_missing else found

    def _recent_changes(self, test: CheckedTest) -> Iterator[PastChange]:
        """The changes that wrote the field of a test, within its days."""
        first = days_before(self.today, test.days)
        for change in self.subject.history:
            if test.field.name in change.after and local_day(change.at, self.timezone) >= first:
                yield change


class _Found:
    """A value that was found, beside what a test asks for.

    The check has seen to it that values of one field compare with one another.
    """

    __slots__ = ("_timezone", "test", "today", "value")

    def __init__(self, value: Comparable, test: CheckedTest, evaluation: Evaluation) -> None:
        self.value: Final[Any] = value
        self.test: Final = test
        self.today: Final = evaluation.today
        self._timezone: Final = evaluation.timezone

    @property
    def wanted(self) -> tuple[Any, ...]:
        """The values of the test."""
        return self.test.values

    @property
    def day(self) -> date:
        """The company's day of the value, which is a date or an instant."""
        if isinstance(self.value, datetime):
            return local_day(self.value, self._timezone)
        day: date = self.value
        return day

    def beside(self, wanted: Comparable) -> Any:  # noqa: ANN401 - of the type of what is wanted
        """What is compared with a wanted value: the day, where that is a day."""
        return self.day if is_whole_day(self.test, wanted) else self.value


def _compared(by: Callable[[Any, Any], bool]) -> Callable[[_Found], bool]:
    """The meaning of an operator with one value."""

    def holds(found: _Found) -> bool:
        (wanted,) = found.wanted
        return by(found.beside(wanted), wanted)

    return holds


def _is_one_of(found: _Found) -> bool:
    return any(found.beside(wanted) == wanted for wanted in found.wanted)


def _is_between(found: _Found) -> bool:
    low, high = found.wanted
    return bool(found.beside(low) >= low and found.beside(high) <= high)


def _is_in_last(found: _Found) -> bool:
    return days_before(found.today, found.test.days) <= found.day <= found.today


def _is_in_next(found: _Found) -> bool:
    return found.today <= found.day <= days_after(found.today, found.test.days)


def _is_longer_ago(found: _Found) -> bool:
    return found.day < days_before(found.today, found.test.days)


def _has_anniversary(found: _Found) -> bool:
    is_yearly = found.test.field.type == "day_of_year"
    day = found.value if is_yearly else day_of_year(found.day)
    return day in anniversaries(found.today, found.test.days)


_OF_VALUE: Final[Mapping[str, Callable[[_Found], bool]]] = {
    "is": _compared(operator.eq),
    "is_one_of": _is_one_of,
    "contains": _compared(operator.contains),
    "starts_with": _compared(str.startswith),
    "ends_with": _compared(str.endswith),
    "less": _compared(operator.lt),
    "at_most": _compared(operator.le),
    "more": _compared(operator.gt),
    "at_least": _compared(operator.ge),
    "between": _is_between,
    "in_last": _is_in_last,
    "in_next": _is_in_next,
    "longer_ago": _is_longer_ago,
    "anniversary_today": _has_anniversary,
    "anniversary_in_next": _has_anniversary,
    "has_any": lambda found: not set(found.wanted).isdisjoint(found.value),
    "has_all": lambda found: set(found.wanted).issubset(found.value),
}
