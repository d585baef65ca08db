"""Owns what every test may ask for: the PostgreSQL server, and patience on slow machines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.postgres_server import own_database, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long one example takes says more about the machine than about the code.
hypothesis.settings.register_profile("regulars", deadline=None)
hypothesis.settings.load_profile("regulars")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL database of this session's own, dropped at its end.

    It lies on the server that `REGULARS_TEST_DATABASE_URL` names, else on one started for the
    session. Without a server the tests that ask for it fail; they are never skipped.
    """
    server_url = os.environ.get("REGULARS_TEST_DATABASE_URL")
    if server_url:
        with own_database(server_url) as url:
            yield url
    else:
        with running_server() as server_url, own_database(server_url) as url:
            yield url


@pytest.fixture
def own_postgres_url(postgres_url: str) -> Iterator[str]:
    """The URL of a database of this test alone."""
    with own_database(postgres_url) as url:
        yield url
