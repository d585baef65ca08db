"""`GET /healthz`: store reachable, key right, disk not full; no data, no sign-in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.postgres_server import own_database
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.running_server import RunningServer


def assert_unwell(reply: httpx.Response) -> None:
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert reply.json()["error"]["reason"]


def test_a_well_server_says_so_and_nothing_else(server: RunningServer) -> None:
    server.make_shop()
    reply = server.client().get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


def test_health_needs_no_credentials_and_minds_no_wrong_ones(server: RunningServer) -> None:
    headers = {"Authorization": "Bearer rgl_wrong"}
    for _ in range(12):
        assert server.client().get("/healthz", headers=headers).status_code == 200


def test_health_may_be_asked_often(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", requests_per_minute="3") as running:
        client = running.client()
        assert {client.get("/healthz").status_code for _ in range(10)} == {200}


def test_a_server_whose_database_lets_nobody_in_is_unwell_until_it_does_again(
    tmp_path: Path, postgres_url: str
) -> None:
    with own_database(postgres_url) as url, running_server(tmp_path / "data", url) as running:
        shop = running.make_shop()
        with closed_database(postgres_url, url):
            assert_unwell(running.client().get("/healthz"))
        assert running.client().get("/healthz").status_code == 200
        assert shop.customers() == []


@contextmanager
def closed_database(server_url: str, url: str) -> Iterator[None]:
    """A database that nobody can use for the block."""
    name = urlsplit(url).path.lstrip("/")
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(allow(sql.Identifier(name), sql.SQL("false")))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        yield
        connection.execute(allow(sql.Identifier(name), sql.SQL("true")))
