"""Problems of conditions on the terminal: the text, a mark below the place, what could stand there.

Owns how they are shown, and that the command then ends as one that was called in a wrong way.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click
from rich.cells import cell_len

from regulars.cli.import_report import printable
from regulars.domain.segments.problem import tell_problem
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.errors import PlacedProblem

STATUS: Final = 2
"""As of commands with options that there are not."""
_SHOWN_BEFORE: Final = 50
_SHOWN_BEHIND: Final = 30
"""Characters of the text around the beginning of a place."""
_CUT: Final = "…"


@contextmanager
def pointing_into(text: str) -> Iterator[None]:
    """Print the problems of a condition, if the block raises them, and end the command."""
    try:
        yield
    except InvalidConditionError as error:
        click.echo(describe_problems(text, error.problems), err=True)
        raise click.exceptions.Exit(STATUS) from error


def describe_problems(text: str, problems: tuple[PlacedProblem, ...]) -> str:
    """All problems of a condition, as lines."""
    many = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"regulars: the condition has {many}"]
    for problem in problems:
        lines += ["", *_point(text, problem), *(f"  {line}" for line in tell_problem(problem))]
    return "\n".join(lines)


def _point(text: str, problem: PlacedProblem) -> list[str]:
    if problem.start is None:
        return []
    start, end = problem.start, max(problem.end or 0, problem.start + 1)
    # One line of the text, and of a long one what is near.
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    first = max(line_start, start - _SHOWN_BEFORE)
    last = min(line_end, start + _SHOWN_BEHIND)
    cut_before = _CUT if first > line_start else ""
    cut_behind = _CUT if last < line_end else ""
    before = cut_before + printable(text[first:start])
    # Letters of some scripts are two columns wide.
    marked = cell_len(printable(text[start : min(end, last)]))
    return [
        f"  {before}{printable(text[start:last])}{cut_behind}",
        f"  {' ' * cell_len(before)}{'^' * max(1, marked)}",
    ]
