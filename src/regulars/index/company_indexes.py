"""The indexes of all companies in one folder, which one process at a time holds.

Owns the folder, and the thread that keeps open indexes caught up, so that requests find little to
do.
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError, RegularsError, StorageFullError, describe_failure
from regulars.index.company_index import NEW_SUFFIX, SUFFIX, CompanyIndex
from regulars.index.database import remove_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regulars.index.company_index import IndexSettings
    from regulars.index.source import Source

LOOK_SECONDS: Final = 0.5
IDLE_SECONDS: Final = 15 * 60
"""After which an index that nobody asks gives its memory back."""

log: Final = logging.getLogger(__name__)


class CompanyIndexes:
    """The indexes below a folder. `open_register` gives the register of a company, or raises
    `UnknownNameError`.

    Raises `ConflictError` where another process holds the folder, `StorageFullError`.
    """

    def __init__(
        self, folder: Path, open_register: Callable[[str], Source], settings: IndexSettings
    ) -> None:
        self._folder: Final = folder
        self._open_register: Final = open_register
        self._settings: Final = settings
        self._indexes: Final[dict[str, CompanyIndex]] = {}
        self._opening: Final = Lock()
        self._is_closed: Final = Event()
        self._follower: Thread | None = None
        self._lock: Final = _lock_folder(folder)
        for path in folder.glob(f"*{NEW_SUFFIX}"):
            # Of a process that ended before it had made them.
            remove_file(path)

    def open(self, short_name: str) -> CompanyIndex:
        """The index of a company; the same object each time. Raises `UnknownNameError`."""
        with self._opening:
            index = self._indexes.get(short_name)
            if index is None:
                register = self._open_register(short_name)
                index = CompanyIndex(self._folder, short_name, register, self._settings)
                self._indexes[short_name] = index
            return index

    def start(self) -> None:
        """Follow the registers of open indexes, and those that have an index file."""
        self._follower = Thread(target=self._follow, name="index", daemon=True)
        self._follower.start()

    def close(self) -> None:
        """Close all indexes, and let another process have the folder."""
        self._is_closed.set()
        if self._follower is not None:
            self._follower.join()
        for index in self._indexes.values():
            index.close()
        os.close(self._lock)

    def _follow(self) -> None:
        failing: set[str] = set()
        self._open_present()
        while not self._is_closed.wait(LOOK_SECONDS):
            for name, index in list(self._indexes.items()):
                if self._is_closed.is_set():
                    return
                try:
                    if time.monotonic() - index.used_at > IDLE_SECONDS:
                        index.release()
                    else:
                        index.follow()
                    failing.discard(name)
                except Exception as error:  # noqa: BLE001 - the other companies are not to suffer
                    if name not in failing:
                        log.warning(
                            "the index of %s stays behind: %s", name, describe_failure(error)
                        )
                    failing.add(name)

    def _open_present(self) -> None:
        """Those that somebody asked before this process began."""
        for path in self._folder.glob(f"*{SUFFIX}"):
            try:
                self.open(path.stem)
            except RegularsError as error:
                log.warning("there is an index, but no company %s: %s", path.stem, error)


def _lock_folder(folder: Path) -> int:
    """The file whose lock says that the folder is held; the system lets go of it when the process
    ends, and processes that it starts do not have it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageFullError("the folder of the index cannot be written") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise ConflictError("another process holds the index; is a server running?") from None
    return file
