"""The text form of conditions reads as what it says, and says where it cannot be read."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.sentence import explain
from regulars.domain.segments.text import read_condition, write_condition
from regulars.domain.segments.tree import All, Any, InSegment, Not, Sample, Test
from regulars.errors import InvalidConditionError
from regulars.index.compile import compile_condition
from tests.domain.segments.acme import SCHEMA, pointed_at

A, B, C = (Test("city", "is", (name,)) for name in "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("country = FI", Test("country", "is", ("FI",))),
        ('country != "FI"', Test("country", "is_not", ("FI",))),
        ("country in (FI, SE)", Test("country", "is_one_of", ("FI", "SE"))),
        ("country NOT IN (FI)", Test("country", "is_none_of", ("FI",))),
        ('City Contains "bo"', Test("City", "contains", ("bo",))),
        ("city starts with bo", Test("city", "starts_with", ("bo",))),
        ('email ends with "@example.org"', Test("email", "ends_with", ("@example.org",))),
        ("points<5", Test("points", "less", ("5",))),
        ("points <= -5", Test("points", "at_most", ("-5",))),
        ("points > 1.5", Test("points", "more", ("1.5",))),
        ("points>=5", Test("points", "at_least", ("5",))),
        ("points between 1 and 5", Test("points", "between", ("1", "5"))),
        ("last_login in last 30 days", Test("last_login", "in_last", (), 30)),
        ("last_login in next 1 day", Test("last_login", "in_next", (), 1)),
        ("last_login more than 365 days ago", Test("last_login", "longer_ago", (), 365)),
        ("birth_date anniversary today", Test("birth_date", "anniversary_today")),
        (
            "birth_date anniversary in next 7 days",
            Test("birth_date", "anniversary_in_next", (), 7),
        ),
        ("tags has any (vip)", Test("tags", "has_any", ("vip",))),
        ('tags has all (a, "b c")', Test("tags", "has_all", ("a", "b c"))),
        ("tags has none (a)", Test("tags", "has_none", ("a",))),
        ("city is set", Test("city", "is_set")),
        ("city is not set", Test("city", "is_not_set")),
        ("can_email became true in last 30 days", Test("can_email", "became", ("true",), 30)),
        ("city changed in last 7 days", Test("city", "changed", (), 7)),
        ('segment "churned"', InSegment("churned")),
        ("segment churned", InSegment("churned")),
        ("sample 0.5 %", Sample("0.5")),
        ("sample 10%", Sample("10")),
        ('city = "and"', Test("city", "is", ("and",))),
        (r'city = "a \"quoted\" \\ word"', Test("city", "is", (r'a "quoted" \ word',))),
        ('"not" = b', Test("not", "is", ("b",))),
        ("last_name = O'Brien", Test("last_name", "is", ("O'Brien",))),
        ("city = a and city = b or city = c", Any((All((A, B)), C))),
        ("city = a and (city = b or city = c)", All((A, Any((B, C))))),
        ("not city = a and city = b", All((Not(A), B))),
        ("not (city = a and city = b)", Not(All((A, B)))),
        ("NOT not city = a", Not(Not(A))),
        ("(city = a and city = b) and city = c", All((All((A, B)), C))),
        ("((city = a))", A),
    ],
)
def test_a_text_reads_as_its_tree_and_the_tree_writes_a_text_of_itself(
    text: str, tree: Test
) -> None:
    assert read_condition(text).tree == tree
    assert read_condition(write_condition(tree)).tree == tree


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "syntax", ""),
        ("city", "syntax", ""),
        ("city =", "syntax", ""),
        ("city = and", "syntax", "and"),
        ("city = a b", "syntax", "b"),
        ("city = a or", "syntax", ""),
        ("city in ()", "syntax", ")"),
        ("city in (a b)", "syntax", "b"),
        ("(city = a", "syntax", ""),
        ("city = a)", "syntax", ")"),
        ("city ! a", "syntax", "!"),
        ("= a", "syntax", "="),
        ("city in last x days", "syntax", "x"),
        ("city in last 1000000000000 days", "syntax", "1000000000000"),
        ("sample 10", "syntax", ""),
        ('city = "a', "open_quote", '"a'),
        ('city = "a\\', "open_quote", '"a\\'),
        ('city = "a\\n"', "bad_escape", "\\n"),
        ("city = “Oslo”", "bad_quote", "“Oslo”"),
        ("not " * 51 + "city = a", "too_deep", "not"),
        ("(" * 51, "too_deep", "("),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, code: str, place: str) -> None:
    assert pointed_at(text) == [(code, place)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("city =", ("a value",)),
        ("city is nice", ("set", "not")),
        ("city = a b", ("and", "or", "the end")),
        ("(city = a b", (")", "and", "or")),
        ("not", ("a field", "not", "segment", "sample", "(")),
    ],
)
def test_what_cannot_be_read_says_what_was_expected(text: str, expected: tuple[str, ...]) -> None:
    with pytest.raises(InvalidConditionError) as raised:
        read_condition(text)

    assert raised.value.problems[0].expected == expected


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "not " * 5_000,
        '"' + '\\"' * 9_999,
        '"\\' * 10_000,
        '" "' * 6_666,
        " " * 20_000,
        "a" * 20_000,
        "city = a and " * 1_538,
        f"city in ({'a,' * 9_990})",
    ],
    ids=lambda text: text[:12],
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(InvalidConditionError):
        read_condition(text)

    # Reading is linear: it takes some 40 ms at most. What is quadratic takes seconds.
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    "text",
    [
        " or ".join(["city = a"] * 900),
        " and not ".join(["tags has all (a, b, c)"] * 450),
        "(" * 49 + "not city = a" + ")" * 49,
        f"city not in ({', '.join(str(number) for number in range(3_500))})",
        f"tags has any ({', '.join(str(number) for number in range(3_500))})",
        f"city contains {'a' * 9_900}",
        f'city = "{"İß" * 4_950}"',
    ],
    ids=lambda text: text[:20],
)
def test_a_condition_as_large_as_may_be_is_read_told_and_compiled_in_no_time(text: str) -> None:
    begun = time.process_time()
    parsed = read_condition(text)
    condition = check_condition(parsed.tree, SCHEMA, no_segments, parsed.places)
    assert read_condition(write_condition(parsed.tree)).tree == parsed.tree
    assert len(explain(parsed.tree, SCHEMA)) > 20
    compile_condition(condition, datetime(2026, 3, 29, tzinfo=UTC))

    assert time.process_time() - begun < 1


def test_a_text_that_is_too_long_is_not_read() -> None:
    assert [code for code, _ in pointed_at("(" * 20_001)] == ["too_long"]


def test_a_thousand_parts_are_read_and_no_more() -> None:
    parts = " or ".join(["a = b"] * 999)

    assert len(read_condition(parts).places) > 999
    assert [code for code, _ in pointed_at(f"{parts} or a = b")] == ["too_many_parts"]


def test_a_tree_that_cannot_be_read_back_is_not_written() -> None:
    for tree in (Test("city", "is"), Test("city", "equals", ("a",)), Test("city", "in_last")):
        with pytest.raises(InvalidConditionError):
            write_condition(tree)
