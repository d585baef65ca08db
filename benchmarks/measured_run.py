"""One measured run: a process of its own, so that its memory can be told from all others'.

Owns what goes to the process as its argument and comes back on its standard output.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Literal

import msgspec

from benchmarks import floor, ours

Side = Literal["floor", "floor of look-up", "ours"]

_KIB_PER_MIB: Final = 1024
_ALL: Final = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
"""Ours and the reading process, of which there is one at a time."""


class Task(msgspec.Struct, frozen=True):
    """What a run does: import a file of records into a company, by the one way or the other."""

    side: Side
    folder: str
    database_url: str
    """Empty for SQLite."""
    records_file: str
    """Its ending tells its format; the floors take NDJSON."""


class Measure(msgspec.Struct, frozen=True):
    """What a run took."""

    records: int
    seconds: float
    cpu_seconds: float
    """Of all our processes: on a busy machine steadier than `seconds`, but without the waiting for
    the disk, and without a database server."""
    peak_mib: int
    """The most memory that each of our processes had at a time, summed up; a database server's is
    not in it."""
    customers: int
    """Customers in the company afterwards."""

    @property
    def microseconds_per_record(self) -> float:
        """Time for one record."""
        return self.seconds / self.records * 1e6


def run(task: Task) -> Measure:
    """Do a task in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.measured_run", msgspec.json.encode(task).decode()],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        env={key: value for key, value in os.environ.items() if not key.startswith("REGULARS_")},
    )
    return msgspec.json.decode(answer.stdout, type=Measure)


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in _ALL]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _measure(task: Task) -> Measure:
    folder, path = Path(task.folder), Path(task.records_file)
    installation = ours.open_company(folder, task.database_url)
    began, cpu_began = time.perf_counter(), _cpu_seconds()
    if task.side == "floor":
        records = floor.import_file(folder, task.database_url, path)
    elif task.side == "floor of look-up":
        records = floor.look_up_file(installation, folder, task.database_url, path)
    else:
        records = ours.import_file(installation, path)
    seconds, cpu_seconds = time.perf_counter() - began, _cpu_seconds() - cpu_began
    peak_mib = sum(resource.getrusage(who).ru_maxrss for who in _ALL) // _KIB_PER_MIB
    customers = ours.count_customers(installation)
    installation.close()
    return Measure(records, seconds, cpu_seconds, peak_mib, customers)


if __name__ == "__main__":
    print(msgspec.json.encode(_measure(msgspec.json.decode(sys.argv[1], type=Task))).decode())
