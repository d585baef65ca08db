"""What the page of the builder shows: rows with their inputs, counts and problems, the sentence and
the text form.

Owns which counts are asked for while somebody types. Must not know requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.text import write_condition
from regulars.errors import TooBusyError
from regulars.services.value_suggestions import suggest_values
from regulars.web.condition_draft import SEGMENT
from regulars.web.condition_form import (
    JOINS,
    Group,
    Row,
    prefix_of,
    walk,
    write_kept,
    write_node,
)
from regulars.web.condition_inputs import ConditionRow, make_row
from regulars.web.condition_reading import read_tree
from regulars.web.condition_words import tell_condition
from regulars.web.segment_builder import TextProblem, write_text
from regulars.web.segment_page import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.fields.schema import Schema
    from regulars.domain.segments.tree import Condition
    from regulars.edge.services import Services
    from regulars.index.statistics import Reach
    from regulars.services.installation import Register
    from regulars.services.value_suggestions import SuggestedValue
    from regulars.store.contract.segments import Segment
    from regulars.web.condition_form import Join, Path
    from regulars.web.condition_reading import ReadForm
    from regulars.web.segment_builder import BuilderForm

MOST_COUNTED: Final = 60
"""Conditions that are counted by themselves while somebody waits."""
_MOST_SUGGESTED: Final = 12
"""Fields whose values are suggested when the whole builder is shown."""


class PartState(msgspec.Struct, frozen=True):
    """How a group or row stands. `count` is missing where it cannot be counted (yet)."""

    number: int
    count: int | None
    problems: tuple[str, ...]


class PartView(msgspec.Struct, frozen=True):
    """A group or a row as it is shown; a row has inputs, a group a join and parts."""

    state: PartState
    marker: str
    prefix: str
    can_rise: bool
    can_sink: bool
    focus_on: str
    row: ConditionRow | None = None
    kept: str = ""
    join: Join = "all"
    parts: list[PartView] = []


class BuilderFigures(msgspec.Struct, frozen=True):
    """What changes as somebody types."""

    states: list[PartState]
    measured: Reach | None
    living: int
    sentence: str
    text: str
    text_was: str
    """The text of the rows, as the browser has it: what differs was typed."""
    typed: str | None
    """The text as it was typed, where that was changed and not the rows."""
    text_problems: tuple[TextProblem, ...]
    is_busy: bool
    channels: dict[str, str]


class Conflict(msgspec.Struct, frozen=True):
    """What somebody else has made of the segment in the meantime."""

    segment: Segment
    sentence: str


class BuilderPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    address: str
    title: str
    name: str
    version: int | None
    figures: BuilderFigures
    root: PartView | None
    """Missing where only figures are asked for."""
    segment: Segment | None = None
    notice: str = ""
    name_problem: str = ""
    conflict: Conflict | None = None


class Builder:
    """Shows one builder. `is_strict` tells of unfinished rows as well, as when one saves."""

    def __init__(
        self, services: Services, register: Register, form: BuilderForm, *, is_strict: bool = False
    ) -> None:
        self._services: Final = services
        self._register: Final = register
        self._form: Final = form
        self._schema: Final = register.load_schema()
        finder = services.segments.finder(register)
        self.read: Final[ReadForm] = read_tree(form.root, self._schema, finder)
        self._is_strict: Final = is_strict
        self._parts: Final = list(walk(form.root))
        self._is_busy = False

    @property
    def tree(self) -> Condition | None:
        """The condition, where it can be saved."""
        return None if self._form.text_problems else self.read.tree

    def figures(self) -> BuilderFigures:
        """The counts of all that can be counted, and the condition in words."""
        counts = self._count()
        measured = self._measure()
        tree = self.read.tree
        return BuilderFigures(
            states=[
                PartState(number, counts.get(path), self._problems(path))
                for number, (path, _) in enumerate(self._parts)
            ],
            measured=measured,
            living=self._register.store.read_position().living,
            sentence="" if tree is None else tell_condition(tree, self._schema),
            text=write_text(tree, self._form),
            text_was="" if tree is None else write_condition(tree),
            typed=self._form.typed,
            text_problems=self._form.text_problems,
            is_busy=self._is_busy,
            channels=CHANNELS,
        )

    def root(self, figures: BuilderFigures) -> PartView:
        """All groups and rows with their inputs."""
        shown = _Shown(self._services, self._register, self._schema, self._parts)
        states = {path: figures.states[number] for number, (path, _) in enumerate(self._parts)}
        return shown.part((), self._form, states)

    def _problems(self, path: Path) -> tuple[str, ...]:
        if path in self.read.unfinished and not self._is_strict:
            return ()
        return self.read.problems.get(path, ())

    def _count(self) -> dict[Path, int]:
        """How many customers each condition holds by itself; of very many, only the first ones."""
        texts = {path: write_condition(each) for path, each in self.read.conditions.items()}
        wanted = list(dict.fromkeys(texts[path] for path, _ in self._parts if path in texts))
        try:
            counted = self._services.search.count_each(self._register, wanted[:MOST_COUNTED])
        except TooBusyError:
            self._is_busy = True
            return {}
        counts = dict(zip(wanted, counted, strict=False))
        return {path: counts[text] for path, text in texts.items() if text in counts}

    def _measure(self) -> Reach | None:
        if self.read.tree is None or self._is_busy:
            return None
        try:
            return self._services.search.ask(self._register, condition=self.read.tree).measure()
        except TooBusyError:
            self._is_busy = True
            return None


class _Shown:
    """Makes the views of groups and rows."""

    def __init__(
        self,
        services: Services,
        register: Register,
        schema: Schema,
        parts: Iterable[tuple[Path, Group | Row]],
    ) -> None:
        self._schema = schema
        self._nodes = dict(parts)
        self._services = services
        self._register = register
        self._suggested: dict[str, list[SuggestedValue]] = {}
        rows = [each for each in self._nodes.values() if isinstance(each, Row)]
        self._segments: list[str] = []
        if any(each.draft.field == SEGMENT for each in rows):
            self._segments = [each.name for each in services.segments.load(register)]

    def part(self, path: Path, form: BuilderForm, states: dict[Path, PartState]) -> PartView:
        node, state = self._nodes[path], states[path]
        prefix = prefix_of(state.number)
        row, parts = None, []
        if isinstance(node, Row):
            row = make_row(
                self._schema,
                node.draft,
                suggested=self._suggest(node.draft.field),
                segments=self._segments,
                prefix=prefix,
            )
        else:
            parts = [self.part((*path, each), form, states) for each in range(len(node.parts))]
        return PartView(
            state=state,
            marker=write_node(path, node),
            prefix=prefix,
            can_rise=bool(path) and (len(path) > 1 or path[-1] > 0),
            can_sink=bool(path) and (len(path) > 1 or (path[-1] + 1,) in self._nodes),
            focus_on=form.focus_on if form.focus == path else "",
            row=row,
            kept=write_kept(node) if isinstance(node, Row) else "",
            join=node.join if isinstance(node, Group) else JOINS[0],
            parts=parts,
        )

    def _suggest(self, field: str) -> list[SuggestedValue]:
        if field not in self._suggested:
            if len(self._suggested) >= _MOST_SUGGESTED:
                return []
            self._suggested[field] = suggest_values(self._services.search, self._register, field)
        return self._suggested[field]
