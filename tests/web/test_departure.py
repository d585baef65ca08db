"""Clients that go away before they are answered, over a socket and the server's own connections."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import duckdb
import httpx
import pytest
import uvicorn

from regulars.api.connection import Connection
from regulars.edge.departure import answer_whoever_waits
from regulars.errors import AbandonedError
from regulars.index.abandonment import asked_by_whoever_waits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.edge.answers import Receive, Scope, Send

ENDLESS: Final = (
    "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range % 7 = b.range"
)
SECONDS: Final = 60


class Endless:
    """An application whose only answer takes for ever at `/endless`; else it echoes the body."""

    def __init__(self) -> None:
        self.has_begun: Final = Event()
        self.was_broken_off: Final = Event()
        self._database: Final = duckdb.connect()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http":
            await answer_whoever_waits(self._answer, scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive()).get("more_body", False):
            body += message["body"]
        body += message.get("body", b"")
        if scope["path"] == "/endless":
            await asyncio.to_thread(self._ask)
        start = {"type": "http.response.start", "status": 200, "headers": []}
        await send(start)
        await send({"type": "http.response.body", "body": b"got " + body})

    def _ask(self) -> None:
        cursor = self._database.cursor()
        try:
            with asked_by_whoever_waits(cursor):
                self.has_begun.set()
                cursor.execute(ENDLESS).fetchall()
        except AbandonedError:
            self.was_broken_off.set()


@contextmanager
def served(app: Endless) -> Iterator[int]:
    """The port of a server in a thread, with the connections of ours."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=Connection, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        deadline = time.monotonic() + SECONDS
        while not server.started:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(SECONDS)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /endless HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nsearch=a",
    ],
)
def test_what_a_client_asked_is_broken_off_when_it_closes_its_connection(
    request_bytes: bytes,
) -> None:
    app = Endless()
    with served(app) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(request_bytes)
            assert app.has_begun.wait(SECONDS)
            assert not app.was_broken_off.is_set()
        assert app.was_broken_off.wait(SECONDS)


def test_bodies_come_whole_and_connections_are_used_again() -> None:
    with served(Endless()) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        for size in (0, 1, 100_000, 3_000_000):
            body = b"x" * size
            assert client.post("/", content=body).content == b"got " + body
            assert client.get("/").content == b"got "
        pieces = (b"a" * 1000 for _ in range(50))
        assert client.post("/", content=pieces).content == b"got " + b"a" * 50_000
