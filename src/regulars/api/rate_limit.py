"""How many requests each token or user may make in a minute (SPEC section 13).

Kept in memory: with several web processes, each counts for itself.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_SECONDS: Final = 60
_MOST_WINDOWS: Final = 100_000


class Allowance(msgspec.Struct, frozen=True):
    """What is left to somebody in the present minute."""

    limit: int
    remaining: int
    reset_seconds: int
    is_exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """The headers that tell a client."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class RateLimit:
    """Counts requests in windows of a minute. `clock` gives monotonic seconds."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit: Final = limit
        self._clock: Final = clock
        self._windows: Final[dict[str, tuple[float, int]]] = {}

    def count(self, who: str) -> Allowance:
        """Count a request of somebody."""
        now = self._clock()
        began, used = self._windows.get(who, (now, 0))
        if now - began >= WINDOW_SECONDS:
            began, used = now, 0
        if len(self._windows) >= _MOST_WINDOWS and who not in self._windows:
            self._forget_old(now)
        self._windows[who] = (began, used + 1)
        return Allowance(
            self._limit,
            max(0, self._limit - used - 1),
            math.ceil(began + WINDOW_SECONDS - now),
            used >= self._limit,
        )

    def _forget_old(self, now: float) -> None:
        for who, (began, _) in list(self._windows.items()):
            if now - began >= WINDOW_SECONDS:
                del self._windows[who]
        if len(self._windows) >= _MOST_WINDOWS:
            self._windows.clear()
