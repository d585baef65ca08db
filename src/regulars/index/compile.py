"""Conditions as SQL over the tables of an index (SPEC section 11, DESIGN section 4).

Owns how the templates of the operator table are filled in: columns by one quoting function, values
bound, never written into the statement. Must not know how tables are filled or files kept.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.checked import (
    CheckedAll,
    CheckedAny,
    CheckedNot,
    CheckedSample,
    CheckedSegment,
    CheckedTest,
    is_whole_day,
)
from regulars.domain.segments.days import anniversaries, days_after, days_before, local_day
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.values import recorded, recorded_day, recorded_instant
from regulars.index.columns import CREATED_AT, day_column, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from regulars.domain.segments.checked import Checked, CheckedNode
    from regulars.domain.segments.values import Comparable

_FEW: Final = 8
"""Values that are compared one after the other; of more a table is made, which takes the same time
however many they are."""
_NAME: Final = re.compile(r"\{(\w+)\}")


def compile_condition(checked: Checked, moment: datetime) -> tuple[str, list[object]]:
    """A condition as an expression over the table `customer`, with the values to bind in order.

    `moment`, an instant with zone, says which day is today. The expression is true for the
    customers for whom the condition holds; for others it is false or NULL, so it belongs into a
    WHERE or FILTER as it is.
    """
    compiler = _Compiler(local_day(moment, checked.timezone))
    return compiler.compile(checked.root), compiler.bound


class _Compiler:
    """Writes SQL from left to right, gathering the values to bind in that order."""

    def __init__(self, today: date) -> None:
        self.today: Final = today
        self.bound: Final[list[object]] = []

    def compile(self, node: CheckedNode) -> str:
        """The expression of a node, in brackets."""
        match node:
            case CheckedAll():
                return self._join(" AND ", node.parts)
            case CheckedAny():
                return self._join(" OR ", node.parts)
            case CheckedNot():
                return _opposite(self.compile(node.part))
            case CheckedTest():
                return self._test(node)
            case CheckedSegment():
                return self.compile(node.part)
            case CheckedSample():
                return f"(sample < {self.bind(node.below)})"

    def bind(self, value: object) -> str:
        """The place of a value."""
        self.bound.append(_as_in_column(value))
        return "?"

    def bind_all(self, values: Iterable[object]) -> str:
        """The place of a list of values."""
        self.bound.append(list(map(_as_in_column, values)))
        return "?"

    def _join(self, word: str, parts: Iterable[CheckedNode]) -> str:
        return f"({word.join(map(self.compile, parts))})"

    def _test(self, test: CheckedTest) -> str:
        if test.operator.negates:
            positive = OPERATORS[test.operator.negates]
            return _opposite(self._positive(msgspec.structs.replace(test, operator=positive)))
        return self._positive(test)

    def _positive(self, test: CheckedTest) -> str:
        alike = [test]
        if test.operator.takes == "values":
            # Days and instants of one list are compared with different columns.
            alike = [
                msgspec.structs.replace(test, values=values)
                for values in _days_apart(test)
                if values
            ]
        return f"({' OR '.join(_Template(self, each).fill() for each in alike)})"


def _as_in_column(value: object) -> object:
    # The columns hold instants without zone, in UTC.
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _days_apart(test: CheckedTest) -> tuple[tuple[Comparable, ...], tuple[Comparable, ...]]:
    days = tuple(value for value in test.values if is_whole_day(test, value))
    return days, tuple(value for value in test.values if not is_whole_day(test, value))


def _opposite(sql: str) -> str:
    # What is NULL, for a missing value, does not hold, so its opposite does.
    return f"({sql} IS NOT TRUE)"


class _Template:
    """Fills in the SQL of one test."""

    def __init__(self, compiler: _Compiler, test: CheckedTest) -> None:
        self._compiler = compiler
        self._test = test

    def fill(self) -> str:
        """The template of the operator with what its names stand for."""
        return _NAME.sub(self._piece, self._test.operator.sql).strip()

    def _piece(self, name: re.Match[str]) -> str:
        return _PIECES[name[1]](self)

    # Columns

    def column(self) -> str:
        test = self._test
        column = quoted(test.key)
        if test.is_never_missing and False in test.values:
            # Where only true counts, NULL is as good as false, and a bare column is quicker.
            return f"coalesce({column}, false)"
        return column

    def day(self) -> str:
        is_instant = self._test.field.type == "datetime"
        return quoted(day_column(self._test.key)) if is_instant else self.column()

    def column_for(self, number: int) -> str:
        """The column that one of the values is compared with."""
        is_day = is_whole_day(self._test, self._test.values[number])
        return self.day() if is_day else self.column()

    def day_of_year(self) -> str:
        if self._test.field.type == "day_of_year":
            return self.column()
        return f"(month({self.day()}) * 100 + day({self.day()}))"

    # Values

    def value(self, number: int) -> str:
        return self._compiler.bind(self._test.values[number])

    def values(self) -> str:
        values = self._test.values
        if len(values) > _FEW:
            return f"SELECT unnest({self._compiler.bind_all(values)})"
        return ", ".join(map(self._compiler.bind, values))

    def items(self, joined: str, having: str) -> str:
        """Whether a list holds one or all of the values: few are joined; of many it is counted
        which ones it holds.
        """
        column, items = self.column(), dict.fromkeys(self._test.values)
        if len(items) <= _FEW:
            bind = self._compiler.bind
            return joined.join(f"list_contains({column}, {bind(item)})" for item in items)
        return (
            f"id IN (SELECT id FROM (SELECT id, unnest({column}) AS item FROM customer)"
            f" WHERE item IN (SELECT unnest({self._compiler.bind_all(items)}))"
            f"{having.format(len(items))})"
        )

    def anniversaries(self) -> str:
        days = sorted(anniversaries(self._compiler.today, self._test.days))
        if self._test.field.type == "day_of_year":
            return ", ".join(map(self._compiler.bind, days))
        return ", ".join(self._compiler.bind(int(day.replace("/", ""))) for day in days)

    def today(self) -> str:
        return self._compiler.bind(self._compiler.today)

    def days_ago(self) -> str:
        return self._compiler.bind(days_before(self._compiler.today, self._test.days))

    def days_ahead(self) -> str:
        return self._compiler.bind(days_after(self._compiler.today, self._test.days))

    # History

    def key(self) -> str:
        return self._compiler.bind(self._test.key)

    def differs_from_missing(self) -> str:
        is_false = self._test.is_never_missing and self._test.values == (False,)
        return self._compiler.bind(not is_false)

    def recorded_in(self, column: str) -> str:
        """Whether a column of the history holds the value of the test."""
        (value,) = self._test.values
        bind = self._compiler.bind
        match value:
            case datetime():
                return f"starts_with({column}, {bind(recorded_instant(value))})"
            case date() if self._test.field.type == "datetime":
                return f"ends_with({column}, {bind(recorded_day(value))})"
            case _:
                return f"({column} = {bind(recorded(value, UTC))})"


_PIECES: Final[dict[str, Callable[[_Template], str]]] = {
    "column": _Template.column,
    "column_value": lambda template: template.column_for(0),
    "column_values": lambda template: template.column_for(0),
    "column_low": lambda template: template.column_for(0),
    "column_high": lambda template: template.column_for(1),
    "day": _Template.day,
    "day_of_year": _Template.day_of_year,
    "created_day": lambda _: quoted(day_column(CREATED_AT)),
    "value": lambda template: template.value(0),
    "low": lambda template: template.value(0),
    "high": lambda template: template.value(1),
    "values": _Template.values,
    "any_item": lambda template: template.items(" OR ", ""),
    "all_items": lambda template: template.items(
        " AND ", " GROUP BY id HAVING count(DISTINCT item) = {}"
    ),
    "anniversaries": _Template.anniversaries,
    "today": _Template.today,
    "days_ago": _Template.days_ago,
    "days_ahead": _Template.days_ahead,
    "key": _Template.key,
    "differs_from_missing": _Template.differs_from_missing,
    "old": lambda template: template.recorded_in("old"),
    "new": lambda template: template.recorded_in("new"),
}
"""What each name in a template is written as."""
