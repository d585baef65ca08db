"""Groups and rows: any condition shown as a form and sent back is the same condition."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regulars.domain.segments.check import check_condition
from regulars.domain.segments.text import read_condition, write_condition
from regulars.domain.segments.tree import All, Condition, Not, Test, children
from regulars.domain.segments.tree import Any as AnyOf
from regulars.domain.segments.tree import walk as walk_tree
from regulars.errors import InvalidValueError
from regulars.services.value_suggestions import SuggestedValue
from regulars.web.builder_page import PartState, PartView
from regulars.web.condition_draft import SEGMENT, Draft
from regulars.web.condition_edits import add_node, find_node, move_node, remove_node
from regulars.web.condition_form import (
    Group,
    Row,
    group_of,
    prefix_of,
    read_group,
    walk,
    write_kept,
    write_node,
)
from regulars.web.condition_inputs import make_row
from regulars.web.condition_reading import find_path, read_tree
from regulars.web.forms import Form
from regulars.web.rendering import TEMPLATES
from tests.domain.segments.acme import SCHEMA
from tests.domain.segments.made_up import WRITTEN, conditions
from tests.properties.company import examples
from tests.web.html_form import HtmlForm

if TYPE_CHECKING:
    from regulars.web.condition_form import Node, Path

MINE = read_condition("city is set").tree
SUGGESTED = [SuggestedValue(each, 3) for each in ("Oslo", "FI", "en", "7", "İstanbul", "a b")]
SHOWN = TEMPLATES.from_string(
    '{% from "builder_parts.html" import part with context %}'
    '<form id="builder" action="/x/">{{ part(view, "/x/") }}</form>'
)


def find_segment(name: str) -> Condition | None:
    """There are those that made-up conditions refer to."""
    return MINE if name.strip().lower() in ("mine", "theirs") else None


def show(root: Group) -> str:
    """The rows of the builder as a page shows them."""
    numbers = {path: number for number, (path, _) in enumerate(walk(root))}

    def view(path: Path, node: Node) -> PartView:
        prefix = prefix_of(numbers[path])
        shown = PartView(
            state=PartState(numbers[path], None, ()),
            marker=write_node(path, node),
            prefix=prefix,
            can_rise=True,
            can_sink=True,
            focus_on="",
        )
        if isinstance(node, Group):
            parts = [view((*path, number), part) for number, part in enumerate(node.parts)]
            return msgspec.structs.replace(shown, join=node.join, parts=parts)
        row = make_row(SCHEMA, node.draft, suggested=SUGGESTED, segments=["Mine"], prefix=prefix)
        return msgspec.structs.replace(shown, row=row, kept=write_kept(node))

    visitor = SimpleNamespace(csrf_token="x")
    return SHOWN.render(view=view((), root), visitor=visitor, csrf_field="_csrf")


def read_shown(root: Group) -> Group:
    """The rows of the builder, shown and sent by a browser."""
    return read_group(Form(HtmlForm(show(root), "builder").fields()))


@settings(max_examples=examples(150), deadline=None)
@given(conditions(SCHEMA))
@example(Test("external_id", "is_one_of", ("A-1", "a-1"), None))
def test_any_condition_comes_back_from_the_form_as_it_was(tree: Condition) -> None:
    read = read_tree(read_shown(group_of(tree)), SCHEMA, find_segment)

    assert read.problems == {}
    assert read.tree is not None
    assert write_condition(read.tree) == write_condition(tree)
    assert read.tree == tree


@settings(max_examples=examples(100), deadline=None)
@given(conditions(SCHEMA), st.lists(st.tuples(st.integers(0, 30), st.sampled_from((-1, 1)))))
def test_moving_parts_loses_none(tree: Condition, moves: list[tuple[int, int]]) -> None:
    root = group_of(tree)
    before = rows(root)
    for number, step in moves:
        paths = [path for path, _ in walk(root)]
        path = paths[number % len(paths)]
        moved, target = move_node(root, path, step)
        assert find_node(moved, target) == find_node(root, path)
        if target != path:
            assert move_node(moved, target, -step) == (root, path)
        root = moved
    assert rows(root) == before


@settings(max_examples=examples(100), deadline=None)
@given(conditions(SCHEMA))
def test_every_node_of_the_tree_is_shown_somewhere(tree: Condition) -> None:
    root = group_of(tree)
    read = read_tree(root, SCHEMA, find_segment)
    for path, node in walk(root):
        # What is counted beside a part is that part by itself.
        check_condition(read.conditions[path], SCHEMA, find_segment)
        if isinstance(node, Row):
            assert read.conditions[path] == read_condition(node.kept).tree


def rows(root: Group) -> list[str]:
    """The texts of all rows, in no order."""
    return sorted(node.kept for _, node in walk(root) if isinstance(node, Row))


def test_a_part_moves_through_the_condition_as_it_is_read() -> None:
    a, b, c = (Row(Draft(each)) for each in "abc")
    root = Group("all", (a, Group("any", (b,)), c))
    assert move_node(root, (0,), 1) == (Group("all", (Group("any", (a, b)), c)), (0, 0))
    assert move_node(root, (2,), -1) == (Group("all", (a, Group("any", (b, c)))), (1, 1))
    assert move_node(root, (1, 0), -1) == (Group("all", (a, b, Group("any"), c)), (1,))
    assert move_node(root, (1, 0), 1) == (Group("all", (a, Group("any"), b, c)), (2,))
    assert move_node(root, (0,), -1) == (root, (0,))
    assert move_node(root, (2,), 1) == (root, (2,))
    assert move_node(root, (), 1) == (root, ())


def test_parts_are_added_and_removed() -> None:
    a, b = Row(Draft("a")), Row(Draft("b"))
    root = add_node(Group("all", (a, Group("none"))), (1,), b)
    assert root == Group("all", (a, Group("none", (b,))))
    assert remove_node(root, (1,)) == Group("all", (a,))
    assert remove_node(root, ()) == Group("all")
    with pytest.raises(LookupError):
        add_node(root, (0,), b)


def test_nothing_is_never_everyone() -> None:
    for root in (
        Group("all"),
        Group("none"),
        Group("any", (Group("all"),)),
        Group("all", (Row(),)),
    ):
        read = read_tree(root, SCHEMA, find_segment)
        assert read.tree is None
        assert read.problems
        assert read.unfinished


def test_a_form_that_is_none_of_ours_is_refused() -> None:
    for nodes in (
        ["0 row"],
        ["1 group"],
        ["0 x"],
        ["-1 group"],
        ["0 group", "2 row"],
        ["0 group", "0 group"],
        ["0 group", "1 row", "2 row"],
        ["0 group", *["1 row"] * 2_000],
    ):
        form = [*(("node", each) for each in nodes), *((f"n{i}-join", "all") for i in range(9))]
        with pytest.raises(InvalidValueError):
            read_group(Form(form))
    with pytest.raises(InvalidValueError):
        read_group(Form([("node", "0 group"), ("n0-join", "most")]))
    deep = [("node", f"{depth} group") for depth in range(200)]
    with pytest.raises(InvalidValueError):
        read_group(Form([*deep, *((f"n{i}-join", "all") for i in range(200))]))


def test_what_was_changed_is_what_counts_and_the_rest_stays_as_it_was_written() -> None:
    tree = read_condition("country = fi and COUNTRY in (SE, fi, SE) and tags has any (b, a)").tree
    root = group_of(tree)
    first, second, third = root.parts
    assert isinstance(second, Row)
    changed = Row(Draft(second.draft.field, second.draft.operator, ("SE",)), second.kept)
    read = read_tree(read_shown(Group("all", (first, changed, third))), SCHEMA, find_segment)
    assert read.tree is not None
    expected = "country = fi and country in (SE) and tags has any (b, a)"
    assert write_condition(read.tree) == expected


@pytest.mark.parametrize("type_name", ["boolean", "country_code", "language_code"])
def test_what_is_chosen_from_a_list_is_chosen_in_any_spelling(type_name: str) -> None:
    name = {"boolean": "can_email", "country_code": "country", "language_code": "language"}
    for value in WRITTEN[type_name]:
        tree = read_condition(f'{name[type_name]} = "{value}"').tree
        read = read_tree(read_shown(group_of(tree)), SCHEMA, find_segment)
        assert read.tree == tree, value


def test_problems_stand_where_they_are() -> None:
    days = Row(Draft("birth_date", "in_last", (), ""))
    missing = Row(Draft(SEGMENT, "in", ("No",)))
    wrong, right = Row(Draft("country", "is", ("XX",))), Row(Draft("city", "is", ("Turku",)))
    root = Group("all", (wrong, Group("none", (days, missing)), right))
    read = read_tree(root, SCHEMA, find_segment)
    assert set(read.problems) == {(0,), (1, 0), (1, 1)}
    assert read.unfinished == {(1, 0)}
    assert set(read.conditions) == {(2,)}


def test_a_condition_that_is_too_much_as_a_whole_says_so() -> None:
    row = Row(Draft("city", "is", ("Turku" * 200,)))
    root = Group("all", (row,) * 30)
    read = read_tree(root, SCHEMA, find_segment)
    assert read.tree is None
    assert "longer than" in " ".join(read.problems[()])
    assert (3,) in read.conditions


@settings(max_examples=examples(100), deadline=None)
@given(conditions(SCHEMA))
def test_a_node_of_the_tree_is_shown_at_the_part_that_says_it(tree: Condition) -> None:
    root = group_of(tree)
    for tree_path, _, node in walk_tree(tree):
        shown = find_node(root, find_path(root, tree_path))
        if isinstance(shown, Row):
            kept = read_condition(shown.kept).tree
            assert node in (kept, *children(kept)) or isinstance(node, Not | All | AnyOf)
