"""Bodies of any size, however they come: streamed, bounded, and nothing left of refused ones."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.api.raw_requests import (
    UPLOAD,
    exchange,
    forget_peak,
    is_error,
    peak_megabytes,
    request_of,
)
from tests.busy import is_within, wait_until
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.running_server import RunningServer, Shop

NDJSON = "Content-Type: application/x-ndjson"
MEGABYTE = 1_000_000
LARGE = b"\n".join(b'{"external_id":"%d"}' % n for n in range(120_000))


def spooled(shop: Shop) -> int:
    """How many bodies, or parts of them, are kept."""
    url = shop.server.environment.get("REGULARS_DATABASE_URL")
    if url is None:
        data = Path(shop.server.environment["REGULARS_DATA"])
        return len(list((data / "companies" / shop.short_name / "spool").iterdir()))
    with psycopg.connect(url) as connection:
        query = f"SELECT count(*) FROM company_{shop.short_name}.spool_part"  # noqa: S608 - our own
        ((count,),) = connection.execute(query.encode()).fetchall()
        return int(count)


def number_of_imports(shop: Shop) -> int:
    return len(shop.http.get("/api/imports/").json()["imports"])


def begin(shop: Shop, length: int, body: bytes, *headers: str) -> socket.socket:
    """Begin an upload, and keep the rest of it back."""
    client = socket.create_connection(("127.0.0.1", shop.server.port), timeout=30)
    head = request_of(shop, "POST", UPLOAD, NDJSON, f"Content-Length: {length}", *headers)
    client.sendall(head + body)
    return client


def read_all(client: socket.socket) -> bytes:
    received = b""
    while part := client.recv(65_536):
        received += part
    return received


def in_chunks(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


@pytest.mark.parametrize("size", [1000, 70_000, 5 * MEGABYTE])
def test_a_body_may_come_in_chunks_without_its_length(shop: Shop, size: int) -> None:
    body = in_chunks(LARGE, size)
    request = request_of(
        shop, "POST", UPLOAD, NDJSON, "Transfer-Encoding: chunked", body=body
    )  # fmt: skip
    reply = exchange(shop.server, request, seconds=60)
    assert reply is not None
    assert reply.status == 200
    report = shop.wait(json.loads(reply.body)["import"])
    assert (report["records"], report["created"]) == (120_000, 120_000)
    wait_until(lambda: spooled(shop) == 0)


@pytest.mark.parametrize("sent", [0, 10, 2 * MEGABYTE])
def test_a_body_that_breaks_off_leaves_nothing(shop: Shop, sent: int) -> None:
    client = begin(shop, len(LARGE), LARGE[:sent])
    if sent > MEGABYTE:
        wait_until(lambda: spooled(shop) > 0)
    client.close()
    time.sleep(0.1)
    wait_until(lambda: spooled(shop) == 0)
    assert number_of_imports(shop) == 0
    assert shop.upload({"external_id": "1"})["created"] == 1


def test_slow_clients_do_not_delay_a_small_upload(shop: Shop) -> None:
    body = b'{"external_id":"1"}\n' + b" " * 1_500_000
    with ExitStack() as stack:
        slow = [stack.enter_context(begin(shop, len(body), body[:-1])) for _ in range(20)]
        wait_until(lambda: spooled(shop) >= 20)
        began = time.monotonic()
        for number in range(5):
            reply = shop.post([{"external_id": f"quick{number}"}])
            assert reply.json()["import"]["status"] == "done"
        assert is_within(time.monotonic() - began, 5)
        assert number_of_imports(shop) == 5
        for client in slow:
            client.sendall(b"\n")
        assert all(b'"response":"ok"' in read_all(client) for client in slow)
    assert number_of_imports(shop) == 25


@pytest.fixture(scope="module")
def narrow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that takes one large body at a time, of at most 3 MB."""
    data = tmp_path_factory.mktemp("narrow") / "data"
    with running_server(data, body_bytes=str(3 * MEGABYTE), large_uploads="1") as running:
        yield running


