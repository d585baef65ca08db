"""What was measured of an index, as a table for people and as JSON for programs."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

import msgspec
from rich.table import Table

from benchmarks.index_store import Built
from benchmarks.machine import Machine

if TYPE_CHECKING:
    from rich.console import Console

GRACE_MS: Final = 10
"""What ours may take in any case, on top of its share (DESIGN section 5)."""


class Pairs(msgspec.Struct, frozen=True):
    """One question by turns: by hand, and to the index. Times are milliseconds."""

    name: str
    factor: float
    """How many times the floor ours may take, but for `GRACE_MS`."""
    floors: list[float]
    ours: list[float]

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the floor: the median of the pairs."""
        return median(mine / floor for mine, floor in zip(self.ours, self.floors, strict=True))

    @property
    def is_reached(self) -> bool:
        """Whether the aim is."""
        return median(self.ours) <= self.factor * median(self.floors) + GRACE_MS


class Moments(msgspec.Struct, frozen=True):
    """Something that is not compared; the name says where it is not milliseconds."""

    name: str
    milliseconds: list[float]


class IndexResults(msgspec.Struct):
    """Everything that one call measured."""

    machine: Machine
    customers: int
    built: Built
    cold: list[Pairs] = []
    warm: list[Pairs] = []
    moments: list[Moments] = []

    def to_json(self) -> bytes:
        """Every single time."""
        return msgspec.json.format(msgspec.json.encode(self)) + b"\n"

    def print_to(self, console: Console) -> None:
        """Print the tables; times are medians."""
        machine, built = self.machine, self.built
        table = Table(
            title=f"{machine.date}: {self.customers:,} customers, {machine.cores} cores "
            f"(load {machine.load}), Python {machine.python}, {machine.database}"
        )
        table.add_column("warm")
        for heading in ("by hand, ms", "ours, ms", "ratio", "aim", "cold by hand", "ours", "ratio"):
            table.add_column(heading, justify="right")
        cold = {each.name: each for each in self.cold}
        for each in self.warm:
            cells = _cells(cold[each.name]) if each.name in cold else ["", "", ""]
            reached = "reached" if each.is_reached else "missed"
            table.add_row(each.name, *_cells(each), reached, *cells)
        console.print(table)
        console.print(
            f"made anew: {built.seconds:.1f} s, {built.microseconds_per_change:.1f} µs a change "
            f"({built.cpu_seconds / built.changes * 1e6:.1f} by CPU), peak {built.peak_mib} MiB, "
            f"file {built.file_mib:.0f} MiB"
        )
        for moment in self.moments:
            console.print(
                f"{moment.name}: {median(moment.milliseconds):.2f}, "
                f"{min(moment.milliseconds):.2f} to {max(moment.milliseconds):.2f}"
            )


def _cells(pairs: Pairs) -> list[str]:
    return [
        f"{median(pairs.floors):.2f}",
        f"{median(pairs.ours):.2f}",
        f"{pairs.ratio:.2f}",
    ]
