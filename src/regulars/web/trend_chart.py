"""How a number moved from day to day, as a line to draw (SPEC section 12).

Owns the geometry. Must not know templates, nor what is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WIDTH: Final = 100.0
HEIGHT: Final = 40.0
"""Of the drawing, in its own units: it is stretched to its place."""
_MARGIN: Final = 3.0
"""Above the highest and below the lowest point, so that no line is cut."""


class TrendChart(msgspec.Struct, frozen=True):
    """A line through the days on which something was counted.

    The line stands between the lowest and the highest number, and not on zero: what is to be seen
    is how it moved. `lines` are one for each run of days without a gap, as SVG's `points`.
    """

    first_day: date
    last_day: date
    lowest: int
    highest: int
    first: int
    last: int
    lines: list[str]
    area: str
    """As `points` of the shape below the line."""
    end: tuple[float, float]
    """The point of the last day."""

    @property
    def change(self) -> int:
        """By how much the number has grown."""
        return self.last - self.first


def draw_trend(counts: Sequence[tuple[date, int]]) -> TrendChart | None:
    """The line of the numbers, in order of their days; None where there are none."""
    if not counts:
        return None
    first_day, last_day = counts[0][0], counts[-1][0]
    numbers = [number for _, number in counts]
    lowest, highest = min(numbers), max(numbers)
    days = (last_day - first_day).days
    points = [
        (
            WIDTH * (day - first_day).days / days if days else WIDTH,
            _height(number, lowest, highest),
        )
        for day, number in counts
    ]
    return TrendChart(
        first_day=first_day,
        last_day=last_day,
        lowest=lowest,
        highest=highest,
        first=numbers[0],
        last=numbers[-1],
        lines=[_written(run) for run in _runs([day for day, _ in counts], points)],
        area=_written([(points[0][0], HEIGHT), *points, (points[-1][0], HEIGHT)]),
        end=points[-1],
    )


def _height(number: int, lowest: int, highest: int) -> float:
    """Where a number stands, counted from the top; what never moves stands in the middle."""
    share = (number - lowest) / (highest - lowest) if highest > lowest else 0.5
    return HEIGHT - _MARGIN - share * (HEIGHT - 2 * _MARGIN)


def _runs(
    days: Sequence[date], points: Sequence[tuple[float, float]]
) -> list[list[tuple[float, float]]]:
    """The points of days that follow each other; a day alone is a line of no length."""
    runs: list[list[tuple[float, float]]] = []
    before: date | None = None
    for day, point in zip(days, points, strict=True):
        if before is None or (day - before).days > 1:
            runs.append([])
        runs[-1].append(point)
        before = day
    return [run if len(run) > 1 else run * 2 for run in runs]


def _written(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{across:.2f},{down:.2f}" for across, down in points)
