"""What pages took, as a table and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
from rich.table import Table

from benchmarks.machine import Machine

if TYPE_CHECKING:
    from rich.console import Console

LONGEST_MILLISECONDS: Final = 300
"""Of p95 of any page, with a million customers."""


class PageTimes(msgspec.Struct, frozen=True):
    """How long one page took, each time."""

    name: str
    milliseconds: list[float]
    processor_milliseconds: list[float]
    """That the server had of all processors meanwhile: on a busy machine, what tells most."""

    def percentile(self, percent: int) -> float:
        """So many per cent of the requests took at most so long."""
        return _percentile(self.milliseconds, percent)

    def processor_percentile(self, percent: int) -> float:
        """The same of processor time."""
        return _percentile(self.processor_milliseconds, percent)

    @property
    def line(self) -> str:
        """In one line."""
        return f"{self.name}: {self.percentile(50):.0f} / {self.percentile(95):.0f} ms"


class PageResults(msgspec.Struct, frozen=True):
    """All pages of one run."""

    machine: Machine
    customers: int
    pages: list[PageTimes]

    @property
    def slowest(self) -> PageTimes:
        """The page with the longest p95."""
        return max(self.pages, key=lambda page: page.percentile(95))

    def to_json(self) -> bytes:
        """Every request, and what follows from them."""
        whole = msgspec.to_builtins(self)
        for row, page in zip(whole["pages"], self.pages, strict=True):
            row |= {"p50": page.percentile(50), "p95": page.percentile(95)}
            row["processor_p50"] = page.processor_percentile(50)
        whole["slowest"] = self.slowest.name
        return msgspec.json.format(msgspec.json.encode(whole)) + b"\n"

    def print_to(self, console: Console) -> None:
        """Print the table, and which page is the slowest."""
        machine = self.machine
        table = Table(
            title=f"{machine.date}: {self.customers:,} customers, {machine.cores} cores "
            f"(load {machine.load}), Python {machine.python}"
        )
        for heading in (
            "page or part",
            "p50, ms",
            "p95, ms",
            "most, ms",
            "processor, p50",
            f"< {LONGEST_MILLISECONDS}",
        ):
            table.add_column(heading, justify="left" if heading == "page or part" else "right")
        for page in self.pages:
            p95 = page.percentile(95)
            table.add_row(
                page.name,
                f"{page.percentile(50):.0f}",
                f"{p95:.0f}",
                f"{max(page.milliseconds):.0f}",
                f"{page.processor_percentile(50):.0f}",
                "yes" if p95 < LONGEST_MILLISECONDS else "NO",
            )
        console.print(table)
        console.print(f"Slowest: {self.slowest.line}")


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
