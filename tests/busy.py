"""How long things take on a machine that has other things to do.

Owns what tests of speed ask: bounds are given in seconds of a machine that has nothing else to do,
and are wider by as much as this one keeps whoever wants to compute waiting.
"""

from __future__ import annotations

import time
from typing import Final

_SPIN_SECONDS: Final = 0.3
"""Of processor time: many turns of the system's scheduler."""


def is_within(took: float, seconds: float) -> bool:
    """Whether something that took so long would have been done in that time without the others."""
    return took < seconds or took < seconds * _waiting()


def _waiting() -> float:
    """How much longer computing takes now than it takes of a processor's time; 1 at least."""
    began, began_on_processor = time.monotonic(), time.thread_time()
    while time.thread_time() - began_on_processor < _SPIN_SECONDS:
        pass
    passed = time.monotonic() - began
    return max(1.0, passed / (time.thread_time() - began_on_processor))
