"""Whatever a condition asks for that there is not is a problem at its place."""

from __future__ import annotations

import pytest

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import All, Condition, InSegment, Not, Sample, Test
from regulars.errors import InvalidConditionError
from tests.domain.segments.acme import SCHEMA, pointed_at, problems_of


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("town = Oslo", [("unknown_field", "town")]),
        ('"" = Oslo', [("unknown_field", '""')]),
        ("tags = vip", [("unfit_operator", "= vip")]),
        ("city < 5", [("unfit_operator", "< 5")]),
        ("acme__object is set", []),
        ("acme__object = 5", [("unfit_operator", "= 5")]),
        ("email = nobody", [("bad_value", "nobody")]),
        ("email contains nobody", []),
        ("country in (FI, Finland)", [("bad_value", "Finland")]),
        ("birth_date > 2026-02-30", [("bad_value", "2026-02-30")]),
        ("last_login = yesterday", [("bad_value", "yesterday")]),
        ("acme__integer between 1 and many", [("bad_value", "many")]),
        ("can_email = perhaps", [("bad_value", "perhaps")]),
        ("external_id = a_b", [("bad_value", "a_b")]),
        ('city = " "', [("empty_value", '" "')]),
        ('city contains ""', [("empty_value", '""')]),
        ('city contains " "', []),
        ('tags has any (" ")', [("empty_value", '" "')]),
        ("birth_date in last 36501 days", [("bad_days", "36501")]),
        ("birth_date in last -1 days", [("bad_days", "-1")]),
        ("birth_date in last 0 days", []),
        ("sample 0 %", [("bad_percent", "0")]),
        ("sample 100.01 %", [("bad_percent", "100.01")]),
        ("sample 0.001 %", [("bad_percent", "0.001")]),
        ("sample 100 %", []),
        ("segment nowhere", [("unknown_segment", "nowhere")]),
        (
            "town = a and not (email = b or tags < 1)",
            [("unknown_field", "town"), ("bad_value", "b"), ("unfit_operator", "< 1")],
        ),
    ],
)
def test_what_is_unknown_is_a_problem_at_its_place(
    text: str, problems: list[tuple[str, str]]
) -> None:
    assert pointed_at(text) == problems


@pytest.mark.parametrize(
    ("tree", "code"),
    [
        (Test("city", "equals", ("a",)), "unknown_operator"),
        (Test("city", "is"), "unfit_operands"),
        (Test("city", "is", ("a", "b")), "unfit_operands"),
        (Test("city", "is_one_of"), "unfit_operands"),
        (Test("city", "is", ("a",), 5), "unfit_operands"),
        (Test("last_login", "in_last"), "unfit_operands"),
        (Test("city", "contains", ("\ud800",)), "bad_value"),
        (Test("tags", "has_any", ("a\0",)), "bad_value"),
        (InSegment("\ud800"), "unknown_segment"),
        (Sample("١٠"), "bad_percent"),
        (Sample("1e1"), "bad_percent"),
        (Test("city", "is_one_of", ("a" * 9_999,) * 3), "too_long"),
    ],
)
def test_a_tree_that_no_text_gives_is_a_problem_too(tree: Condition, code: str) -> None:
    with pytest.raises(InvalidConditionError) as raised:
        check_condition(All((Test("city", "is_set"), tree)), SCHEMA, no_segments)

    assert [problem.code for problem in raised.value.problems] == [code]
    assert raised.value.problems[0].path in {(), (1,)}


def test_a_tree_of_any_depth_or_size_is_answered() -> None:
    deep: Condition = Test("city", "is_set")
    for _ in range(100_000):
        deep = Not(deep)
    wide = All((Test("city", "is_set"),) * 100_000)

    for tree, code in ((deep, "too_deep"), (wide, "too_many_parts")):
        with pytest.raises(InvalidConditionError) as raised:
            check_condition(tree, SCHEMA, no_segments)
        assert [problem.code for problem in raised.value.problems] == [code]


def test_no_problem_repeats_a_value() -> None:
    for text in ("email = secret.person", "secret.person = a", 'city = "secret.person'):
        assert problems_of(text)
        assert "secret.person" not in " ".join(problem.message for problem in problems_of(text))


def test_names_of_fields_and_segments_compare_without_case() -> None:
    def find_segment(name: str) -> Condition | None:
        return read_condition("CITY is set").tree if name == "Churned" else None

    assert pointed_at("City = a and ACME__INTEGER = 5 and acme__Integer = 6") == []
    assert pointed_at("segment Churned", find_segment) == []


# Segments in segments


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        ({"a": "city is set"}, None),
        ({"a": "segment b or segment B", "b": "city is set"}, None),
        ({"a": "segment a"}, "segment_cycle"),
        ({"a": "segment b", "b": "city is set and not segment a"}, "segment_cycle"),
        ({"a": "segment b"}, "broken_segment"),
        ({"a": "town is set"}, "broken_segment"),
    ],
)
def test_segments_refer_to_others_but_never_back_to_themselves(
    segments: dict[str, str], code: str | None
) -> None:
    trees = {name: read_condition(text).tree for name, text in segments.items()}

    found = pointed_at("city is set or segment A", lambda name: trees.get(name.lower()))

    assert found == ([] if code is None else [(code, "A")])


def test_segments_that_grow_without_end_are_refused_at_once() -> None:
    doubling = {f"s{n}": f"segment s{n - 1} and segment s{n - 1}" for n in range(1, 100)}
    chain = {f"s{n}": f"not segment s{n - 1}" for n in range(1, 2_000)}

    for segments in (doubling, chain):
        trees = {name: read_condition(text).tree for name, text in segments.items()}
        trees["s0"] = read_condition("city is set").tree
        assert pointed_at(f"segment s{len(segments)}", trees.get) == [
            ("too_many_segments", f"s{len(segments)}")
        ]
