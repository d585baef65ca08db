"""Files that one process at a time can hold; the system lets go of them when it ends, however.

Owns the locks `server.lock` and `index.lock` of the data folder.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError

if TYPE_CHECKING:
    from pathlib import Path

_SERVER: Final = "server.lock"
_INDEX: Final = "index.lock"


class FolderLock:
    """A lock that is held until `release`, or to the end of the process."""

    def __init__(self, file: int) -> None:
        self._file: Final = file

    def release(self) -> None:
        """Let another one have it."""
        os.close(self._file)


def lock_server(folder: Path) -> FolderLock:
    """Be the only server on a data folder. Raises `ConflictError` where there is one already."""
    lock = _try_lock(folder / _SERVER)
    if lock is None:
        raise ConflictError("another server runs on this data folder")
    return lock


def try_lock_index(folder: Path) -> FolderLock | None:
    """Be the only process that opens the indexes of a data folder; None where another one is."""
    return _try_lock(folder / _INDEX)


def _try_lock(path: Path) -> FolderLock | None:
    # Processes that this one starts do not inherit the file, and so not the lock.
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except BaseException:
        os.close(file)
        raise
    return FolderLock(file)
