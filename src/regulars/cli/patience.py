"""Waiting for an index that is being made or that another command has open.

Owns how long, and what a person at a terminal sees meanwhile.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from regulars.errors import IndexBusyError, TooBusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.services.index_access import IndexAccess, Measured

STANDSTILL_SECONDS: Final = 60.0
"""After which it is given up, if nothing has moved."""
_LOOK_SECONDS: Final = 0.2

Found = TypeVar("Found")


class PatientIndexes:
    """See `IndexAccess`; waits while the index is busy, for as long as something moves."""

    def __init__(self, indexes: IndexAccess) -> None:
        self._indexes: Final = indexes

    def count(self, company: str, condition: str) -> int:
        """See `IndexAccess`."""
        return _wait_for(lambda: self._indexes.count(company, condition))

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """See `IndexAccess`."""
        return _wait_for(
            lambda: self._indexes.find_ids(company, condition, after=after, limit=limit)
        )

    def measure(self, company: str, condition: str) -> Measured:
        """See `IndexAccess`."""
        return _wait_for(lambda: self._indexes.measure(company, condition))

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        """See `IndexAccess`."""
        _wait_for(lambda: self._indexes.rebuild(company, on_progress))


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[float], None]]:
    """A bar, where standard error is a terminal: what to tell which share is done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _wait_for(question: Callable[[], Found]) -> Found:
    try:
        return question()
    except TooBusyError as error:
        busy = error
    with progress_bar("Making the index") as on_progress:
        share = _share(busy)
        last_moved = time.monotonic()
        while True:
            on_progress(share)
            time.sleep(_LOOK_SECONDS)
            try:
                return question()
            except TooBusyError as error:
                if _share(error) != share:
                    share, last_moved = _share(error), time.monotonic()
                if time.monotonic() - last_moved > STANDSTILL_SECONDS:
                    raise


def _share(busy: TooBusyError) -> float:
    return busy.progress if isinstance(busy, IndexBusyError) else 0.0