def test_more_large_uploads_than_there_may_be_are_asked_to_wait(
    narrow_server: RunningServer,
) -> None:
    shop = narrow_server.make_shop()
    with begin(shop, len(LARGE), LARGE[:-1]) as first:
        wait_until(lambda: spooled(shop) > 0)
        for headers in (("Content-Length: 2000000",), ("Transfer-Encoding: chunked",)):
            body = b"" if "Length" in headers[0] else in_chunks(b" " * 2 * MEGABYTE, 100_000)
            reply = exchange(
                narrow_server, request_of(shop, "POST", UPLOAD, NDJSON, *headers, body=body)
            )
            assert is_error(reply, 503)
            assert reply is not None
            assert "retry-after" in reply.headers.lower()
        assert shop.upload({"external_id": "small"})["created"] == 1
        first.sendall(LARGE[-1:])
        assert b'"response":"ok"' in read_all(first)
    reply = exchange(
        narrow_server,
        request_of(shop, "POST", UPLOAD, NDJSON, f"Content-Length: {len(LARGE)}", body=LARGE),
    )
    assert reply is not None
    assert reply.status == 200


@pytest.mark.parametrize("is_chunked", [False, True])
def test_too_large_a_body_leaves_nothing(narrow_server: RunningServer, *, is_chunked: bool) -> None:
    shop = narrow_server.make_shop()
    body = b" " * (3 * MEGABYTE + 1)
    if is_chunked:
        header, body = "Transfer-Encoding: chunked", in_chunks(body, 50_000)
    else:
        header = f"Content-Length: {len(body)}"
    reply = exchange(narrow_server, request_of(shop, "POST", UPLOAD, NDJSON, header, body=body))
    assert is_error(reply, 413)
    assert number_of_imports(shop) == 0
    assert spooled(shop) == 0


def test_a_client_that_reuses_its_connection_goes_on_after_a_refusal(
    narrow_server: RunningServer,
) -> None:
    shop = narrow_server.make_shop()
    for _ in range(3):
        assert shop.post_bytes(b" " * 4 * MEGABYTE).status_code == 413
        assert shop.post([{"external_id": "1"}]).status_code == 200


# Expect: 100-continue (RFC 9110, 10.1.1)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Length": str(4 * MEGABYTE)}, 413),
        ({"Idempotency-Key": "\t\x7f"}, 400),
    ],
)
def test_a_refusal_comes_before_the_body(
    narrow_server: RunningServer, changes: dict[str, str], status: int
) -> None:
    shop = narrow_server.make_shop()
    headers = {
        "Host": "h.example", "Authorization": f"Bearer {shop.token}",
        "Content-Type": "application/json", "Content-Length": "100", "Expect": "100-continue",
    } | changes  # fmt: skip
    lines = [f"{name}: {value}" for name, value in headers.items()]
    request = "\r\n".join([f"POST {UPLOAD} HTTP/1.1", *lines, "", ""]).encode("latin-1")
    reply = exchange(narrow_server, request)
    assert is_error(reply, status)
    assert reply is not None
    assert "connection: close" in reply.headers.lower()


def test_a_client_that_waits_is_told_to_go_on(shop: Shop) -> None:
    body = b'{"external_id":"1"}'
    with begin(shop, len(body), b"", "Expect: 100-continue") as client:
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert b'"created":1' in read_all(client)


# Memory


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_memory_does_not_grow_with_the_body(
    start_server: Callable[..., RunningServer], form: str
) -> None:
    server = start_server()
    shop = server.make_shop()
    shop.upload({"external_id": "1"})
    line = b'{"external_id":"1","nothing":"' + b"x" * 900_000 + b'"}'
    forget_peak(server)
    before = peak_megabytes(server)

    def parts() -> Iterator[bytes]:
        is_json = form == "json"
        for number in range(150):
            if is_json:
                yield b"," if number else b"["
            yield line
            yield b"\n"
        if is_json:
            yield b"]"

    content_type = "application/json" if form == "json" else "application/x-ndjson"
    reply = shop.http.post(UPLOAD, content=parts(), headers={"Content-Type": content_type})
    assert reply.status_code == 200
    assert peak_megabytes(server) - before < 27
    assert shop.wait(reply.json()["import"])["unchanged"] == 150
