"""`GET /healthz`: store reachable, key right, disk not full; no data, no sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.postgres_server import own_database
from tests.running_server import running_server

if TYPE_CHECKING:
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


def test_a_server_whose_database_is_gone_is_unwell(tmp_path: Path, postgres_url: str) -> None:
    with own_database(postgres_url) as url, running_server(tmp_path / "data", url) as running:
        shop = running.make_shop()
        running.installation.close()
        _drop(url)
        assert_unwell(running.client().get("/healthz"))
        assert_unwell(shop.http.get("/api/imports/"))


def _drop(url: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname
    maintenance = url.replace(f"/{name}", "/postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        )
