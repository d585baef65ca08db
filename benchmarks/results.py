"""What was measured, as a table for people and as JSON for programs."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

import msgspec
from rich.table import Table

from benchmarks.machine import Machine
from benchmarks.measured_run import Measure

if TYPE_CHECKING:
    from rich.console import Console


class Comparison(msgspec.Struct, frozen=True):
    """Runs of ours beside runs of what it is compared with, each pair taken one after the other."""

    name: str
    compared_with: str
    references: list[Measure]
    ours: list[Measure]

    @property
    def ratio(self) -> float:
        """Our rate as a share of the other: the median of the pairs."""
        return median(self.ratios)

    @property
    def cpu_ratio(self) -> float:
        """The same by processor time."""
        return median(
            reference.cpu_seconds / reference.records * ours.records / ours.cpu_seconds
            for reference, ours in zip(self.references, self.ours, strict=True)
        )

    @property
    def ratios(self) -> list[float]:
        """The share of every pair."""
        return [
            reference.microseconds_per_record / ours.microseconds_per_record
            for reference, ours in zip(self.references, self.ours, strict=True)
        ]


class Results(msgspec.Struct, frozen=True):
    """Everything that one call measured."""

    machine: Machine
    comparisons: list[Comparison]

    def to_json(self) -> bytes:
        """The measures, with the ratios that they give."""
        whole = msgspec.to_builtins(self)
        for row, comparison in zip(whole["comparisons"], self.comparisons, strict=True):
            row["ratio"] = round(comparison.ratio, 3)
            row["cpu_ratio"] = round(comparison.cpu_ratio, 3)
        return msgspec.json.format(msgspec.json.encode(whole)) + b"\n"

    def print_to(self, console: Console) -> None:
        """Print the table; times are microseconds a record, medians of the runs."""
        machine = self.machine
        table = Table(
            title=f"{machine.date}: {machine.cores} cores (load {machine.load}), "
            f"{machine.memory_gib} GiB, Python {machine.python}, {machine.database}"
        )
        table.add_column("import")
        for heading in (
            "compared with",
            "µs",
            "ours, µs",
            "ours, a second",
            "ratio",
            "of pairs",
            "by CPU",
        ):
            table.add_column(heading, justify="right")
        table.add_column("peak MiB", justify="right")
        for comparison in self.comparisons:
            table.add_row(*_cells(comparison))
        console.print(table)


def _cells(comparison: Comparison) -> list[str]:
    reference, ours = _time(comparison.references), _time(comparison.ours)
    return [
        comparison.name,
        comparison.compared_with,
        f"{reference:.1f}",
        f"{ours:.1f}",
        f"{1e6 / ours:,.0f}",
        f"{comparison.ratio:.2f}",
        f"{min(comparison.ratios):.2f}-{max(comparison.ratios):.2f}",
        f"{comparison.cpu_ratio:.2f}",
        f"{max(measure.peak_mib for measure in comparison.ours)}",
    ]


def _time(measures: list[Measure]) -> float:
    return median(measure.microseconds_per_record for measure in measures)
