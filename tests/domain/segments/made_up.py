"""Made-up conditions and customers, for properties of conditions.

Values are drawn from few, so that conditions meet them: texts that Unicode makes awkward, instants
around changes of clocks, days around 29 February.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from regulars.domain.fields.types import REMOVE, Unreadable
from regulars.domain.segments.evaluate import PastChange, Subject
from regulars.domain.segments.operators import OPERATORS, Operator, operators_for
from regulars.domain.segments.tree import All, Condition, InSegment, Not, Sample, Test
from regulars.domain.segments.tree import Any as AnyOf
from tests.domain.segments.acme import company_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from regulars.domain.fields.schema import CompiledField, Schema
    from regulars.domain.fields.types import Value

TIMEZONES: Final = (
    "UTC",
    "Europe/Helsinki",
    "America/Sao_Paulo",  # clocks were changed at midnight
    "America/St_Johns",  # and here at one minute past it
    "Australia/Lord_Howe",  # by half an hour
    "Pacific/Apia",  # skipped 30 December 2011
    "Asia/Kathmandu",
)

INSTANTS: Final = (
    "2026-03-28T22:00:00Z",  # midnight in Helsinki, on the day on which clocks go forward
    "2026-03-29T00:59:59.5Z",
    "2026-03-29T21:30:00Z",
    "2026-10-24T21:00:00Z",  # midnight there on the day on which they go back
    "2026-10-25T22:00:00Z",
    "2018-11-04T02:59:59Z",  # the last second before a day in São Paulo that began at one
    "2018-11-04T03:00:00Z",
    "2018-02-18T02:30:00Z",
    "2009-11-01T02:30:30Z",  # thirty seconds of a new day in St. John's, and the old one again
    "2009-11-01T02:31:00Z",
    "2011-12-30T09:59:59Z",
    "2011-12-30T10:00:00Z",
    "2024-02-28T12:00:00Z",
    "2024-02-29T12:00:00Z",
    "2024-03-01T12:00:00Z",
    "2025-02-28T12:00:00Z",
    "2025-03-01T00:00:00Z",
    "2025-12-31T23:30:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
)
DAYS: Final = (
    *dict.fromkeys(instant[:10] for instant in INSTANTS),
    "2011-12-30",
    "2023-02-28",
)
WORDS: Final = (
    "Oslo", "oslo", "OSLO", "İstanbul", "i̇stanbul", "istanbul", "Straße", "STRASSE", "ΟΔΟΣ",
    "οδος", "οδοσ", "Åsa", "A\u030asa", "asa", "a b", "Ⅷ", "ſ", "ǅ", "100%", "x_y", "new\nline",
    '"', "\\", "and", "O'Brien", "日本", "👩\u200d🚀", "7", "true",
)  # fmt: skip

WRITTEN: Final[Mapping[str, tuple[str, ...]]] = {
    "string": WORDS,
    "external_id": ("A-1", "a-1", "ß", "SS", "7"),
    "email": ("Ada@example.org", "ada@example.org", "bo@example.com", "ÅSA@example.org"),
    "phone_number": ("+358401234567", "040 1234567", "+447757138957"),
    "boolean": ("true", "false", "1", "no"),
    "integer": ("0", "7", "-7", "9223372036854775807", "-9223372036854775808"),
    "number": ("0", "7", "-0.0", "0.1", "1e300", "9007199254740993"),
    "money": ("0", "7", "1995", "-9223372036854775808"),
    "date": DAYS,
    "datetime": (*INSTANTS, *DAYS, "2026-03-29 03:30", "2026-10-25T03:30"),
    "day_of_year": ("02/28", "02/29", "03/01", "12/31", "01/01"),
    "country_code": ("FI", "fi", "SWE"),
    "language_code": ("en", "en-GB", "SV"),
    "list": WORDS,
    "set": WORDS,
}
"""What values are written like, in records and in conditions."""

GIVEN: Final[tuple[Any, ...]] = (
    True,
    7,
    7.0,
    0.1,
    "7",
    "007",
    "Oslo",
    "OΔΟΣ İ",
    "A\u030asa",
    "true",
    -0.0,
    "-0",
    1e300,
    2**63 - 1,
    -(2**63),
    2**63,
    2**53 + 1,
    "9007199254740993",
    ["a", 7],
    ["oslo", "OSLO", "Oslo"],
    [True, 7.0, "7"],
    ["Oslo"],
    {"a": 1},
)
"""What a field may hold that keeps values as given, whether its type reads them or not."""


_OPERAND_COUNTS: Final = {"nothing": (0, 0), "value": (1, 1), "text": (1, 1), "pair": (2, 2)}


def _stored(field: CompiledField, written: object) -> Value | None:
    try:
        value = field.read_upload(written)
    except Unreadable:
        return None
    return None if value is REMOVE else value


def stored_values(field: CompiledField) -> list[Value]:
    """Values that a customer may have in a field, as stored."""
    if field.as_given:
        return list(GIVEN)
    if field.type == "object":
        return [{}, {"a": 1}, {"a": [1, None]}]
    if field.type in ("list", "set"):
        lists = [list(WORDS[start : start + 3]) for start in range(0, len(WORDS), 2)]
        written: list[object] = [*lists, [*WORDS[:2], *WORDS[:2]]]
    else:
        written = list(WRITTEN[field.type])
    return [value for each in written if (value := _stored(field, each)) is not None]


def operands(field: CompiledField, operator: Operator) -> SearchStrategy[tuple[str, ...]]:
    """Values for an operator, as somebody writes them."""
    if operator.takes == "nothing":
        return st.just(())
    written = st.sampled_from(WRITTEN[field.type])
    if operator.takes == "text":
        written |= st.sampled_from(("o", "Σ", "İ", " ", "\u0307", "%"))
    least, most = _OPERAND_COUNTS.get(operator.takes, (1, 4))
    return st.lists(written, min_size=least, max_size=most).map(tuple)


@st.composite
def field_tests(draw: st.DrawFn, schema: Schema) -> Test:
    """A field with an operator that fits."""
    field = draw(st.sampled_from(list(schema.fields.values())))
    operator = draw(st.sampled_from(operators_for(field.type)))
    name = draw(st.sampled_from((field.name, field.name.upper())))
    days = draw(st.sampled_from((0, 1, 2, 30, 365, 366, 36_500))) if operator.takes_days else None
    return Test(name, operator.name, draw(operands(field, operator)), days)


def conditions(schema: Schema) -> SearchStrategy[Condition]:
    """Conditions that pass the check. They may refer to the segments "Mine" and "Theirs"."""
    percents = st.sampled_from(("0.01", "10", "33.3", "100"))
    leaves = st.one_of(
        field_tests(schema),
        field_tests(schema),
        st.sampled_from((InSegment("Mine"), InSegment("THEIRS"))),
        st.builds(Sample, percents),
    )

    return st.recursive(leaves, _grow, max_leaves=12)


def _grow(parts: SearchStrategy[Condition]) -> SearchStrategy[Condition]:
    groups = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(All, groups), st.builds(AnyOf, groups), st.builds(Not, parts))


# Customers


def moments() -> SearchStrategy[datetime]:
    """A time that is now: at and around the awkward instants that a clock may show."""
    instants = [datetime.fromisoformat(text) for text in INSTANTS[:-2]]
    return st.builds(
        lambda instant, hours: instant + timedelta(hours=hours),
        st.sampled_from(instants),
        st.sampled_from((-24, -1, 0, 1, 12, 24)),
    )


@st.composite
def subjects(draw: st.DrawFn, schema: Schema, now: datetime, number: int) -> Subject:
    """A customer with its history, up to now."""
    ages = st.sampled_from((0, 1, 12, 23, 24, 25, 36, 47, 48, 49, 720, 8_760, 20_000))
    hours = sorted(draw(st.lists(ages, min_size=1, max_size=4)), reverse=True)
    values: dict[str, Value] = {}
    history: list[PastChange] = []
    for age in hours:
        after = draw(changes(schema))
        after = {name: value for name, value in after.items() if values.get(name) != value}
        before = {name: values[name] for name in after if name in values}
        if not history:
            after = {name: value for name, value in after.items() if value is not None}
        at = now.astimezone(UTC) - timedelta(hours=age)
        history.append(PastChange(at, before if history else None, after))
        values.update({name: value for name, value in after.items() if value is not None})
        for name in [name for name, value in after.items() if value is None]:
            values.pop(name, None)
    sample = draw(st.integers(0, 9_999))
    return Subject(number, values, sample, tuple(history))


@st.composite
def changes(draw: st.DrawFn, schema: Schema) -> dict[str, Value | None]:
    """Values that a record writes, None to remove one."""
    # The customers are living, so that nothing is said of their state.
    keys = sorted(schema.fields.keys() - {"is_deleted", "is_forgotten"})
    names = draw(st.lists(st.sampled_from(keys), max_size=6, unique=True))
    written = {}
    for name in names:
        field = schema.fields[name]
        written[field.name] = draw(st.sampled_from([None, *stored_values(field)]))
    return written


schemas: Final = st.sampled_from([company_schema(timezone) for timezone in TIMEZONES])
"""Companies in several timezones."""


# Trees that need not pass the check


def any_trees() -> SearchStrategy[Condition]:
    """Trees of any names and values: they have a text, but may ask for what there is not."""
    texts = st.one_of(st.text(max_size=8), st.sampled_from((*WORDS, "NOT", "or", "segment", "in")))
    leaves = st.one_of(
        st.sampled_from(list(OPERATORS.values())).flatmap(lambda each: _any_test(each, texts)),
        st.builds(InSegment, texts),
        st.builds(Sample, texts),
    )
    return st.recursive(leaves, _grow, max_leaves=30)


def _any_test(operator: Operator, texts: SearchStrategy[str]) -> SearchStrategy[Test]:
    least, most = _OPERAND_COUNTS.get(operator.takes, (1, 4))
    operands = st.lists(texts, min_size=least, max_size=most).map(tuple)
    days = st.integers(-(10**9) + 1, 10**9 - 1) if operator.takes_days else st.none()
    return st.builds(Test, texts, st.just(operator.name), operands, days)
