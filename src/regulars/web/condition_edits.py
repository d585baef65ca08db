"""What a planner does to the groups and rows of a condition: add, remove, move.

Must not know forms or fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.web.condition_form import Group

if TYPE_CHECKING:
    from regulars.web.condition_form import Node, Path


def find_node(root: Group, path: Path) -> Node:
    """The group or row at a path. Raises `LookupError`."""
    node: Node = root
    for number in path:
        if not isinstance(node, Group):
            raise LookupError(path)  # noqa: TRY004 - the path leads nowhere
        node = node.parts[number]
    return node


def add_node(root: Group, path: Path, node: Node) -> Group:
    """The condition with a group or row at the end of the group at a path. Raises `LookupError`."""
    group = find_node(root, path)
    if not isinstance(group, Group):
        raise LookupError(path)  # noqa: TRY004 - the path leads nowhere
    return _insert(root, (*path, len(group.parts)), node)


def remove_node(root: Group, path: Path) -> Group:
    """The condition without the group or row at a path, and all within. The outermost group is
    emptied instead.
    """
    if not path:
        return msgspec.structs.replace(root, parts=())
    return _cut(root, path)


def move_node(root: Group, path: Path, step: int) -> tuple[Group, Path]:
    """The condition with the group or row at a path one place up (-1) or down (1), and its path
    then.

    It moves through the condition as it is read: into the group that it meets, and out of its own
    at the ends.
    """
    target = _target(root, path, step)
    if target is None:
        return root, path
    return _insert(_cut(root, path), target, find_node(root, path)), target


def _target(root: Group, path: Path, step: int) -> Path | None:
    """Where a node comes to be, counted without it; None where it is at the end already."""
    if not path:
        return None
    *parent, number = path
    group = find_node(root, tuple(parent))
    assert isinstance(group, Group), "what has parts is a group"  # noqa: S101
    if 0 <= number + step < len(group.parts):
        neighbour = group.parts[number + step]
        # Without the node, the one behind it has its number.
        place = number - 1 if step < 0 else number
        if isinstance(neighbour, Group):
            return (*parent, place, len(neighbour.parts) if step < 0 else 0)
        return (*parent, number + step)
    if not parent:
        return None
    *outer, place = parent
    return (*outer, place if step < 0 else place + 1)


def _cut(node: Group, path: Path) -> Group:
    number, *rest = path
    parts = list(node.parts)
    inner = parts[number]
    if rest:
        if not isinstance(inner, Group):
            raise LookupError(path)
        parts[number] = _cut(inner, tuple(rest))
    else:
        del parts[number]
    return msgspec.structs.replace(node, parts=tuple(parts))


def _insert(node: Group, path: Path, new: Node) -> Group:
    number, *rest = path
    parts = list(node.parts)
    if rest:
        inner = parts[number]
        if not isinstance(inner, Group):
            raise LookupError(path)
        parts[number] = _insert(inner, tuple(rest), new)
    else:
        parts.insert(number, new)
    return msgspec.structs.replace(node, parts=tuple(parts))
