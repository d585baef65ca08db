"""Whoever is killed, and whenever: nothing is lost, nothing is applied twice, and all goes on.

`./run soak` does the same for longer.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.api.kills import KilledImports

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.kills import Victim
    from tests.running_server import RunningServer

KILLS = int(os.environ.get("REGULARS_TEST_KILLS", "3"))
RECORDS = int(os.environ.get("REGULARS_TEST_RECORDS", "20000"))


@pytest.mark.parametrize("victim", ["worker", "web", "both"])
def test_kills_at_random_moments_leave_what_an_undisturbed_run_leaves(
    start_server: Callable[..., RunningServer], victim: Victim
) -> None:
    seed = int(os.environ.get("REGULARS_TEST_SEED", time.time_ns()))
    sys.stdout.write(f"REGULARS_TEST_SEED={seed}\n")  # shown where the test fails
    imports = KilledImports(start_server(), RECORDS, seed)
    imports.kill(victim, KILLS)
    imports.check()
