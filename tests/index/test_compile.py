"""What SQL finds is what the reference evaluation says, for every operator, type and value."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.segments.check import check_condition
from regulars.domain.segments.evaluate import PastChange, Subject, evaluate
from regulars.domain.segments.operators import OPERATORS, operators_for
from regulars.domain.segments.tree import All, Any, Condition, InSegment, Not, Test
from regulars.index.compile import compile_condition
from tests.domain.segments.acme import checked, company_schema
from tests.domain.segments.made_up import (
    TIMEZONES,
    WRITTEN,
    conditions,
    moments,
    stored_values,
    subjects,
)
from tests.index.made_up_index import MadeUpIndex
from tests.properties.company import examples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.fields.types import Value
    from regulars.domain.segments.operators import Operator

MINE: Final = Any((Test("city", "contains", ("o",)), Not(Test("tags", "is_set"))))


THEIRS: Final = Not(All((InSegment("mine"), Test("acme__given_number", "changed", (), 30))))


def find_segment(name: str) -> Condition | None:
    segments: dict[str, Condition] = {"mine": MINE, "theirs": THEIRS}
    return segments.get(name.lower())


@cache
def index_of(timezone: str) -> MadeUpIndex:
    """The tables for a company, which examples fill in turn."""
    return MadeUpIndex(company_schema(timezone))


# Hypothesis


@settings(max_examples=examples(150), suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(TIMEZONES), moments())
def test_sql_finds_whom_the_evaluation_finds(
    data: st.DataObject, timezone: str, now: datetime
) -> None:
    index = index_of(timezone)
    schema = index.schema
    customers = [data.draw(subjects(schema, now, number)) for number in range(1, 5)]
    index.fill(customers)

    for tree in data.draw(st.lists(conditions(schema), min_size=1, max_size=8)):
        condition = check_condition(tree, schema, find_segment)
        assert index.find(condition, now) == {
            customer.id for customer in customers if evaluate(condition, customer, now)
        }


# Every operator with every type

FIELDS: Final = (
    "external_id", "email", "phone_number", "city", "can_email", "birth_date", "last_login", "tags",
    "mailing_lists", "is_deleted", "country", "language", "acme__boolean", "acme__integer",
    "acme__number", "acme__money", "acme__day_of_year", "acme__object", "acme__given_boolean",
    "acme__given_integer", "acme__given_number", "acme__given_string", "acme__given_list",
)  # fmt: skip
"""Of each type, with those that are special."""
NEXT_DAY: Final = timedelta(days=1)


@pytest.mark.parametrize("timezone", TIMEZONES)
def test_every_operator_on_every_field_finds_whom_the_evaluation_finds(timezone: str) -> None:
    index = index_of(timezone)
    telling: set[str] = set()
    for field in swept_fields(index.schema):
        customers = list(customers_with(field))
        index.fill(customers)
        for tree, now in product(trees_of(field), (NOW, NOW + NEXT_DAY)):
            condition = check_condition(tree, index.schema, find_segment)
            wanted = {each.id for each in customers if evaluate(condition, each, now)}
            assert index.find(condition, now) == wanted, (tree, now)
            if 0 < len(wanted) < len(customers):
                telling.add(tree.operator)

    # Each operator told some customers from others: the comparison meant something.
    fitting = {
        each.name for field in swept_fields(index.schema) for each in operators_for(field.type)
    }
    assert telling == fitting


def swept_fields(schema: Schema) -> list[CompiledField]:
    """All kinds of fields; in further timezones those whose days depend on it."""
    is_first = schema.context.timezone.key == TIMEZONES[0]
    return [schema.fields[key] for key in (FIELDS if is_first else ("last_login",))]


def trees_of(field: CompiledField) -> Iterator[Test]:
    """Every operator that fits a field, with values alone, in pairs and in threes."""
    for operator in operators_for(field.type):
        days = (0, 1, 2, 365) if operator.takes == "nothing" else (0, 2)
        for operands in operands_of(field, operator):
            for number in days if operator.takes_days else (None,):
                yield Test(field.name, operator.name, operands, number)


def operands_of(field: CompiledField, operator: Operator) -> Sequence[tuple[str, ...]]:
    if operator.takes == "nothing":
        return [()]
    written = WRITTEN[field.type]
    if operator.takes == "pair":
        return list(zip(written, (*written[2:], *written[:2]), strict=True))
    if operator.takes in ("values", "items"):
        # All of them together, and more than are written into the statement one by one.
        many = (written * 3, written[1:] * 3)
        return [*(written[start : start + 3] for start in range(0, len(written), 2)), *many]
    parts = ("o", "Σ", " ", "\u0307", "358", "@") if operator.takes == "text" else ()
    return [(text,) for text in (*written, *parts)]


NOW: Final = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def customers_with(field: CompiledField) -> Iterator[Subject]:
    """Customers that have, had, or never had each value, for long, since today or just not."""
    name = field.name
    numbers = iter(range(1, 10_000))
    values: list[Value | None] = [None]
    if name != "is_deleted":
        values += stored_values(field)
    for number, value in enumerate(values):
        other = values[number - 1]
        for days in ((400,), (0,), (400, 1), (2, 0), (400, 2, 1)):
            states = [value, other, value][-len(days) :]
            yield made_customer(next(numbers), name, dict(zip(days, states, strict=True)))


def made_customer(number: int, name: str, states: dict[int, Value | None]) -> Subject:
    """A customer whose field had these values, by how many days ago that began."""
    history: list[PastChange] = []
    present: Value | None = None
    for days, value in states.items():
        at = NOW - timedelta(days=days, hours=number % 24)
        before = {} if present is None else {name: present}
        if not history:
            history.append(PastChange(at, None, {} if value is None else {name: value}))
        elif value is not None or before:
            history.append(PastChange(at, before, {name: value}))
        present = value
    fields = {} if present is None else {name: present}
    return Subject(number, fields, number * 7 % 10_000, tuple(history))


# By hand


def test_every_operator_is_swept() -> None:
    fields = swept_fields(company_schema(TIMEZONES[0]))

    assert {each for field in fields for each in operators_for(field.type)} == {*OPERATORS.values()}
    assert {each.type for each in company_schema().fields.values()} == {
        each.type for each in fields
    }


def test_values_are_bound_and_names_quoted() -> None:
    sql, bound = compile_condition(
        checked('city = "x\'; DROP TABLE customer" and acme__string != "\\"" and sample 5 %'), NOW
    )

    assert sql == '(("city" = ?) AND (("acme__string" = ?) IS NOT TRUE) AND (sample < ?))'
    assert bound == ["x'; drop table customer", '"', 500]


def test_a_condition_of_the_most_parts_and_depth_runs() -> None:
    index = index_of("UTC")
    index.fill([Subject(1, {"city": "Oslo"}, 0, (PastChange(NOW, None, {"city": "Oslo"}),))])
    wide = " or ".join(["not city = Oslo"] * 499)
    deep = "not (city = a or " * 24 + "not (city = Oslo" + ")" * 25
    countries = ", ".join(["FI", "SE"] * 2_000)

    for text in (wide, f"city = Oslo and {deep}", f"not country in ({countries})"):
        condition = checked(text, index.schema)
        found = evaluate(condition, Subject(1, {"city": "Oslo"}, 0), NOW)
        assert index.find(condition, NOW) == ({1} if found else set())
