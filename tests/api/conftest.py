"""One running server for each engine, for all tests of the API; a company of its own for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.running_server import RunningServer, Shop, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """A server on one of the engines."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    with running_server(tmp_path_factory.mktemp("data"), url) as running:
        yield running


@pytest.fixture
def shop(server: RunningServer) -> Shop:
    """A company in Helsinki, of this test alone."""
    return server.make_shop()
