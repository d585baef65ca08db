"""Counts failed sign-ins, so that guessing stops (SPEC section 13).

Kept in memory: each process counts for itself, and a restart forgives.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Final

from regulars.errors import TooManyAttemptsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_FAILURES: Final = 10
WINDOW_SECONDS: Final = 15 * 60
_MOST_KEYS: Final = 100_000


class FailedAttempts:
    """Failures by account and by address of the network. `clock` gives monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock: Final = clock
        self._failures: Final[dict[str, deque[float]]] = {}
        self._lock: Final = Lock()

    def check(self, keys: Iterable[str]) -> None:
        """Raises `TooManyAttemptsError` if any of the keys failed too often."""
        with self._lock:
            for key in keys:
                failures = self._recent(key)
                if len(failures) >= MOST_FAILURES:
                    wait = int(failures[0] + WINDOW_SECONDS - self._clock()) + 1
                    msg = "too many failed sign-ins; wait before the next one"
                    raise TooManyAttemptsError(msg, wait)

    def add(self, keys: Iterable[str]) -> None:
        """Note a failure."""
        with self._lock:
            for key in keys:
                if len(self._failures) >= _MOST_KEYS and key not in self._failures:
                    self._forget_old()
                self._failures.setdefault(key, deque(maxlen=MOST_FAILURES)).append(self._clock())

    def forget(self, key: str) -> None:
        """A sign-in succeeded."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str) -> deque[float]:
        failures = self._failures.get(key, deque())
        oldest = self._clock() - WINDOW_SECONDS
        while failures and failures[0] < oldest:
            failures.popleft()
        return failures

    def _forget_old(self) -> None:
        for key in list(self._failures):
            if not self._recent(key):
                del self._failures[key]
        if len(self._failures) >= _MOST_KEYS:
            # Somebody tries from very many places: the oldest half is the least of our worries.
            for key in list(self._failures)[: _MOST_KEYS // 2]:
                del self._failures[key]
