"""Opening an index file, and making one from nothing: here, or in a process of its own that ends
with this one.

Owns what passes between the two: the child says how far it is, line by line, and reads the end of
its input when its parent is gone.
"""

from __future__ import annotations

import logging
import math
import os
import subprocess
import sys
import time
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import IndexBusyError
from regulars.index.copy import IndexCopy
from regulars.index.database import Database, Resources, remove_file
from regulars.index.errors import DamagedIndexError, ForeignIndexError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regulars.index.source import Source

    OnProgress = Callable[[int, int], None]
    """Takes how many changes were taken over, and of how many."""

GROUP_CHANGES: Final = 200_000
"""Written as one transaction: large ones go into the file at once."""
_FIRST_GUESS_SECONDS: Final = 5
_LONGEST_WAIT_SECONDS: Final = 60

log: Final = logging.getLogger(__name__)


def open_file(path: Path, source: Source, resources: Resources) -> IndexCopy:
    """Open a file that was made before. Raises `UnfitIndexError`."""
    if not path.exists():
        raise DamagedIndexError("there is none")
    database = Database(path, resources)
    try:
        return IndexCopy(database, source)
    except BaseException:
        database.close()
        raise


def build_file(
    path: Path, source: Source, resources: Resources, on_progress: OnProgress = lambda *_: None
) -> IndexCopy:
    """Make a file that holds what the register holds now; gives it open.

    What is written meanwhile is left to be taken over.
    """
    remove_file(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(path, resources)
    try:
        copy = IndexCopy(database, source, is_new=True)
        _fill(copy, on_progress)
        database.checkpoint()
    except BaseException:
        database.close()
        remove_file(path)
        raise
    return copy


def _fill(copy: IndexCopy, on_progress: OnProgress) -> None:
    target = copy.count_behind()
    while copy.mark.version < target:
        with copy.database.write():
            last = min(target, copy.mark.version + GROUP_CHANGES)
            while copy.mark.version < last:
                if not copy.advance():
                    raise ForeignIndexError("the history has gaps")
                on_progress(copy.mark.version, target)


def build_in_child(path: Path, source: Source, resources: Resources) -> None:
    """What the child does: it says how far it is on its standard output."""
    Thread(target=_end_with_parent, name="parent", daemon=True).start()

    def say(done: int, target: int) -> None:
        sys.stdout.write(f"{done} {target}\n")
        sys.stdout.flush()

    build_file(path, source, resources, say).database.close()


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


class Building:
    """A file that a child is making. `command` are the child's arguments."""

    def __init__(self, path: Path, command: list[str]) -> None:
        self.path: Final = path
        self._began: Final = time.monotonic()
        self._done = 0
        self._target = 0
        # Of our own making.
        self._process: Final = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        Thread(target=self._listen, name="index", daemon=True).start()

    def has_ended(self) -> bool:
        """Whether the child is over."""
        return self._process.poll() is not None

    def is_made(self) -> bool:
        """Whether the file is there, where the child is over."""
        return self._process.returncode == 0

    def busy(self) -> IndexBusyError:
        """How far it is, as an error for whoever cannot be answered."""
        return busy_error(self._done, self._target, time.monotonic() - self._began)

    def stop(self) -> None:
        """Have the child end if it has not, and take away what it made, unless that was moved."""
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        remove_file(self.path)

    def _listen(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as lines, suppress(ValueError):
            for line in lines:
                done, target = line.split()
                self._done, self._target = int(done), int(target)


def busy_error(done: int, target: int, seconds: float) -> IndexBusyError:
    """What is said while `done` of `target` changes were taken over in so many seconds."""
    if not (done and target):
        return IndexBusyError(0.0, _FIRST_GUESS_SECONDS)
    wait = math.ceil(seconds / done * (target - done))
    return IndexBusyError(done / target, max(1, min(wait, _LONGEST_WAIT_SECONDS)))
