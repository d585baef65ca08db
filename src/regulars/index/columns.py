"""The columns of the index: one for each field, named by its key, and a few of its own.

Owns which type a column has and how the values of a page of customers become an array of it. Must
not know statements that read them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.segments.days import local_day
from regulars.domain.segments.search import BETWEEN, SEARCHED_TYPES, searched_texts
from regulars.domain.segments.values import compile_comparable
from regulars.store.rows import from_microseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from regulars.domain.fields.schema import CompiledField, Schema

    Values = Sequence[Any]
    ToArray = Callable[[Values], pa.Array]

CREATED_AT: Final = "created_at"
INSTANT: Final = pa.timestamp("us")
"""In UTC, as all instants of the index."""

_ARROW_TYPES: Final = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "money": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "datetime": INSTANT,
    "list": pa.list_(pa.string()),
    "set": pa.list_(pa.string()),
    "object": pa.bool_(),
}
"""All other types are text."""

_SQL_TYPES: Final = {
    pa.bool_(): "BOOLEAN",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    INSTANT: "TIMESTAMP",
    pa.string(): "VARCHAR",
    pa.list_(pa.string()): "VARCHAR[]",
}

_DAY_LENGTH: Final = len("2015-11-23")
_TIME: Final = slice(len("2015-11-23T"), len("2015-11-23T13:11:23"))
_NEVER: Final = "~"
"""Later than any time, as text."""
_MOST_DAYS: Final = 100_000
"""That are remembered; more than there are in two hundred years."""
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()


class FieldColumns(msgspec.Struct, frozen=True):
    """The columns of one field."""

    key: str
    name: str
    """In documents."""
    type: str
    has_day: bool
    to_array: ToArray
    """From what documents hold, None where they do not."""
    to_days: ToArray
    """The same, for the company's calendar day of an instant."""
    to_texts: Callable[[Values], Values] | None
    """The same, for the text of each customer that words are looked for in, not folded yet; None
    where no words are looked for."""

    @property
    def sql_columns(self) -> dict[str, str]:
        """The type of each column by its name."""
        own = {self.key: _SQL_TYPES[_ARROW_TYPES.get(self.type, pa.string())]}
        return own | {day_column(self.key): "DATE"} if self.has_day else own


def day_column(name: str) -> str:
    """The column with the company's calendar day of the instant in another column."""
    return f"{name} day"


def quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def compile_columns(schema: Schema) -> list[FieldColumns]:
    """The columns of all fields."""
    days = LocalDays(schema.context.timezone)
    return [_compile_field(key, field, days) for key, field in schema.fields.items()]


def _compile_field(key: str, field: CompiledField, days: LocalDays) -> FieldColumns:
    to_array, to_days = _to_array(field), days.of_texts
    if field.as_given:
        compare = compile_comparable(field)
        arrow_type = _ARROW_TYPES.get(field.type, pa.string())

        is_list = field.type in LIST_TYPES

        def to_array(values: Values) -> pa.Array:
            compared = _compared(compare, values)
            return pa.array(map(_each_once, compared) if is_list else compared, arrow_type)

        def to_days(values: Values) -> pa.Array:
            return days.of_instants(_compared(compare, values))

    return FieldColumns(
        key, field.name, field.type, field.type == "datetime", to_array, to_days, _to_texts(field)
    )


def _to_texts(field: CompiledField) -> Callable[[Values], Values] | None:
    if field.type not in SEARCHED_TYPES:
        return None
    if not field.as_given and field.type not in LIST_TYPES:
        return lambda values: values
    return lambda values: [
        None if value is None else BETWEEN.join(searched_texts(field, value)) for value in values
    ]


def _compared(compare: Callable[[Any], Any], values: Values) -> list[Any]:
    return [None if value is None else compare(value) for value in values]


