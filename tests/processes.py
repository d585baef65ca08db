"""Processes that a server has started, as the system knows them; and how to have one do nothing."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def sleeping(process: int) -> Iterator[None]:
    """Have a process do nothing while the block runs."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def workers_of(pid: int) -> list[int]:
    """The worker of a web process, if it has one now; nothing else that it started."""
    return list(filter(_is_worker, _started_by(pid)))


def children_of(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have started."""
    found: set[int] = set()
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in _started_by(pid):
            found |= {child} | children_of(child)
    return found


def _started_by(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found |= set(map(int, (task / "children").read_text("ascii").split()))
    return found


def _is_worker(pid: int) -> bool:
    try:
        return b"regulars.cli.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
