"""One running server for each engine, for all that is thrown at it here."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.postgres_server import own_database
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_server import RunningServer

MOST_UNPACKED_BYTES: Final = 5_000_000


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A server that holds an import already where four of its records have one address."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            url = stack.enter_context(own_database(request.getfixturevalue("postgres_url")))
        running = stack.enter_context(
            running_server(
                tmp_path_factory.mktemp("fuzz") / "data",
                url,
                hold_address_records="3",
                unpacked_bytes=str(MOST_UNPACKED_BYTES),
            )
        )
        running.await_worker()
        yield running
        assert "Traceback" not in running.log


@pytest.fixture(scope="session")
def examples(server: RunningServer) -> Callable[[int], settings]:
    """The settings for so many examples: fewer on PostgreSQL, where the same code is asked; more
    where `REGULARS_TEST_EXAMPLES`, a factor, says so.
    """
    factor = float(os.environ.get("REGULARS_TEST_EXAMPLES", "1"))
    if "REGULARS_DATABASE_URL" in server.environment:
        factor /= 4

    def choose(number: int) -> settings:
        return settings(
            max_examples=max(1, int(number * factor)),
            deadline=None,
            suppress_health_check=[*HealthCheck],
        )

    return choose
