"""A condition on one field as a form has it: perhaps not finished, perhaps wrong.

Owns how a form becomes a condition and back. Must not know how inputs look, nor whether fields and
values are there: the check of conditions tells.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.operators import OPERATORS, operators_for
from regulars.domain.segments.problem import condition_problem
from regulars.domain.segments.tree import InSegment, Not, Sample, Test
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.tree import Condition
    from regulars.web.forms import Form

SEGMENT: Final = "segment"
SAMPLE: Final = "sample"
"""In the place of a field: no field has these names, which the language has for itself."""
IN_SEGMENT: Final = "in"
NOT_IN_SEGMENT: Final = "not_in"
IN_SAMPLE: Final = "of"

SEVERAL: Final = frozenset({"values", "items"})
"""What an operator takes where there may be any number of values."""
_COUNT_OF: Final = {"value": 1, "text": 1, "pair": 2}
_MOST_DIGITS: Final = 9


class Draft(msgspec.Struct, frozen=True):
    """What is chosen so far: the field's key, the operator's name, values and days as texts."""

    field: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    days: str = ""


def read_draft(form: Form, prefix: str = "") -> Draft:
    """What the inputs hold whose names begin with a prefix; see `condition_row.html`."""
    operator = form.text(f"{prefix}operator")
    values = [value for name, value in form.items() if name == f"{prefix}value"]
    if _takes(operator) in SEVERAL:
        values = [*filter(None, map(str.strip, values)), *split_values(form.text(f"{prefix}more"))]
    return Draft(
        form.text(f"{prefix}field").lower(),
        operator,
        tuple(dict.fromkeys(values)) if _takes(operator) in SEVERAL else tuple(values),
        form.text(f"{prefix}days"),
    )


def split_values(text: str) -> list[str]:
    """Values that were typed with commas between them; one that holds a comma is in quotes."""
    line = " ".join(text.split())
    return [value.strip() for row in csv.reader([line], skipinitialspace=True) for value in row
            if value.strip()]  # fmt: skip


def fit_draft(draft: Draft, schema: Schema) -> Draft:
    """The draft with an operator that fits its field, and as many values as that one takes: what
    remains when another field or operator was chosen.
    """
    names = operator_names(draft.field, schema)
    if not names:
        return Draft()
    operator = draft.operator if draft.operator in names else names[0]
    takes = _takes(operator)
    values = draft.values
    if takes not in SEVERAL:
        count = _COUNT_OF.get(takes, 0)
        values = (*values, "", "")[:count]
    takes_days = operator in OPERATORS and OPERATORS[operator].takes_days
    return Draft(draft.field, operator, values, draft.days if takes_days else "")


def operator_names(field: str, schema: Schema) -> tuple[str, ...]:
    """The operators that a field has; none where there is no such field."""
    if field == SEGMENT:
        return (IN_SEGMENT, NOT_IN_SEGMENT)
    if field == SAMPLE:
        return (IN_SAMPLE,)
    found = schema.find(field)
    return () if found is None else tuple(each.name for each in operators_for(found.type))


def condition_of(draft: Draft, schema: Schema) -> Condition:
    """The condition that is drafted. Raises `InvalidConditionError` where it has no form; whether
    it can be asked, the check tells.
    """
    first = draft.values[0] if draft.values else ""
    if draft.field == SEGMENT:
        inside = InSegment(first)
        return Not(inside) if draft.operator == NOT_IN_SEGMENT else inside
    if draft.field == SAMPLE:
        return Sample(first.strip().removesuffix("%").strip())
    field = schema.find(draft.field)
    if field is None:
        raise InvalidConditionError([condition_problem("unknown_field", part="field")])
    operator = OPERATORS.get(draft.operator)
    if operator is None:
        raise InvalidConditionError([condition_problem("unknown_operator", part="operator")])
    days = _read_days(draft.days) if operator.takes_days else None
    values = draft.values if operator.takes != "nothing" else ()
    if operator.takes in SEVERAL and not values:
        raise InvalidConditionError([condition_problem("empty_value", part=0)])
    return Test(field.name, operator.name, values, days)


def draft_of(condition: Condition) -> Draft | None:
    """The draft of a condition that one row of inputs can hold; None of another one."""
    match condition:
        case Test(field, operator, operands, days):
            return Draft(
                field.strip().lower(), operator, operands, "" if days is None else f"{days}"
            )
        case InSegment(name):
            return Draft(SEGMENT, IN_SEGMENT, (name,))
        case Not(InSegment(name)):
            return Draft(SEGMENT, NOT_IN_SEGMENT, (name,))
        case Sample(percent):
            return Draft(SAMPLE, IN_SAMPLE, (percent,))
        case _:
            return None


def _takes(operator: str) -> str:
    if operator in (IN_SEGMENT, NOT_IN_SEGMENT, IN_SAMPLE):
        return "value"
    found = OPERATORS.get(operator)
    return "nothing" if found is None else found.takes


def _read_days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise InvalidConditionError([condition_problem("bad_days", part="days")])
    return int(text)
