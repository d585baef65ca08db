"""One run for many callers.

Owns who runs, who waits, and how often. Must not know what is run.
"""

from __future__ import annotations

import time
from threading import Condition
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class GatheredRuns:
    """Runs an action at most once in every `period_seconds`, and one run at a time."""

    def __init__(self, action: Callable[[], None], period_seconds: float) -> None:
        self._action: Final = action
        self._period_seconds: Final = period_seconds
        self._changed: Final = Condition()
        self._is_running = False
        self._begun = 0
        self._ended = 0
        self._last_began = 0.0
        self._failure: Exception | None = None
        """Of the run that ended last."""

    def run(self) -> None:
        """Return when a run has ended that began after this call; raises what that run raised."""
        with self._changed:
            # One that runs already may have missed what the caller is after.
            wanted = self._begun + 1
            while self._is_running and self._ended < wanted:
                self._changed.wait()
            if self._ended >= wanted:
                if self._failure is not None:
                    raise self._failure
                return
            self._is_running = True
            rest = self._last_began + self._period_seconds - time.monotonic()
        self._lead(rest)

    def _lead(self, rest: float) -> None:
        failure: Exception | None = None
        is_over = False
        try:
            # Whoever comes until then shares the run.
            time.sleep(max(0.0, rest))
            with self._changed:
                self._begun += 1
                self._last_began = time.monotonic()
            self._action()
            is_over = True
        except Exception as error:
            failure, is_over = error, True
            raise
        finally:
            with self._changed:
                if is_over:
                    self._ended, self._failure = self._begun, failure
                self._is_running = False
                self._changed.notify_all()
