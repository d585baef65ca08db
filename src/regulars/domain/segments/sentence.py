"""A condition as a plain English sentence (SPEC section 11).

Owns how conditions are said; what an operator says stands in its table. Every field and value of
the condition is in the sentence. A field is called by its name, or as `label` calls it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.segments.bounds import check_bounds
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.problem import any_of_words, condition_problem
from regulars.domain.segments.tree import All, Any, InSegment, Not, Sample, Test
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.segments.tree import Condition

    Label = Callable[[CompiledField], str]

_UNQUOTED: Final = frozenset(
    {"boolean", "integer", "number", "date", "datetime", "day_of_year", "country_code",
     "language_code"}
)  # fmt: skip
"""The types whose values need no quotes to be told from the words around them."""


def _name(field: CompiledField) -> str:
    return field.name


def explain(tree: Condition, schema: Schema, label: Label = _name) -> str:
    """What a condition asks for, as a sentence.

    Raises `InvalidConditionError` for a tree out of bounds and for a test of no known form.
    """
    return f"Customers where {say(tree, schema, label)}."


def say(tree: Condition, schema: Schema, label: Label = _name) -> str:
    """The same as a part of a sentence: `country is FI`. Raises as `explain`."""
    check_bounds(tree)
    return _say(tree, schema, label)


def _say(node: Condition, schema: Schema, label: Label) -> str:
    match node:
        case All(parts):
            return " and ".join(_say_part(part, schema, label) for part in parts)
        case Any(parts):
            return " or ".join(_say_part(part, schema, label) for part in parts)
        case Not(part):
            return f"it is not so that {_say_part(part, schema, label)}"
        case Test():
            return _say_test(node, schema, label)
        case InSegment(name):
            return f"the customer is in the segment “{name}”"
        case Sample(percent):
            return f"the customer is in a fixed sample of {percent} % of all customers"


def _say_part(part: Condition, schema: Schema, label: Label) -> str:
    # A group is in brackets even where the text form needs none: "and" before "or" is no English.
    said = _say(part, schema, label)
    return f"({said})" if isinstance(part, All | Any) else said


def _say_test(test: Test, schema: Schema, label: Label) -> str:
    operator = OPERATORS.get(test.operator)
    if operator is None or not operator.fits(test.operands, test.days):
        raise InvalidConditionError([condition_problem("unfit_operands", part="operator")])
    field = schema.find(test.field)
    is_plain = field is not None and field.type in _UNQUOTED
    shown = [value if is_plain else f"“{value}”" for value in test.operands]
    if field is not None and field.type == "money":
        shown = [f"{value} cents" for value in test.operands]
    days = "" if test.days is None else f"{test.days} day" + "s" * (test.days != 1)
    said: dict[str, str] = {
        "field": test.field if field is None else label(field),
        "value": shown[0] if shown else "",
        "values": any_of_words(shown) if shown else "",
        "low": shown[0] if shown else "",
        "high": shown[-1] if shown else "",
        "days": days,
    }
    return operator.sentence.format_map(said)
