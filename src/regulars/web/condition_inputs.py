"""The inputs of a condition on one field: which there are for which field and operator.

Owns names, kinds and labels of inputs, for the row of filters and for the builder of segments;
`condition_row.html` shows them. Must not know what becomes of a condition.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.fields.types import Unreadable
from regulars.domain.segments.operands import read_operand
from regulars.domain.segments.operators import OPERATORS
from regulars.web import field_labels
from regulars.web.code_names import country_names, language_names, name_code
from regulars.web.condition_draft import (
    IN_SAMPLE,
    IN_SEGMENT,
    NOT_IN_SEGMENT,
    SAMPLE,
    SEGMENT,
    SEVERAL,
    Draft,
    fit_draft,
    operator_names,
)
from regulars.web.field_labels import group_fields, label_field

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.segments.operators import Takes
    from regulars.domain.segments.values import Comparable
    from regulars.services.value_suggestions import SuggestedValue

Kind = Literal["text", "number", "date", "choice"]

OPERATOR_LABELS: Final = {
    "is": "is",
    "is_not": "is not",
    "is_one_of": "is one of",
    "is_none_of": "is none of",
    "contains": "contains",
    "starts_with": "starts with",
    "ends_with": "ends with",
    "less": "is less than",
    "at_most": "is at most",
    "more": "is more than",
    "at_least": "is at least",
    "between": "is between",
    "in_last": "is in the last … days",
    "in_next": "is in the next … days",
    "longer_ago": "is longer ago than … days",
    "anniversary_today": "has its anniversary today",
    "anniversary_in_next": "has its anniversary in the next … days",
    "has_any": "has any of",
    "has_all": "has all of",
    "has_none": "has none of",
    "is_set": "is set",
    "is_not_set": "is not set",
    "became": "became … in the last … days",
    "changed": "changed in the last … days",
    IN_SEGMENT: "is",
    NOT_IN_SEGMENT: "is not",
    IN_SAMPLE: "of all customers",
}
_DAY_LABELS: Final = {
    "less": "is before",
    "at_most": "is on or before",
    "more": "is after",
    "at_least": "is on or after",
}
_KINDS: Final[dict[str, Kind]] = {
    "integer": "number",
    "number": "number",
    "money": "number",
    "boolean": "choice",
    "country_code": "choice",
    "language_code": "choice",
    "date": "date",
    "datetime": "date",
}
_HINTS: Final = {"money": "In cents", "day_of_year": "As MM/DD", "number": "With a point"}
_BOOLEANS: Final = {"1": "true", "yes": "true", "0": "false", "no": "false"}
_MOST_TICKS: Final = 12
_is_day: Final = re.compile(r"(?:\d{4}-\d\d-\d\d)?").fullmatch
is_prefix: Final = re.compile(r"[a-z0-9-]{0,80}").fullmatch
"""What names of inputs may begin with: the number of a row, its place in a tree."""


class Choice(msgspec.Struct, frozen=True):
    """A value that can be chosen, and what it is called."""

    value: str
    label: str
    detail: str = ""


class ChoiceGroup(msgspec.Struct, frozen=True):
    """Choices under a common name; without one where they need none."""

    label: str
    choices: list[Choice]


class ValueInput(msgspec.Struct, frozen=True):
    """An input of one value; `suggestions` are values that somebody who types may want."""

    name: str
    kind: Kind
    label: str
    value: str
    groups: list[ChoiceGroup] = []
    suggestions: list[Choice] = []
    hint: str = ""


class Tick(msgspec.Struct, frozen=True):
    """A value of several, to tick; `customers` have it, where that is known."""

    value: str
    label: str
    is_ticked: bool
    customers: int | None = None


class ConditionRow(msgspec.Struct, frozen=True):
    """A row of inputs. The names of all begin with `prefix`."""

    prefix: str
    field: str
    field_label: str
    fields: list[ChoiceGroup]
    operator: str
    operators: list[Choice]
    inputs: list[ValueInput]
    ticks: list[Tick] | None
    """None where not several values are asked for."""
    days: str | None
    """None where no days are asked for."""
    problems: tuple[str, ...] = ()


def make_row(
    schema: Schema,
    draft: Draft,
    *,
    suggested: Sequence[SuggestedValue] = (),
    segments: Iterable[str] = (),
    prefix: str = "",
    problems: tuple[str, ...] = (),
) -> ConditionRow:
    """The inputs for a draft. `suggested` are frequent values of its field, `segments` the names of
    all segments that it may refer to.
    """
    draft = fit_draft(draft, schema)
    field = schema.find(draft.field)
    operator = OPERATORS.get(draft.operator) if field is not None else None
    has_several = operator is not None and operator.takes in SEVERAL
    inputs: list[ValueInput] = []
    if draft.field == SEGMENT:
        inputs = [_segment_input(prefix, draft, segments)]
    elif draft.field == SAMPLE:
        inputs = [ValueInput(f"{prefix}value", "number", "Per cent", "".join(draft.values))]
    elif field is not None and operator is not None and not has_several:
        inputs = _value_inputs(prefix, field, draft, suggested)
    return ConditionRow(
        prefix=prefix,
        field=draft.field,
        field_label=_place_label(schema, draft.field),
        fields=_field_choices(schema, draft.field),
        operator=draft.operator,
        operators=[
            Choice(name, label_operator(name, "" if field is None else field.type))
            for name in operator_names(draft.field, schema)
        ],
        inputs=inputs,
        ticks=_ticks(field, draft, suggested) if field is not None and has_several else None,
        days=draft.days if operator is not None and operator.takes_days else None,
        problems=problems,
    )


def label_operator(name: str, type_name: str) -> str:
    """What an operator is called where it stands behind a field of that type."""
    if type_name in ("date", "datetime") and name in _DAY_LABELS:
        return _DAY_LABELS[name]
    return OPERATOR_LABELS[name]


def _place_label(schema: Schema, field: str) -> str:
    return {SEGMENT: "Segment", SAMPLE: "Sample"}.get(field) or label_field(schema, field)


def _field_choices(schema: Schema, chosen: str) -> list[ChoiceGroup]:
    groups = [
        ChoiceGroup(
            group.label,
            [Choice(each.name.lower(), label_field(schema, each.name)) for each in group.fields],
        )
        for group in group_fields(schema)
        # No living customer is deleted or forgotten: asked only where somebody has asked before.
        if group.label != field_labels.STATE_GROUP or chosen in {each.name for each in group.fields}
    ]
    others = [Choice(SEGMENT, "Segment"), Choice(SAMPLE, "Sample")]
    return [*groups, ChoiceGroup("Other", others)]


def _segment_input(prefix: str, draft: Draft, segments: Iterable[str]) -> ValueInput:
    choices = [ChoiceGroup("", [Choice(name, name) for name in segments])]
    value, groups = _with_chosen(choices, "".join(draft.values))
    return ValueInput(f"{prefix}value", "choice", "Segment", value, groups)


def _value_inputs(
    prefix: str, field: CompiledField, draft: Draft, suggested: Sequence[SuggestedValue]
) -> list[ValueInput]:
    operator = OPERATORS[draft.operator]
    labels = ("From", "To") if operator.takes == "pair" else ("Value",)
    kind: Kind = "text" if operator.takes == "text" else _KINDS.get(field.type, "text")
    if kind == "date" and not all(map(_is_day, draft.values)):
        # An instant, or what is no day: it is shown as it was written.
        kind = "text"
    suggestions = []
    if operator.takes == "value" and kind != "choice":
        suggestions = [Choice(f"{each.value}", f"{each.value}") for each in suggested]
    hint = _HINTS.get(field.type, "")
    inputs = []
    for label, given in zip(labels, draft.values, strict=False):
        value, groups = _choices(field, given, suggested) if kind == "choice" else (given, [])
        inputs.append(ValueInput(f"{prefix}value", kind, label, value, groups, suggestions, hint))
    return inputs


def _choices(
    field: CompiledField, value: str, suggested: Sequence[SuggestedValue]
) -> tuple[str, list[ChoiceGroup]]:
    if field.type == "boolean":
        choices = [Choice("true", "Yes"), Choice("false", "No")]
        return _with_chosen([ChoiceGroup("", choices)], _BOOLEANS.get(value.lower(), value))
    names = country_names() if field.type == "country_code" else language_names()
    frequent = [
        Choice(f"{each.value}", name_code(field.type, f"{each.value}")) for each in suggested
    ]
    told = {each.value for each in frequent}
    others = [Choice(code, name) for code, name in names.items() if code not in told]
    groups = [ChoiceGroup("", others)]
    if frequent:
        groups = [ChoiceGroup("Most frequent", frequent), ChoiceGroup("All others", others)]
    return _with_chosen(groups, value)


def _with_chosen(groups: list[ChoiceGroup], value: str) -> tuple[str, list[ChoiceGroup]]:
    """The value as it is among the choices, in whatever case it was written; what is not there to
    choose is kept all the same.
    """
    for group in groups:
        for choice in group.choices:
            if choice.value.lower() == value.strip().lower():
                return choice.value, groups
    return value, [ChoiceGroup("", [Choice(value, value)]), *groups] if value else groups


def _ticks(field: CompiledField, draft: Draft, suggested: Sequence[SuggestedValue]) -> list[Tick]:
    takes = OPERATORS[draft.operator].takes
    chosen = {_compared(field, takes, value): value for value in draft.values}
    ticks = []
    for each in suggested[:_MOST_TICKS]:
        value = f"{each.value}"
        is_ticked = chosen.pop(_compared(field, takes, value), None) is not None
        ticks.append(Tick(value, name_code(field.type, value), is_ticked, each.customers))
    further = [Tick(value, name_code(field.type, value), is_ticked=True)
               for value in chosen.values()]  # fmt: skip
    return [*further, *ticks]


def _compared(field: CompiledField, takes: Takes, value: str) -> Comparable:
    """What a value is compared as, so that two spellings of it are one tick; itself, where it
    cannot be read.
    """
    try:
        return read_operand(field, takes, value)
    except Unreadable:
        return value
