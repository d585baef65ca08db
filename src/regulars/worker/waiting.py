"""Who waits in the web process for the end of an import, and for how long it makes sense.

The worker tells of the end. Where it cannot, since another machine's worker ran the import, and
where much stands before the import in the line, a look at the store does.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, wait
from threading import BoundedSemaphore, Condition, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

STAY_SECONDS: Final = 0.004
"""So long whoever brings an import stays in the very thread: most small imports have ended by then,
and changing threads takes longer than their own steps."""
STAY_ON_SECONDS: Final = 0.02
"""So much longer, where a look tells that little stands before the import."""
_MOST_STAYING: Final = 2
"""Threads, of the few that serve all requests."""
FIRST_LOOK_SECONDS: Final = 0.02
"""After this most small imports have ended, and nobody need look."""
LOOK_SECONDS: Final = 0.03
LONGEST_WAIT_SECONDS: Final = 5.0
"""A little longer than an upload waits with its answer."""
MOST_BYTES_BEFORE: Final = 256 * 1024
"""Where more stands before an import in its line, its answer does not wait for it."""


class WaitingImports:
    """The imports that somebody waits for."""

    def __init__(self, store: InstallationStore) -> None:
        self._store: Final = store
        self._changed: Final = Condition()
        self._futures: Final[dict[str, tuple[Future[None], float]]] = {}
        """With the instant since when."""
        self._is_stopped = False
        self._staying: Final = BoundedSemaphore(_MOST_STAYING)

    def start(self) -> None:
        """Begin to look."""
        Thread(target=self._look_on, name="waiting", daemon=True).start()

    def stop(self) -> None:
        """Let go of everybody who waits."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
            waiting = list(self._futures)
        for import_id in waiting:
            self.end(import_id)

    def add(self, import_id: str) -> Future[None]:
        """Wait for an import. The future is never an error."""
        future: Future[None] = Future()
        with self._changed:
            if not self._futures:
                self._changed.notify_all()
            self._futures[import_id] = future, time.monotonic()
        return future

    def stay(self, import_id: str, future: Future[None]) -> None:
        """Wait in this thread, for a moment, for the end of an import that was just added; nothing
        where others do so. Where much stands before the import, waiting ends here.
        """
        if not self._staying.acquire(blocking=False):
            return
        try:
            if wait([future], STAY_SECONDS).not_done:
                self._look_at({import_id: STAY_SECONDS})
                wait([future], STAY_ON_SECONDS)
        finally:
            self._staying.release()

    def end(self, import_id: str) -> None:
        """The import has ended, or waiting for it ends."""
        with self._changed:
            future, _ = self._futures.pop(import_id, (None, 0.0))
        if future is not None and future.set_running_or_notify_cancel():
            future.set_result(None)

    def _look_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._futures or self._is_stopped)
                if self._is_stopped:
                    return
            time.sleep(FIRST_LOOK_SECONDS)
            self._look()
            time.sleep(LOOK_SECONDS - FIRST_LOOK_SECONDS)

    def _look(self) -> None:
        now = time.monotonic()
        with self._changed:
            ages = {
                import_id: now - since
                for import_id, (_, since) in self._futures.items()
                if now - since > FIRST_LOOK_SECONDS / 2
            }
        if ages:
            self._look_at(ages)

    def _look_at(self, ages: dict[str, float]) -> None:
        """Let go of those who wait in vain, or for long enough."""
        try:
            before = self._store.line.find_waiting(ages.keys())
        except Exception:  # noqa: BLE001 - whoever waits after this must be let go of as well
            before = dict.fromkeys(ages, 0)  # it can be asked later
        for import_id, age in ages.items():
            is_far_behind = before.get(import_id, MOST_BYTES_BEFORE + 1) > MOST_BYTES_BEFORE
            if is_far_behind or age > LONGEST_WAIT_SECONDS:
                self.end(import_id)
