"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from datetime import UTC, datetime

import msgspec
import psycopg


class Machine(msgspec.Struct, frozen=True):
    """The parts of a machine and its software that figures depend on."""

    date: str
    cores: int
    memory_gib: float
    load: float
    """Processes that wanted to run in the minute before: a busy machine gives poor figures."""
    system: str
    python: str
    database: str


def describe_machine(database_url: str) -> Machine:
    """This machine, and the database that the URL names; SQLite if it is empty."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        date=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count() or 1,
        memory_gib=round(pages / 1024**3, 1),
        load=round(os.getloadavg()[0], 1),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        database=_database(database_url),
    )


def _database(database_url: str) -> str:
    if not database_url:
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(database_url) as connection:
        return f"PostgreSQL {connection.info.parameter_status('server_version')}"


def processor_seconds(process: int) -> float:
    """What a process has had of all processors, with all its threads, those that ended too."""
    # The clock of another process, as Linux numbers it; see clock_getcpuclockid(3).
    return time.clock_gettime(~process << 3 | 2)
