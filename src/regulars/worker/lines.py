"""Runs waiting imports behind the requests: one line a company, companies side by side.

Owns the threads. A thread that is told to stop ends between two batches; what it leaves goes on at
the next start.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import RegularsError

if TYPE_CHECKING:
    from regulars.services.imports import Imports
    from regulars.services.installation import Installation

RETRY_SECONDS: Final = 2.0
STOP_SECONDS: Final = 5.0

log: Final = logging.getLogger(__name__)


class ImportLines:
    """The lines of all companies."""

    def __init__(self, installation: Installation, imports: Imports) -> None:
        self._installation: Final = installation
        self._imports: Final = imports
        self._lock: Final = Lock()
        self._awake: Final[set[str]] = set()
        """Companies for which something may wait that no thread has seen yet."""
        self._threads: Final[dict[str, Thread]] = {}
        self._ended: Final[dict[str, tuple[str, Future[None]]]] = {}
        """By import, its company and whom to tell of its end."""
        self._stop: Final = Event()

    def start(self) -> None:
        """Go on with what waited when the last process ended, and tidy up what it left."""
        companies = [company.short_name for company in self._installation.store.load_companies()]
        for company in companies:
            if self._installation.store.next_import(company) is not None:
                self._wake(company)
        Thread(target=self._sweep, args=(companies,), name="sweep", daemon=True).start()

    def run(self, company: str, import_id: str) -> Future[None]:
        """Have an accepted import run in its turn; the future is done when it has ended."""
        ended: Future[None] = Future()
        with self._lock:
            self._ended[import_id] = company, ended
        self._wake(company)
        return ended

    def stop(self) -> None:
        """End the threads between two batches."""
        self._stop.set()
        self._imports.stop()
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(STOP_SECONDS)

    def _wake(self, company: str) -> None:
        with self._lock:
            self._awake.add(company)
            if company not in self._threads and not self._stop.is_set():
                thread = Thread(target=self._drain, args=(company,), name=f"imports-{company}")
                thread.daemon = True
                self._threads[company] = thread
                thread.start()

    def _drain(self, company: str) -> None:
        while True:
            with self._lock:
                if company not in self._awake or self._stop.is_set():
                    del self._threads[company]
                    return
                self._awake.discard(company)
                waiting = [each for each, (owner, _) in self._ended.items() if owner == company]
            try:
                register = self._installation.open_register(company)
                self._imports.run_waiting(register, on_end=self._on_end)
                # Another process may have run some of them.
                for import_id in waiting:
                    self._on_end(import_id)
            except Exception as error:  # noqa: BLE001 - a thread that ends runs nothing any more
                # A full disk or a database that is away: what waits goes on when it is back.
                log.warning("imports of %s wait: %s", company, type(error).__name__)
                with self._lock:
                    self._awake.add(company)
                self._stop.wait(RETRY_SECONDS)

    def _on_end(self, import_id: str) -> None:
        with self._lock:
            _, ended = self._ended.pop(import_id, (None, None))
        if ended is not None and not ended.cancelled():
            ended.set_result(None)

    def _sweep(self, companies: list[str]) -> None:
        for company in companies:
            if self._stop.is_set():
                return
            try:
                self._imports.sweep(self._installation.open_register(company))
            except RegularsError as error:
                log.warning("bodies of %s are not swept: %s", company, type(error).__name__)
