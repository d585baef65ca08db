"""The company whose index is measured: imported once, and kept for further runs where that is
asked for; and how its index is opened and made.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from benchmarks import ours
from benchmarks.made_up import COMPANY, write_records
from benchmarks.measured_run import Task, run
from regulars.index.company_index import SUFFIX, IndexSettings
from regulars.index.company_indexes import CompanyIndexes
from regulars.index.database import Resources, remove_file
from regulars.services.installation import FollowedRegister
from regulars.settings import read_settings

if TYPE_CHECKING:
    from regulars.services.installation import Installation

PART: Final = 1_000_000
"""Customers imported at a time."""
_KIB_PER_MIB: Final = 1024
_COMMAND: Final = (sys.executable, "-m", "regulars.cli.index_build", COMPANY)


class Built(msgspec.Struct, frozen=True):
    """What making an index took that holds `changes` changes."""

    changes: int
    seconds: float
    cpu_seconds: float
    peak_mib: int
    file_mib: float

    @property
    def microseconds_per_change(self) -> float:
        """Time for one customer, or one change of it."""
        return self.seconds / self.changes * 1e6


class IndexStore:
    """A data folder whose company has so many customers, one of a hundred changed since."""

    def __init__(self, folder: Path, customers: int) -> None:
        self.folder: Final = folder
        self.customers: Final = customers
        self.index_folder: Final = folder / "index"
        self._records: Final = folder / "records.ndjson"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._fill()
        self.installation: Final[Installation] = ours.open_company(folder, "")
        self.register: Final = self.installation.open_register(COMPANY)

    @property
    def path(self) -> Path:
        """The index file."""
        return self.index_folder / f"{COMPANY}{SUFFIX}"

    def _fill(self) -> None:
        installation = ours.open_company(self.folder, "")
        position = installation.open_register(COMPANY).store.read_position()
        installation.close()
        for start in range(position.last_customer_id, self.customers, PART):
            write_records(self._records, "unordered", start, min(PART, self.customers - start))
            self._import()
        if position.last_customer_id < self.customers:
            # A night in which one of a hundred has changed: what history conditions find.
            first = max(0, self.customers - PART)
            write_records(self._records, "unordered", first, min(PART, self.customers), changed=7)
            self._import()

    def import_more(self, start: int, count: int, *, changed: int | None = None) -> None:
        """Import customers that may be known; a hundredth of them has changed."""
        night = None if changed is None else changed % 100
        write_records(self._records, "unordered", start, count, changed=night)
        self._import()

    def _import(self) -> None:
        run(Task("ours", str(self.folder), "", str(self._records)))
        self._records.unlink()

    def build(self) -> Built:
        """Make the index from nothing, as `regulars index rebuild` has it made, and keep it."""
        path = self.index_folder / f"{COMPANY}.benchmark.new"
        self.index_folder.mkdir(mode=0o700, exist_ok=True)
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("REGULARS_")
        }
        began = time.perf_counter()
        with subprocess.Popen(
            [*_COMMAND, str(path)],
            env=environment | {"REGULARS_DATA": str(self.folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as child:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        if child.returncode:
            raise AssertionError(child.returncode)
        # A log that lies there belongs to the file of an earlier run.
        remove_file(self.path)
        path.rename(self.path)
        return Built(
            self.register.store.read_position().last_version,
            seconds,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss // _KIB_PER_MIB,
            self.path.stat().st_size / 1024**2,
        )

    def open_indexes(self) -> CompanyIndexes:
        """The indexes as a server has them, though nothing follows the store unasked."""
        return open_indexes(self.installation, self.index_folder)

    def close(self) -> None:
        """Close the installation."""
        self.installation.close()


def open_indexes(installation: Installation, folder: Path) -> CompanyIndexes:
    """See `IndexStore.open_indexes`."""
    memory_mib = read_settings({"REGULARS_DATA": str(folder)}).index_memory_mib
    settings = IndexSettings(lambda _, path: [*_COMMAND, str(path)], Resources(memory_mib))
    return CompanyIndexes(folder, partial(FollowedRegister, installation), settings)
