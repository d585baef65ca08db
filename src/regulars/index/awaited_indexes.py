"""The indexes of a process that goes on whether or not another one holds their folder just now.

Owns the waiting for the folder, which a command may hold while a server starts.
"""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import IndexBusyError, RegularsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.index.company_index import CompanyIndex
    from regulars.index.company_indexes import CompanyIndexes

_RETRY_SECONDS: Final = 0.5

log: Final = logging.getLogger(__name__)


class AwaitedIndexes:
    """As `CompanyIndexes`; until the folder is held, every index is busy. `open_folder` holds it,
    and raises `ConflictError` where another process does.
    """

    def __init__(self, open_folder: Callable[[], CompanyIndexes]) -> None:
        self._open_folder: Final = open_folder
        self._indexes: CompanyIndexes | None = None
        self._is_closed: Final = Event()
        self._waiting: Final = Thread(target=self._wait, name="index-folder", daemon=True)

    def start(self) -> None:
        """Hold the folder, as soon as that can be, and keep open indexes caught up."""
        self._waiting.start()

    def open(self, short_name: str) -> CompanyIndex:
        """The index of a company. Raises `IndexBusyError`, `UnknownNameError`."""
        if self._indexes is None:
            raise IndexBusyError(0.0, 1)
        return self._indexes.open(short_name)

    def close(self) -> None:
        """Close all indexes, and let another process have the folder."""
        self._is_closed.set()
        if self._waiting.is_alive():
            self._waiting.join()
        if self._indexes is not None:
            self._indexes.close()

    def _wait(self) -> None:
        told = ""
        while not self._is_closed.is_set():
            try:
                indexes = self._open_folder()
            except RegularsError as error:
                if str(error) != told:
                    log.warning("the index has to wait: %s", error)
                told = str(error)
                self._is_closed.wait(_RETRY_SECONDS)
            else:
                indexes.start()
                self._indexes = indexes
                return
