"""Owns what every test of the suite starts from: a fresh installation on each engine in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from tests.postgres_server import own_database
from tests.store.make import ACME, NOON, make_entry
from tests.store.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.contract import CompanyStore, InstallationStore


@pytest.fixture
def sqlite_place(tmp_path: Path) -> Place:
    return Place("sqlite", str(tmp_path))


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of a database for the whole suite: making one for each test would take longest."""
    with own_database(postgres_url) as url:
        yield url


@pytest.fixture
def postgres_place(postgres_database: str) -> Iterator[Place]:
    yield Place("postgres", postgres_database)
    with psycopg.connect(postgres_database) as connection:
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(regulars$|company_)'"
        )
        for (schema,) in schemas.fetchall():
            drop = sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema))
            connection.execute(drop)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> Place:
    """Nothing is stored here yet."""
    chosen = request.getfixturevalue(f"{request.param}_place")
    assert isinstance(chosen, Place)
    return chosen


@pytest.fixture
def installation(place: Place) -> Iterator[InstallationStore]:
    """An installation with the company `acme`."""
    opened = place.open()
    opened.create_company(ACME, NOON, make_entry())
    yield opened
    opened.close()


@pytest.fixture
def other_installation(
    place: Place, installation: InstallationStore
) -> Iterator[InstallationStore]:
    """The same installation, as another process would open it."""
    assert installation.load_companies()
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture
def store(installation: InstallationStore) -> CompanyStore:
    """The store of the company `acme`."""
    return installation.open_company(ACME.short_name)
