"""Import of new customers, beside its floor; and how its rate holds when many are stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.made_up import write_records
from benchmarks.measured_run import Measure, Side, Task, run
from benchmarks.results import Comparison

if TYPE_CHECKING:
    from benchmarks.made_up import Order
    from benchmarks.places import Places
    from regulars.domain.imports.body_form import Format

GROWTH_START: Final = 100_000
"""Customers stored where the rate of a small store is taken."""
GROWTH_PARTS: Final = 4
"""Imports in a row whose time is taken, since keys are moved over in some imports only."""


def compare_new_customers(
    places: Places, order: Order, file_format: Format, records: int, pairs: int
) -> Comparison:
    """Import a file of new customers into an empty company: floor and ours by turns.

    The floor takes the same records as NDJSON, whatever the format of ours.
    """
    paths: dict[Side, Path] = {
        "floor": places.folder / "records.ndjson",
        "ours": places.folder / f"records.{file_format}",
    }
    write_records(paths["floor"], order, 0, records)
    write_records(paths["ours"], order, 0, records, file_format=file_format)
    measures: dict[Side, list[Measure]] = {"floor": [], "ours": []}
    for _ in range(pairs):
        for side, measured in measures.items():
            with places.fresh() as (folder, database_url):
                measured.append(run(Task(side, folder, database_url, str(paths[side]))))
    for path in set(paths.values()):
        path.unlink()
    name = f"{records:,} new, {order}, {file_format}"
    return Comparison(name, "floor", measures["floor"], measures["ours"])


def compare_nightly(places: Places, order: Order, records: int, pairs: int) -> Comparison:
    """Import a file again in which one record of a hundred has changed, another each night."""
    path = places.folder / "records.ndjson"
    measures: dict[Side, list[Measure]] = {"floor of look-up": [], "ours": []}
    with places.fresh() as (folder, database_url):
        write_records(path, order, 0, records)
        run(Task("ours", folder, database_url, str(path)))
        for night in range(pairs):
            write_records(path, order, 0, records, changed=night)
            for side, measured in measures.items():
                measured.append(run(Task(side, folder, database_url, str(path))))
    path.unlink()
    name = f"{records:,} nightly, {order}"
    return Comparison(name, "look-up", measures["floor of look-up"], measures["ours"])


def compare_growth(places: Places, order: Order, stored: int, part: int) -> Comparison:
    """Import further customers, `part` at a time: where few are stored, and where `stored` are."""
    with places.fresh() as (folder, database_url):
        company = _Growing(places, order, folder, database_url)
        company.grow(min(GROWTH_START, stored))
        small = company.grow_in_parts(part)
        if stored > company.stored:
            company.grow(stored - company.stored)
        large = company.grow_in_parts(part)
    return Comparison(f"{part:,} new on {stored:,} stored, {order}", "few stored", [small], [large])


class _Growing:
    """A company to which customers are added."""

    def __init__(self, places: Places, order: Order, folder: str, database_url: str) -> None:
        self._path = places.folder / "records.ndjson"
        self._order: Order = order
        self._folder = folder
        self._database_url = database_url
        self.stored = 0

    def grow(self, count: int) -> Measure:
        """Import the next `count` customers."""
        write_records(self._path, self._order, self.stored, count)
        measure = run(Task("ours", self._folder, self._database_url, str(self._path)))
        self._path.unlink()
        self.stored += count
        return measure

    def grow_in_parts(self, part: int) -> Measure:
        """Several imports of `part` customers in a row, as if they were one."""
        measures = [self.grow(part) for _ in range(GROWTH_PARTS)]
        return Measure(
            records=sum(measure.records for measure in measures),
            seconds=sum(measure.seconds for measure in measures),
            cpu_seconds=sum(measure.cpu_seconds for measure in measures),
            peak_mib=max(measure.peak_mib for measure in measures),
            customers=self.stored,
        )
