"""One running server for each engine, for all tests of the API; a company of its own for each."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.postgres_server import own_database
from tests.running_server import RunningServer, Shop, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A server on one of the engines."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            url = stack.enter_context(own_database(request.getfixturevalue("postgres_url")))
        running = stack.enter_context(running_server(tmp_path_factory.mktemp("data"), url))
        running.await_worker()
        yield running


@pytest.fixture
def shop(server: RunningServer) -> Shop:
    """A company in Helsinki, of this test alone."""
    return server.make_shop()


@pytest.fixture(scope="session")
def empty_shop(server: RunningServer) -> Shop:
    """A company that stays empty: for tests all of whose requests are refused."""
    return server.make_shop()


@pytest.fixture(scope="session")
def busy_shop(server: RunningServer) -> Shop:
    """A company for tests that look at nothing but customers with an external_id of their own."""
    return server.make_shop()


@pytest.fixture(params=["sqlite", "postgres"])
def start_server(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[..., RunningServer]]:
    """Starts a server that a test may kill, with settings, on data of its own."""
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            url = stack.enter_context(own_database(request.getfixturevalue("postgres_url")))

        def start(**settings: str) -> RunningServer:
            return stack.enter_context(running_server(tmp_path / "data", url, **settings))

        yield start
