"""Properties of all conditions: text and tree are one, the sentence leaves nothing out, and no text
whatever is read as anything but a condition or a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.problem import CONDITION_PROBLEMS
from regulars.domain.segments.sentence import explain
from regulars.domain.segments.text import read_condition, write_condition
from regulars.domain.segments.tree import Condition, InSegment, Sample, Test, walk
from regulars.errors import InvalidConditionError
from tests.domain.segments.acme import SCHEMA, problems_of
from tests.domain.segments.made_up import any_trees, conditions
from tests.properties.company import examples

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Path

PIECES = (
    "city", "=", "!=", "<", "(", ")", ",", "%", '"', "\\", '"a"', "and", "or", "not", "in", "is",
    "set", "segment", "sample", "last", "5", "days", "between", "became", "has", "any", " ", "!",
    "\u2028", "“", "x", "tags", "FI", "\x00", "\ud800",
)  # fmt: skip


@settings(max_examples=examples(300))
@given(any_trees())
def test_text_of_a_tree_reads_as_the_very_same_tree(tree: Condition) -> None:
    assert read_condition(write_condition(tree)).tree == tree


@settings(max_examples=examples(300))
@given(conditions(SCHEMA))
def test_a_condition_survives_as_text_and_as_json(tree: Condition) -> None:
    text = write_condition(tree)

    assert read_condition(text).tree == tree
    assert write_condition(read_condition(text).tree) == text
    assert msgspec.json.decode(msgspec.json.encode(tree), type=Condition) == tree


@settings(max_examples=examples(300))
@given(conditions(SCHEMA))
def test_every_node_has_its_place_in_the_text(tree: Condition) -> None:
    parsed = read_condition(write_condition(tree))
    text = write_condition(tree)

    for path, _, node in walk(tree):
        start, end = parsed.places[path, "node"]
        assert read_condition(text[start:end]).tree == node
        assert all(text[slice(*place)] for place in places_of(parsed.places, path))
        if isinstance(node, Test):
            assert text[slice(*parsed.places[path, "field"])] == node.field
            assert {number for each, number in parsed.places if each == path} == {
                "node", "field", "operator", *range(len(node.operands)),
                *(["days"] if node.days is not None else []),
            }  # fmt: skip


def places_of(
    places: dict[tuple[Path, str | int], tuple[int, int]], path: Path
) -> list[tuple[int, int]]:
    return [place for (each, _), place in places.items() if each == path]


@settings(max_examples=examples(300))
@given(conditions(SCHEMA))
def test_the_sentence_mentions_every_leaf(tree: Condition) -> None:
    sentence = explain(tree, SCHEMA)

    for _, _, node in walk(tree):
        match node:
            case Test(field, _, operands, days):
                assert field.lower() in sentence.lower()
                assert all(operand in sentence for operand in operands)
                assert days is None or f"{days} day" in sentence
            case InSegment(name):
                assert name in sentence
            case Sample(percent):
                assert percent in sentence
            case _:
                assert sentence


def test_every_operator_says_something_of_its_own() -> None:
    sentences = [operator.sentence for operator in OPERATORS.values()]
    forms = [operator.form for operator in OPERATORS.values()]

    assert len(set(sentences)) == len(set(forms)) == len(OPERATORS)


@settings(max_examples=examples(500))
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join)))
def test_any_text_is_a_condition_or_a_problem_at_a_place(text: str) -> None:
    for problem in problems_of(text):
        assert problem.code in CONDITION_PROBLEMS
        assert problem.start is not None
        assert problem.end is not None
        assert 0 <= problem.start <= problem.end <= len(text)


@settings(max_examples=examples(300))
@given(any_trees())
def test_any_tree_is_checked_or_a_problem_at_a_node(tree: Condition) -> None:
    nodes = {path: node for path, _, node in walk(tree)}
    try:
        check_condition(tree, SCHEMA, no_segments)
    except InvalidConditionError as error:
        problems = error.problems
    else:
        problems = ()
    asked_for = {node.field for node in nodes.values() if isinstance(node, Test)}

    assert {problem.path for problem in problems} <= nodes.keys()
    assert problems or all(SCHEMA.find(name) for name in asked_for)