def _to_array(field: CompiledField) -> ToArray:
    """For canonical values: the same as `compile_comparable`, but all of them at once."""
    if field.type == "external_id":
        return _as_they_are(pa.string())
    if field.type in LIST_TYPES:
        return _lists
    if field.type == "object":
        return _presences
    arrow_type = _ARROW_TYPES.get(field.type)
    if arrow_type is None:
        return _texts
    if field.type == "datetime":
        return to_instants
    return _from_texts(arrow_type) if field.type == "date" else _as_they_are(arrow_type)


def _as_they_are(arrow_type: pa.DataType) -> ToArray:
    return lambda values: pa.array(values, arrow_type)


def _from_texts(arrow_type: pa.DataType) -> ToArray:
    return lambda values: pa.array(values, pa.string()).cast(arrow_type)


def to_instants(values: Values) -> pa.Array:
    """From canonical texts such as `2015-11-23T13:11:23Z`."""
    return pa.array(values, pa.string()).cast(pa.timestamp("us", "UTC")).cast(INSTANT)


def _texts(values: Values) -> pa.Array:
    # Canonical text is NFC already.
    return pa.array([value and value.lower() for value in values], pa.string())


def _lists(values: Values) -> pa.Array:
    lowered = [value and _each_once([item.lower() for item in value]) for value in values]
    return pa.array(lowered, pa.list_(pa.string()))


def _each_once(items: Sequence[str] | None) -> Sequence[str] | None:
    """Conditions and counts ask whether an item is there, not how often or where."""
    if items is None or len(items) < 2:  # noqa: PLR2004 - one item is there once
        return items
    return list(dict.fromkeys(items))


def _presences(values: Values) -> pa.Array:
    return pa.array([None if value is None else True for value in values], pa.bool_())


class LocalDays:
    """The company's calendar days of instants."""

    def __init__(self, timezone: ZoneInfo) -> None:
        self._timezone: Final = timezone
        self._days: Final[dict[str, tuple[int, str] | None]] = {}
        """By the day in UTC, as text: the local day at its beginning, and the time in UTC from
        which on it is the next one. None where clocks are put."""

    def of_texts(self, values: Values) -> pa.Array:
        """Of canonical texts."""
        if len(self._days) > _MOST_DAYS:
            self._days.clear()
        days = [None if text is None else self._of_text(text) for text in values]
        return pa.array(days, pa.int32()).cast(pa.date32())

    def of_instants(self, instants: Values) -> pa.Array:
        """Of instants with a zone."""
        days = [None if each is None else local_day(each, self._timezone) for each in instants]
        return pa.array(days, pa.date32())

    def of_microseconds(self, instants: Sequence[int]) -> pa.Array:
        """Of microseconds since 1970 UTC; many of a page are the same."""
        days = {each: local_day(from_microseconds(each), self._timezone) for each in set(instants)}
        return pa.array([days[each] for each in instants], pa.date32())

    def _of_text(self, text: str) -> int:
        """Days since 1970."""
        day = text[:_DAY_LENGTH]
        try:
            plain = self._days[day]
        except KeyError:
            plain = self._days[day] = self._plain_day(day)
        if plain is None:
            return _days_since_1970(local_day(datetime.fromisoformat(text), self._timezone))
        first, next_from = plain
        return first + (text[_TIME] >= next_from)

    def _plain_day(self, day: str) -> tuple[int, str] | None:
        begin = datetime.fromisoformat(day).replace(tzinfo=UTC)
        try:
            first = begin.astimezone(self._timezone)
            last = begin.replace(hour=23, minute=59, second=59).astimezone(self._timezone)
        except OverflowError:
            return None
        if first.utcoffset() != last.utcoffset():
            return None
        next_from = _NEVER
        if first.date() != last.date():
            midnight = last.replace(hour=0, minute=0, second=0)
            next_from = midnight.astimezone(UTC).time().isoformat()
        return _days_since_1970(first.date()), next_from


def _days_since_1970(day: date) -> int:
    return day.toordinal() - _EPOCH_DAY
