"""There is one server on a data folder.

Owns the file `server.lock`, whose lock says that somebody serves; the system lets go of it when the
process ends, however.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Final

from regulars.errors import ConflictError

if TYPE_CHECKING:
    from pathlib import Path

_NAME: Final = "server.lock"


class ServerLock:
    """Held until `release`, or to the end of the process.

    Raises `ConflictError` where another server holds it.
    """

    def __init__(self, folder: Path) -> None:
        # Processes that this one starts do not inherit the file, and so not the lock.
        self._file: Final = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._file)
            raise ConflictError("another server runs on this data folder") from None

    def release(self) -> None:
        """Let another server begin."""
        os.close(self._file)
