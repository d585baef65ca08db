"""How the interpreter of a process runs that stays: the server's, and a worker's."""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLLECT_AFTER: Final = 50_000
_SWITCH_SECONDS: Final = 0.0005
"""A thread that is long at work, such as one that counts a large body or imports it, takes short
turns with those whose many short steps are not each to wait long."""


@contextmanager
def settled() -> Iterator[None]:
    """While the block runs, the cyclic collector seldom looks, and never at what is loaded now:
    records leave no cycles behind. Threads take short turns.
    """
    thresholds, switch_seconds = gc.get_threshold(), sys.getswitchinterval()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(switch_seconds)
        gc.set_threshold(*thresholds)
        # The interpreter takes all apart as it ends: extension modules complain of what it leaves.
        gc.unfreeze()
