"""A chart of a number for each month, drawn on the server.

Owns the geometry: heights and places in the chart's own units. Colours are the stylesheet's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

HEIGHT: Final = 100
STEP: Final = 10
"""Units from one column to the next."""
GAP: Final = 2
MOST_MONTHS: Final = 60
_MONTHS: Final = 12
_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MonthColumn(msgspec.Struct, frozen=True):
    """A column: its label, its number, and its place in the chart."""

    label: str
    number: int
    x: int
    y: float
    height: float


class MonthChart(msgspec.Struct, frozen=True):
    """The columns of all months from the first to the last one."""

    columns: list[MonthColumn]
    most: int
    width: int
    earlier: int
    """How many are in months before the first one shown."""


def draw_months(counts: Iterable[tuple[str, int]]) -> MonthChart | None:
    """A chart of numbers by month, such as `2026-01`, in order; None of nothing. Months without a
    number are 0; of very many the last ones are shown.
    """
    numbers = {_number_of(month): number for month, number in counts}
    if not numbers:
        return None
    last = max(numbers)
    first = max(min(numbers), last - MOST_MONTHS + 1)
    shown = {month: numbers.get(month, 0) for month in range(first, last + 1)}
    most = max(shown.values()) or 1
    columns = [
        MonthColumn(name_month(month), number, place * STEP, HEIGHT - height, height)
        for place, (month, number) in enumerate(shown.items())
        for height in [round(HEIGHT * number / most, 2)]
    ]
    earlier = sum(number for month, number in numbers.items() if month < first)
    return MonthChart(columns, most, len(columns) * STEP - GAP, earlier)


def name_month(month: int) -> str:
    """A month, counted from the year 0, as people write it: `Jan 2026`."""
    year, number = divmod(month, _MONTHS)
    return f"{_NAMES[number]} {year}"


def _number_of(month: str) -> int:
    year, number = month.split("-")
    return int(year) * _MONTHS + int(number) - 1
