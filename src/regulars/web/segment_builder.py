"""The builder of a segment: what its form holds, and what it shows of it (SPEC section 12).

Owns how rows and text go together: whichever was changed, the other follows. Must not know
requests, nor how segments are saved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.text import read_condition, write_condition
from regulars.errors import InvalidConditionError, InvalidValueError
from regulars.web.condition_edits import add_node, move_node, remove_node
from regulars.web.condition_form import Group, Row, group_of, read_group, walk
from regulars.web.condition_reading import tell_problem

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Condition
    from regulars.errors import PlacedProblem
    from regulars.web.condition_form import Path
    from regulars.web.forms import Form

MOST_TEXT: Final = 40_000
"""Characters of text that are shown again: twice what a condition may have."""


class TextProblem(msgspec.Struct, frozen=True):
    """What is wrong with the text form, and where: what stands before, there, and behind."""

    message: str
    before: str
    marked: str
    behind: str
    place: int | None
    """The number of the first character, from 1."""


class BuilderForm(msgspec.Struct, frozen=True):
    """The builder as it was sent. `typed` is the text form where somebody has changed it: the rows
    are made of it, but where it could not be read. `focus` is the part that was added or moved.
    """

    root: Group
    name: str = ""
    version: int | None = None
    typed: str | None = None
    text_problems: tuple[TextProblem, ...] = ()
    focus: Path | None = None
    focus_on: str = ""


def start_builder(
    tree: Condition | None = None, *, name: str = "", version: int | None = None
) -> BuilderForm:
    """The builder of a condition, or of a new one with a row to begin with."""
    root = Group("all", (Row(),)) if tree is None else group_of(tree)
    return BuilderForm(root, name, version)


def read_builder(form: Form) -> BuilderForm:
    """The builder as a form has it. Raises `InvalidValueError` for a form that is not ours."""
    read = BuilderForm(read_group(form), form.text("name"), form.number("version"))
    text, before = (_with_plain_breaks(form.raw(name)) for name in ("text", "text_was"))
    if text.strip() == before.strip():
        return read
    if not text.strip():
        # Somebody who empties it means to write another one: that is no condition yet.
        return msgspec.structs.replace(read, typed="")
    try:
        root = group_of(read_condition(text).tree)
    except InvalidConditionError as error:
        problems = tuple(place_problem(each, text) for each in error.problems)
        return msgspec.structs.replace(read, typed=text[:MOST_TEXT], text_problems=problems)
    return msgspec.structs.replace(read, root=root, typed=text)


def place_problem(problem: PlacedProblem, text: str) -> TextProblem:
    """A problem with what it points at."""
    if problem.start is None or problem.end is None:
        return TextProblem(tell_problem(problem), "", "", "", None)
    start, end = problem.start, problem.end
    if start >= len(text):
        return TextProblem(tell_problem(problem), text, "", "", start + 1)
    return TextProblem(tell_problem(problem), text[:start], text[start:end], text[end:], start + 1)


def edit_builder(read: BuilderForm, action: str) -> BuilderForm:
    """The builder after a button of a row or group: `add-row`, `add-group`, `remove`, `up` or
    `down`, and the number of the part. Anything else changes nothing. Raises `InvalidValueError`.
    """
    verb, _, number = action.partition(" ")
    if verb not in _EDITS or read.text_problems:
        return read
    paths = [path for path, _ in walk(read.root)]
    if not (number.isascii() and number.isdecimal() and len(number) <= 4):  # noqa: PLR2004 - digits
        raise InvalidValueError("do", "a part of the condition")
    if int(number) >= len(paths):
        # The text was changed as well, and has fewer parts.
        return read
    try:
        root, focus = _edit(read.root, paths[int(number)], verb)
    except LookupError:
        return read
    return msgspec.structs.replace(read, root=root, focus=focus, focus_on=_EDITS[verb])


_EDITS: Final = {
    "add-row": "select",
    "add-group": "select",
    "remove": "button[value^='add-row']",
    "up": "button[value^='up']",
    "down": "button[value^='down']",
}
"""What can be done, and which input has the focus then."""


def _edit(root: Group, path: Path, verb: str) -> tuple[Group, Path]:
    if verb == "remove":
        return remove_node(root, path), path[:-1]
    if verb in ("up", "down"):
        return move_node(root, path, -1 if verb == "up" else 1)
    group = next(node for found, node in walk(root) if found == path)
    new = Row() if verb == "add-row" else Group("any", (Row(),))
    added = add_node(root, path, new)
    return added, (*path, len(group.parts) if isinstance(group, Group) else 0)


def write_text(tree: Condition | None, read: BuilderForm) -> str:
    """The text form to show: of the condition, or what could not be read. Of rows that are not
    finished there is none.
    """
    if read.text_problems and read.typed is not None:
        return read.typed
    return "" if tree is None else write_condition(tree)


def _with_plain_breaks(text: str) -> str:
    """A browser sends every break of a line as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
