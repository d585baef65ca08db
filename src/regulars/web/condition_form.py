"""The tree of a condition as groups and rows of one flat form, and back (SPEC sections 11 and 12).

Owns the names of the form's fields: a `node` for every group and row, parents first, says how deep
it lies, and names of its inputs begin with its number. A tree that is shown as a form and read back
is the same tree. Must not know how a row's inputs look, nor whether fields and values are there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from regulars.domain.segments.text import write_condition
from regulars.domain.segments.tree import MAX_NODES, All, Any, Condition, InSegment, Not
from regulars.errors import InvalidValueError
from regulars.web.condition_draft import Draft, draft_of, read_draft
from regulars.web.forms import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

Join = Literal["all", "any", "none"]
Path: TypeAlias = tuple[int, ...]
"""The way to a group or row from the outermost group, by the numbers of parts, from 0."""

JOINS: Final[tuple[Join, ...]] = ("all", "any", "none")
NODE: Final = "node"
"""The name of the fields that say where groups and rows are."""
_WRITTEN_NODE: Final = re.compile(r"([0-9]{1,3}) (group|row)")
_MAX_DEPTH: Final = 120
"""Of groups within each other: more than any condition has."""


class Row(msgspec.Struct, frozen=True):
    """A condition on one field. `kept` is the text that it was made of, empty for a new one."""

    draft: Draft = Draft()
    kept: str = ""


class Group(msgspec.Struct, frozen=True):
    """Conditions of which all, at least one, or none must hold. It may be empty, or have one part,
    which no tree has.
    """

    join: Join = "all"
    parts: tuple[Node, ...] = ()


Node: TypeAlias = Row | Group


def group_of(tree: Condition) -> Group:
    """The groups and rows of a condition, which must be within the bounds of conditions."""
    node = _node_of(tree)
    return node if isinstance(node, Group) else Group("all", (node,))


def _node_of(tree: Condition) -> Node:
    match tree:
        case All(parts):
            return Group("all", tuple(map(_node_of, parts)))
        case Any(parts) | Not(Any(parts)):
            join: Join = "any" if isinstance(tree, Any) else "none"
            return Group(join, tuple(map(_node_of, parts)))
        case Not(part) if not isinstance(part, InSegment):
            return Group("none", (_node_of(part),))
        case _:
            return Row(draft_of(tree) or Draft(), write_condition(tree))


def walk(root: Group) -> Iterator[tuple[Path, Node]]:
    """All groups and rows with their paths, parents first: in the order of their numbers."""
    waiting: list[tuple[Path, Node]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node, Group):
            waiting += [((*path, number), part) for number, part in enumerate(node.parts)][::-1]


def prefix_of(number: int) -> str:
    """What the names of the inputs of a group or row begin with."""
    return f"n{number}-"


def write_node(path: Path, node: Node) -> str:
    """What the field `node` of a group or row holds."""
    return f"{len(path)} {'group' if isinstance(node, Group) else 'row'}"


def read_group(form: Form) -> Group:
    """The groups and rows of a form. Raises `InvalidValueError` for one that is none of ours."""
    nodes = form.texts(NODE)
    if not nodes:
        return Group("all", (Row(),))
    if len(nodes) > 2 * MAX_NODES:
        raise InvalidValueError(NODE, f"at most {MAX_NODES:,} conditions")
    reader = _Reader([_read_node(text) for text in nodes], _split(form))
    root = reader.read(0)
    if not isinstance(root, Group) or reader.position != len(nodes):
        raise InvalidValueError(NODE, _NO_TREE)
    return root


_NO_TREE: Final = "the groups of the form do not fit together; load the page anew"


class _Reader:
    """Puts the nodes of a form together, each once, in order."""

    def __init__(
        self, nodes: list[tuple[int, bool]], inputs: dict[str, list[tuple[str, str]]]
    ) -> None:
        self.position = 0
        self._nodes = nodes
        self._inputs = inputs

    def read(self, depth: int) -> Node:
        prefix = prefix_of(self.position)
        found_depth, is_group = self._nodes[self.position]
        if found_depth != depth or depth > _MAX_DEPTH:
            raise InvalidValueError(NODE, _NO_TREE)
        form = Form(self._inputs.get(prefix, []))
        self.position += 1
        if not is_group:
            return Row(read_draft(form, prefix), _read_kept(form.raw(f"{prefix}kept")))
        parts = []
        while self.position < len(self._nodes) and self._nodes[self.position][0] > depth:
            parts.append(self.read(depth + 1))
        return Group(_read_join(form.text(f"{prefix}join")), tuple(parts))


def _split(form: Form) -> dict[str, list[tuple[str, str]]]:
    """The fields of a form by the prefix of their names."""
    split: dict[str, list[tuple[str, str]]] = {}
    for name, value in form.items():
        prefix, dash, _ = name.partition("-")
        split.setdefault(prefix + dash, []).append((name, value))
    return split


def _read_node(text: str) -> tuple[int, bool]:
    found = _WRITTEN_NODE.fullmatch(text)
    if found is None:
        raise InvalidValueError(NODE, _NO_TREE)
    return int(found[1]), found[2] == "group"


def write_kept(row: Row) -> str:
    """What the field `kept` of a row holds: a text that no browser changes on its way."""
    return msgspec.json.encode(row.kept).decode() if row.kept else ""


def _read_kept(text: str) -> str:
    try:
        return msgspec.json.decode(text, type=str) if text else ""
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise InvalidValueError("kept", _NO_TREE) from None


def _read_join(text: str) -> Join:
    for join in JOINS:
        if text == join:
            return join
    raise InvalidValueError("join", "all, any or none")
