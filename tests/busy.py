"""How long things take on a machine that has other things to do.

Owns what tests of speed ask: bounds are given in seconds of a machine that has nothing else to do,
and are wider by as much as this one keeps whoever wants to compute waiting.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS: Final = 120
"""How long tests wait for what comes in the end; it may have to start Python first."""
_SPIN_SECONDS: Final = 0.3
"""Of processor time: many turns of the system's scheduler."""


def is_within(took: float, seconds: float) -> bool:
    """Whether something that took so long would have been done in that time without the others."""
    return took < seconds or took < seconds * _waiting()


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for a condition; fails where it does not come true in the end."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _waiting() -> float:
    """How much longer computing takes now than it takes of a processor's time; 1 at least."""
    began, began_on_processor = time.monotonic(), time.thread_time()
    while time.thread_time() - began_on_processor < _SPIN_SECONDS:
        pass
    passed = time.monotonic() - began
    return max(1.0, passed / (time.thread_time() - began_on_processor))
