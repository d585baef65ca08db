"""Inputs of conditions: what they show, and what comes back from them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import EXTERNAL_ID, FIELD_TYPES, ReadingContext
from regulars.domain.segments.operators import OPERATORS, Operator
from regulars.domain.segments.tree import All, Condition, InSegment, Not, Sample, Test
from regulars.errors import InvalidConditionError
from regulars.services.value_suggestions import SuggestedValue
from regulars.web.condition_draft import (
    Draft,
    condition_of,
    draft_of,
    fit_draft,
    read_draft,
    split_values,
)
from regulars.web.condition_inputs import ConditionRow, label_operator, make_row
from regulars.web.field_labels import group_fields, label_field
from regulars.web.forms import Form
from regulars.web.rendering import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.site import Visit

OWN = [CompanyField(f"ACME__a_{name}", name, "declared", as_given=False) for name in FIELD_TYPES]
SCHEMA = Schema("acme", ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"), OWN)
HOSTILE = '"><img src=x onerror=alert(1)>, <script>'
VALUES = {"value": ("12-x",), "text": (" a, b ",), "pair": ("1", "2"), "nothing": ()}


class Inputs(HTMLParser):
    """What a browser would send of a piece of a form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.sent.append((self._select, given["value"]))
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.sent.append((given["name"], given.get("value", "")))


def show(row: ConditionRow) -> str:
    template = TEMPLATES.get_template("condition_row_alone.html")
    return template.render(page={"row": row}, visitor=None, csrf_field="")


def back(condition: Condition, suggested: Sequence[SuggestedValue] = ()) -> Condition:
    """The condition that comes of the inputs that show one."""
    draft = draft_of(condition)
    assert draft is not None
    row = make_row(
        SCHEMA, draft, suggested=suggested, segments=["VIPs", HOSTILE], prefix="0-1-",
    )  # fmt: skip
    form = Form(Inputs(show(row)).sent)
    return condition_of(read_draft(form, "0-1-"), SCHEMA)


def conditions_with(operator: Operator) -> list[Condition]:
    values = VALUES.get(operator.takes, ("Fi", "a, b", HOSTILE))
    days = 30 if operator.takes_days else None
    names = [f"ACME__a_{name}" for name in sorted(operator.types - {EXTERNAL_ID.name})]
    return [Test(name, operator.name, values, days) for name in names]


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=list(OPERATORS))
def test_every_condition_comes_back_from_its_inputs(operator: Operator) -> None:
    for condition in conditions_with(operator):
        assert back(condition) == condition


@pytest.mark.parametrize(
    "condition", [InSegment("VIPs"), InSegment(HOSTILE), Not(InSegment("Gone")), Sample("7.5")]
)
def test_segments_and_samples_come_back_from_their_inputs(condition: Condition) -> None:
    assert back(condition) == condition


@pytest.mark.parametrize(
    ("field", "given", "shown"),
    [
        ("can_email", "Yes", "true"),
        ("can_email", "0", "false"),
        ("country", "fi", "FI"),
        ("language", "SV", "sv"),
        ("country", "xx", "xx"),
        ("last_login", "2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
    ],
)
def test_a_value_is_found_among_its_choices_however_it_is_written(
    field: str, given: str, shown: str
) -> None:
    assert back(Test(field, "is", (given,))) == Test(field, "is", (shown,))
    frequent = [SuggestedValue("FI", 3)] if field == "country" else []
    assert back(Test(field, "is", (given,)), frequent) == Test(field, "is", (shown,))


def test_values_that_are_frequent_are_ticked_and_those_typed_are_kept() -> None:
    condition = Test("tags", "has_any", ("vip", "own, thing"))
    frequent = [SuggestedValue("VIP", 20), SuggestedValue("garden", 3)]
    assert back(condition, frequent) == Test("tags", "has_any", ("own, thing", "VIP"))
    typed = Form([("field", "tags"), ("operator", "has_any"), ("more", 'a, "b, c" , d'),
                  ("value", "vip"), ("value", "a")])  # fmt: skip
    assert read_draft(typed).values == ("vip", "a", "b, c", "d")


def test_values_from_customers_are_no_markup() -> None:
    for draft in (
        Draft("city", "is", (HOSTILE,)),
        Draft("tags", "has_any", (HOSTILE,)),
        Draft("segment", "in", (HOSTILE,)),
    ):
        row = make_row(SCHEMA, draft, suggested=[SuggestedValue(HOSTILE, 1)], problems=(HOSTILE,))
        assert not {"img", "script"} & set(Inputs(show(row)).tags)


def test_another_field_keeps_what_fits_it() -> None:
    days = Draft("last_login", "in_last", (), "30")
    assert fit_draft(with_field(days, "birth_date"), SCHEMA) == Draft(
        "birth_date", "in_last", (), "30"
    )
    assert fit_draft(with_field(days, "city"), SCHEMA) == Draft("city", "is", ("",))
    assert fit_draft(with_field(days, "no_such_field"), SCHEMA) == Draft()


def with_field(draft: Draft, field: str) -> Draft:
    return Draft(field, draft.operator, draft.values, draft.days)


def test_a_group_has_no_single_row() -> None:
    assert draft_of(All((InSegment("a"), InSegment("b")))) is None


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft(), "unknown_field"),
        (Draft("city", "matches", ("x",)), "unknown_operator"),
        (Draft("last_login", "in_last", (), "a week"), "bad_days"),
        (Draft("tags", "has_any"), "empty_value"),
    ],
)
def test_what_is_not_finished_is_no_condition(draft: Draft, code: str) -> None:
    with pytest.raises(InvalidConditionError) as caught:
        condition_of(draft, SCHEMA)
    assert caught.value.problems[0].code == code


def test_everything_has_a_name() -> None:
    shown = [field.name for group in group_fields(SCHEMA) for field in group.fields]
    assert sorted(shown) == sorted(field.name for field in SCHEMA.fields.values())
    assert label_field(SCHEMA, "ACME__a_set") == "A set"
    for name, operator in OPERATORS.items():
        for type_name in operator.types:
            assert label_operator(name, type_name)


def test_typed_values_stand_between_commas() -> None:
    assert split_values(' a,b ,, "c, d"') == ["a", "b", "c, d"]
    assert split_values('"open') == ["open"]
    assert split_values("") == []


def test_the_server_gives_the_inputs_for_a_field(planner: Visit) -> None:
    reply = planner.submit("/conditions/row/", {"row": "3-", "3-field": "country"})
    assert reply.status_code == 200
    assert "Finland" in reply.text
    assert "Most frequent" in reply.text
    reply = planner.submit(
        "/conditions/row/", {"row": "3-", "3-field": "tags", "3-operator": "has_all"}
    )
    assert 'type="checkbox"' in reply.text
    reply = planner.submit("/conditions/row/", {"row": '"', "field": "country"})
    assert reply.status_code == 400
