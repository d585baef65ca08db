"""The operators of conditions, as one table (SPEC section 11).

Parser, writer, builder, check, sentence, reference page and the compiler to SQL all read it. Owns
what an operator is called and takes; what it means for a value is said by `evaluate`, and what it
means for a column by its SQL. Must not know trees.
"""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.fields.types import EXTERNAL_ID, FIELD_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Takes = Literal["nothing", "value", "pair", "values", "text", "items"]
"""What an operator takes besides days: one value of the field's type, two, or some; any text; the
items of a list."""

_COUNTS: Final[dict[Takes, tuple[int, float]]] = {
    "nothing": (0, 0),
    "value": (1, 1),
    "text": (1, 1),
    "pair": (2, 2),
    "values": (1, math.inf),
    "items": (1, math.inf),
}

ALL_TYPES: Final = frozenset({*FIELD_TYPES, EXTERNAL_ID.name})
ONE_VALUE: Final = ALL_TYPES - LIST_TYPES - {"object"}
TEXTS: Final = frozenset({"string", "email", "phone_number"})
DAYS: Final = frozenset({"date", "datetime"})
ORDERED: Final = frozenset({"integer", "number", "money"}) | DAYS
YEARLY: Final = DAYS | {"day_of_year"}


class Operator(msgspec.Struct, frozen=True):
    """One operator.

    `form` is its text behind the field's name, with `{value}`, `{values}` and `{days}` for what it
    takes. `sentence` has `{low}` and `{high}` for a pair. An operator that `negates` another one is
    the plain opposite of it, also for a missing value, and has no meaning or SQL of its own.

    `sql` is true, false or, for a missing value, NULL, over the row of a customer: `{column}` is
    the field's column, `{day}` its day, `{column_value}` and the like are the column or the day,
    whichever that value is compared with. `{any_item}` and `{all_items}` say that a list holds one
    or all of the values, `{old}` and `{new}` compare the value with one of the history. The other
    names stand for bound values.
    """

    name: str
    form: str
    types: frozenset[str]
    takes: Takes
    sentence: str
    sql: str = ""
    negates: str | None = None

    @property
    def takes_days(self) -> bool:
        """Whether a number of days belongs to it."""
        return "{days}" in self.form

    def fits(self, operands: Sequence[str], days: int | None) -> bool:
        """Whether there are as many operands and days as it takes."""
        least, most = _COUNTS[self.takes]
        return least <= len(operands) <= most and (days is not None) == self.takes_days


def _operator(name: str, form: str, kind: tuple[frozenset[str], Takes], *words: str) -> Operator:
    return Operator(name, form, *kind, *words)


def _opposite(of: Operator, name: str, form: str, sentence: str) -> Operator:
    return Operator(name, form, of.types, of.takes, sentence, negates=of.name)


_BECAME: Final = """
CASE WHEN id IN (SELECT customer FROM history WHERE field = {key})
THEN id IN (
    SELECT made.id
    FROM (
        SELECT
            customer,
            bool_or(day >= {days_ago} AND {new} AND {old} IS NOT TRUE) AS did,
            arg_min(coalesce({old}, false), version) AS was
        FROM history
        WHERE field = {key}
        GROUP BY customer
    ) AS past
    JOIN customer AS made ON made.id = past.customer
    WHERE did OR was AND {differs_from_missing} AND {created_day} >= {days_ago}
)
ELSE {created_day} >= {days_ago} AND {differs_from_missing} AND {column_value} = {value}
END
"""
"""In a change; or when the customer was made, with the value of today where it never changed, else
with the one before the first change."""

_CHANGED: Final = """
id IN (
    SELECT customer
    FROM history
    WHERE field = {key} AND day >= {days_ago} AND old IS DISTINCT FROM new
)
"""

# fmt: off
_IS = _operator("is", "= {value}", (ONE_VALUE, "value"),
    "{field} is {value}", "{column_value} = {value}")
_IS_ONE_OF = _operator("is_one_of", "in {values}", (ONE_VALUE, "values"),
    "{field} is one of {values}", "{column_values} IN ({values})")
_HAS_ANY = _operator("has_any", "has any {values}", (LIST_TYPES, "items"),
    "{field} has any of {values}", "{any_item}")
_IS_SET = _operator("is_set", "is set", (ALL_TYPES, "nothing"),
    "{field} is set", "{column} IS NOT NULL")

_TABLE: Final = (
    _IS,
    _opposite(_IS, "is_not", "!= {value}", "{field} is not {value}"),
    _IS_ONE_OF,
    _opposite(_IS_ONE_OF, "is_none_of", "not in {values}", "{field} is none of {values}"),
    _operator("contains", "contains {value}", (TEXTS, "text"),
        "{field} contains {value}", "contains({column}, {value})"),
    _operator("starts_with", "starts with {value}", (TEXTS, "text"),
        "{field} starts with {value}", "starts_with({column}, {value})"),
    _operator("ends_with", "ends with {value}", (TEXTS, "text"),
        "{field} ends with {value}", "ends_with({column}, {value})"),
    _operator("less", "< {value}", (ORDERED, "value"),
        "{field} is less than {value}", "{column_value} < {value}"),
    _operator("at_most", "<= {value}", (ORDERED, "value"),
        "{field} is at most {value}", "{column_value} <= {value}"),
    _operator("more", "> {value}", (ORDERED, "value"),
        "{field} is more than {value}", "{column_value} > {value}"),
    _operator("at_least", ">= {value}", (ORDERED, "value"),
        "{field} is at least {value}", "{column_value} >= {value}"),
    _operator("between", "between {value} and {value}", (ORDERED, "pair"),
        "{field} is between {low} and {high}",
        "{column_low} >= {low} AND {column_high} <= {high}"),
    _operator("in_last", "in last {days} days", (DAYS, "nothing"),
        "{field} is in the last {days}", "{day} >= {days_ago} AND {day} <= {today}"),
    _operator("in_next", "in next {days} days", (DAYS, "nothing"),
        "{field} is in the next {days}", "{day} >= {today} AND {day} <= {days_ahead}"),
    _operator("longer_ago", "more than {days} days ago", (DAYS, "nothing"),
        "{field} is more than {days} ago", "{day} < {days_ago}"),
    _operator("anniversary_today", "anniversary today", (YEARLY, "nothing"),
        "the anniversary of {field} is today", "{day_of_year} IN ({anniversaries})"),
    _operator("anniversary_in_next", "anniversary in next {days} days", (YEARLY, "nothing"),
        "the anniversary of {field} is in the next {days}",
        "{day_of_year} IN ({anniversaries})"),
    _HAS_ANY,
    _operator("has_all", "has all {values}", (LIST_TYPES, "items"),
        "{field} has all of {values}", "{all_items}"),
    _opposite(_HAS_ANY, "has_none", "has none {values}", "{field} has none of {values}"),
    _IS_SET,
    _opposite(_IS_SET, "is_not_set", "is not set", "{field} is not set"),
    _operator("became", "became {value} in last {days} days", (ONE_VALUE, "value"),
        "{field} became {value} in the last {days}", _BECAME),
    _operator("changed", "changed in last {days} days", (ALL_TYPES, "nothing"),
        "{field} changed in the last {days}", _CHANGED),
)
# fmt: on

OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {operator.name: operator for operator in _TABLE}
)


def operators_for(type_name: str) -> tuple[Operator, ...]:
    """The operators that fit a type of field, in the order of the table."""
    return tuple(operator for operator in _TABLE if type_name in operator.types)
