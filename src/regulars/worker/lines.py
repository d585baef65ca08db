"""Runs waiting imports: one line a company, companies side by side.

Owns the threads. A thread that is told to stop ends between two transactions; what it leaves goes
on at the next start, or in another worker.
"""

from __future__ import annotations

import logging
import time
from threading import Condition, RLock, Thread
from typing import TYPE_CHECKING, Final

from regulars.errors import describe_failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.services.imports import Imports
    from regulars.services.installation import Installation

LOOK_SECONDS: Final = 1.0
"""How often the line is looked at for imports that nobody told of: those that commands and other
web processes accepted, and those that another worker left behind."""
PAUSE_SECONDS: Final = 2.0
"""How long a company rests after a failure that is not an import's, such as a full disk."""
MOST_AT_ONCE: Final = 32
"""Companies whose imports run side by side. Each takes a session of the database."""
STAY_SECONDS: Final = 2.0
"""How long the thread of a company waits for its next import, since starting one takes as long as
several steps of a small import."""
_SHORTEST_WAIT_SECONDS: Final = 0.002
"""For the lock of a company, which somebody else holds; each wait is twice as long as the last."""

log: Final = logging.getLogger(__name__)


class ImportLines:
    """The lines of all companies. `on_end` is told of each import that has ended here."""

    def __init__(
        self, installation: Installation, imports: Imports, on_end: Callable[[str], None]
    ) -> None:
        self._installation: Final = installation
        self._imports: Final = imports
        self._on_end: Final = on_end
        lock = RLock()
        self._changed: Final = Condition(lock)
        self._came: Final = Condition(lock)
        """What the threads of companies wait for that have nothing to do."""
        self._awake: Final[dict[str, None]] = {}
        """Companies for which something may wait that no thread has seen yet, in order."""
        self._resting: Final[dict[str, float]] = {}
        """Companies that are not to be tried before an instant."""
        self._waits: Final[dict[str, float]] = {}
        """How long those rest whose lock somebody else holds."""
        self._paused: Final[set[str]] = set()
        """Companies of whose failure the log has been told."""
        self._threads: Final[dict[str, Thread]] = {}
        self._is_stopped = False

    def start(self) -> None:
        """Begin to look at the lines; what the last worker left goes on."""
        Thread(target=self._look, name="look", daemon=True).start()

    def wake(self, company: str) -> None:
        """Something waits for a company: run it, as soon as there is a thread for it."""
        with self._changed:
            self._awake[company] = None
            self._start_threads()

    def stop(self, seconds: float) -> bool:
        """End the threads between two transactions; False where some take longer than that."""
        self._imports.stop()
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
            self._came.notify_all()
            return self._changed.wait_for(lambda: not self._threads, seconds)

    # Threads

    def _start_threads(self) -> None:
        """Give a thread to each company that is awake and needs one. Holds the condition."""
        if self._is_stopped:
            return
        for company in list(self._awake):
            if company in self._threads:
                self._came.notify_all()
            elif len(self._threads) >= MOST_AT_ONCE:
                # Those that only wait make room.
                self._came.notify_all()
                return
            elif company not in self._resting:
                thread = Thread(target=self._drain, args=(company,), name=f"imports-{company}")
                thread.daemon = True
                self._threads[company] = thread
                thread.start()

    def _drain(self, company: str) -> None:
        while True:
            with self._changed:
                self._came.wait_for(
                    lambda: (
                        self._is_due(company)
                        or self._is_stopped
                        or len(self._threads) >= MOST_AT_ONCE
                    ),
                    STAY_SECONDS,
                )
                if not self._is_due(company) or self._is_stopped:
                    del self._threads[company]
                    self._changed.notify_all()
                    self._start_threads()
                    return
                del self._awake[company]
            try:
                register = self._installation.open_register(company)
                is_ours = self._imports.run_waiting(register, self._on_end)
            except Exception as error:  # noqa: BLE001 - a thread that ends runs nothing any more
                self._pause(company, error)
            else:
                self._go_on(company, is_ours=is_ours)

    def _is_due(self, company: str) -> bool:
        return company in self._awake and company not in self._resting

    def _pause(self, company: str, error: Exception) -> None:
        """A full disk or a database that is away: what waits goes on when it is back."""
        with self._changed:
            is_new = company not in self._paused
            self._paused.add(company)
            self._rest(company, PAUSE_SECONDS)
        if is_new:
            log.warning("imports of %s pause: %s", company, describe_failure(error))

    def _go_on(self, company: str, *, is_ours: bool) -> None:
        with self._changed:
            was_paused = company in self._paused
            self._paused.discard(company)
            waited = self._waits.pop(company, _SHORTEST_WAIT_SECONDS / 2)
            if not is_ours:
                self._waits[company] = min(2 * waited, LOOK_SECONDS)
                self._rest(company, self._waits[company])
        if was_paused:
            log.info("imports of %s go on", company)

    def _rest(self, company: str, seconds: float) -> None:
        self._awake[company] = None
        self._resting[company] = time.monotonic() + seconds
        self._changed.notify_all()

    def _look(self) -> None:
        """Wake what has rested long enough, and now and then what waits in the store."""
        next_look = 0.0
        is_away = False
        while not self._is_stopped:
            if time.monotonic() >= next_look:
                is_away = self._look_at_store(was_away=is_away)
                next_look = time.monotonic() + LOOK_SECONDS
            with self._changed:
                now = time.monotonic()
                for company, until in list(self._resting.items()):
                    if until <= now:
                        del self._resting[company]
                self._start_threads()
                until = min([next_look, *self._resting.values()])
                if not self._is_stopped:
                    self._changed.wait(max(0.0, until - now))

    def _look_at_store(self, *, was_away: bool) -> bool:
        """Wake the companies that have imports; gives whether the store could not be asked."""
        try:
            companies = self._installation.store.line.load_waiting_companies()
        except Exception as error:  # noqa: BLE001 - without this thread no company is woken again
            if not was_away:
                log.warning("the line of imports cannot be seen: %s", describe_failure(error))
            return True
        with self._changed:
            self._awake.update(dict.fromkeys(companies))
        return False
