"""Requests that break HTTP or its customs: each has a clear answer, and harms nobody."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.api.raw_requests import (
    BODY,
    exchange,
    forget_peak,
    is_error,
    peak_megabytes,
    request_of,
    upload_of,
)
from tests.busy import is_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

CUSTOMERS = "/api/data/customers/"
MEGABYTE = 1_000_000
ELSEWHERE = "127.0.0.2"
"""Where wrong credentials come from, lest the other tests' address be shut out."""


# Lengths


@pytest.mark.parametrize(
    "length", ["-5", "abc", "5, 6", "99999999999999999999999", "0x23", "", "1e2", "+35"]
)
def test_a_length_that_is_none_is_refused(shop: Shop, length: str) -> None:
    reply = exchange(shop.server, upload_of(shop, f"Content-Length: {length}"))
    assert is_error(reply, 400)
    assert shop.customers() == []


def test_two_lengths_are_refused(shop: Shop) -> None:
    lengths = [f"Content-Length: {len(BODY)}", "Content-Length: 5"]
    assert is_error(exchange(shop.server, upload_of(shop, *lengths)), 400)
    both = ["Content-Length: 5", "Transfer-Encoding: chunked"]
    assert is_error(exchange(shop.server, upload_of(shop, *both)), 400)
    assert shop.customers() == []


def test_a_length_beyond_the_limit_is_refused_before_the_body(shop: Shop) -> None:
    reply = exchange(shop.server, upload_of(shop, "Content-Length: 999999999999", body=b""))
    assert is_error(reply, 413)


def test_a_length_shorter_than_the_body_reads_no_further(shop: Shop) -> None:
    reply = exchange(shop.server, upload_of(shop, "Content-Length: 10"))
    assert is_error(reply, 400)
    assert shop.customers() == []


@pytest.mark.parametrize(
    "start",
    [
        b"Content-Length: 1000\r\n\r\n" + BODY,
        b"Transfer-Encoding: chunked\r\n\r\n23\r\n" + BODY + b"\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nffffff\r\n" + BODY,
        b"Content-Length: 35\r\nX: ",
    ],
    ids=["length", "no last chunk", "half a chunk", "half a head"],
)
def test_a_client_that_goes_away_leaves_nothing(shop: Shop, start: bytes) -> None:
    before = shop.server.log
    with socket.create_connection(("127.0.0.1", shop.server.port)) as client:
        client.sendall(upload_of(shop, body=b"")[:-4] + b"\r\n" + start)
        time.sleep(0.05)
    time.sleep(0.1)
    assert shop.customers() == []
    assert shop.http.get("/api/imports/").json()["imports"] == []
    assert "Traceback" not in shop.server.log.removeprefix(before)


def test_a_chunked_body_is_read(shop: Shop) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"
    reply = exchange(shop.server, upload_of(shop, "Transfer-Encoding: chunked", body=chunks))
    assert reply is not None
    assert reply.status == 200
    assert shop.customer("1") is not None


@pytest.mark.parametrize("size", [b"zz", b"-1", b"fffffffffffffffffff", b"0x23"])
def test_a_chunk_without_a_size_is_refused(shop: Shop, size: bytes) -> None:
    body = size + b"\r\n" + BODY + b"\r\n0\r\n\r\n"
    reply = exchange(shop.server, upload_of(shop, "Transfer-Encoding: chunked", body=body))
    assert is_error(reply, 400)
    assert shop.customers() == []


def test_a_slow_client_keeps_nobody_waiting(shop: Shop) -> None:
    start = upload_of(shop, f"Content-Length: {len(BODY)}", body=BODY[:10])
    slow = [socket.create_connection(("127.0.0.1", shop.server.port)) for _ in range(50)]
    for client in slow:
        client.sendall(start)
    began = time.monotonic()
    assert shop.upload({"external_id": "quick"})["created"] == 1
    assert is_within(time.monotonic() - began, 2)
    for client in slow:
        client.close()
    assert [customer["external_id"] for customer in shop.customers()] == ["quick"]


def test_a_body_beyond_the_limit_is_refused_chunked_or_not(
    start_server: Callable[..., RunningServer],
) -> None:
    shop = start_server(body_bytes="100000").make_shop()
    body = b'[{"external_id":"1","city":"' + b"a" * 100_000 + b'"}]'
    assert shop.post_bytes(body).status_code == 413
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    reply = exchange(shop.server, upload_of(shop, "Transfer-Encoding: chunked", body=chunked))
    assert is_error(reply, 413)
    assert shop.post_bytes(body[:20] + b"}]").status_code == 400
    assert shop.upload({"external_id": "1"})["created"] == 1


# Heads


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\0\1\2\xff\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"NONSENSE / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_http_is_answered_as_an_error(
    server: RunningServer, request_bytes: bytes
) -> None:
    assert is_error(exchange(server, request_bytes), 400)


@pytest.mark.parametrize(
    "start",
    [b"GET / HTTP/1.1\r\nX: ", b"GET /", b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000],
)
def test_a_head_without_end_is_cut_off(server: RunningServer, start: bytes) -> None:
    forget_peak(server)
    before = peak_megabytes(server)
    reply = exchange(server, start + b"a" * 30 * MEGABYTE)
    # The connection may break while we still send.
    assert reply is None or is_error(reply, 400, 431)
    assert peak_megabytes(server) - before < 20
    assert server.client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "host",
    ["<script>alert(1)</script>", 'a"b', "[::1", "a b", "\xff\xfe", "x" * 10_000, "h:99999999",
     "user:secret@h", "a/../b", "h?x=", "h#y", "evil.example.org\\@h", "%0d%0aX: y"],
)  # fmt: skip
def test_a_host_that_cannot_be_one_never_stands_in_a_reply(shop: Shop, host: str) -> None:
    shop.upload({"external_id": "1"}, {"external_id": "2"})
    reply = exchange(shop.server, request_of(shop, "GET", f"{CUSTOMERS}?limit=1", host=host))
    assert is_error(reply, 400)
    assert reply is not None
    assert host not in reply.headers + reply.body


@pytest.mark.parametrize("host", ["data.example.org", "127.0.0.1:8000", "[::1]:8000", "my_host"])
def test_the_next_page_is_on_the_host_that_was_asked(shop: Shop, host: str) -> None:
    shop.upload({"external_id": "1"}, {"external_id": "2"})
    reply = exchange(shop.server, request_of(shop, "GET", f"{CUSTOMERS}?limit=1", host=host))
    assert reply is not None
    assert json.loads(reply.body)["next_url"].startswith(f"http://{host}{CUSTOMERS}?")


def test_headers_of_proxies_and_overrides_change_nothing(shop: Shop, server: RunningServer) -> None:
    other = server.make_shop()
    other.upload({"external_id": "secret"})
    shop.upload({"external_id": "1"}, {"external_id": "2"})
    headers = {
        "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example.org",
        "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example.org",
        "X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/healthz",
        "X-Rewrite-URL": "/healthz", "X-Company": other.short_name,
    }  # fmt: skip
    reply = shop.http.get(f"{CUSTOMERS}?limit=1", headers=headers)
    assert reply.status_code == 200
    assert [each["external_id"] for each in reply.json()["customers"]] == ["1"]
    assert reply.json()["next_url"].startswith(server.url)
    override = {"X-HTTP-Method-Override": "GET"}
    assert shop.http.post("/api/imports/", headers=override).status_code == 405


@pytest.mark.parametrize(
    "authorization",
    ["", "x", "Basic", "Basic !!!", "Basic ///////", "Basic /////w==", "Basic AAAA", "Basic Og==",
     "Bearer", "Bearer \xff\xfe", "Bearer a b c", "Token ", "Digest x", "Bearer " + "x" * 50_000,
     "Basic " + "QUFB" * 10_000, "Basic eEBleGFtcGxlLm9yZzo=", "Basic AEBleGFtcGxlLm9yZzp4AA=="],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_credentials_that_are_none_are_refused(server: RunningServer, authorization: str) -> None:
    request = (
        f"GET /api/imports/ HTTP/1.1\r\nHost: h\r\nAuthorization: {authorization}\r\n"
        "Connection: close\r\n\r\n"
    ).encode("latin-1")
    reply = exchange(server, request, source=ELSEWHERE)
    assert is_error(reply, 401, 429)
    assert reply is not None
    name = "www-authenticate" if reply.status == 401 else "retry-after"
    assert name in reply.headers.lower()


# Addresses


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/api/imports/../x/", 404),
        ("/api/imports/..%2fx/", 404),
        ("/api/imports/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/api/imports/%00/", 404),
        ("/api/imports/%ff/", 404),
        ("/api/imports/%ED%A0%80/", 404),
        ("/api/imports/%F0%9F%98%80/", 404),
        ("/api/imports/" + "a" * 30_000 + "/", 404),
        ("/api/imports/'%20OR%201=1--/", 404),
        ("/healthz/../api/imports/", 404),
        ("/api/docs/%2e%2e/imports/", 404),
        ("/%00", 404),
        ("*", 404),
        ("/api/imports/?limit=%ff", 400),
        ("/api/imports/?limit=-1", 400),
        ("/api/imports/?limit=1&limit=2", 400),
        ("/api/imports/?%00=1", 400),
        ("/api/imports/?before=" + "9" * 5000, 400),
        (f"{CUSTOMERS}?external_id=%00", 400),
        (f"{CUSTOMERS}?external_id=%ED%A0%80", 400),
        (f"{CUSTOMERS}?external_id=" + "a" * 60_000, 400),
        (f"{CUSTOMERS}?email=a%00@example.org", 400),
        (f"{CUSTOMERS}?phone_number=%2B358%00", 400),
        (f"{CUSTOMERS}?phone_number=" + "1" * 5000, 400),
        (f"{CUSTOMERS}?fields=%00", 400),
        (f"{CUSTOMERS}?fields=" + "a," * 30_000, 400),
        (f"{CUSTOMERS}?after=1e5", 400),
        (f"{CUSTOMERS}?a=b;c=d", 400),
    ],
    ids=lambda value: str(value)[:50],
)
def test_an_address_that_nobody_means_is_refused(shop: Shop, target: str, status: int) -> None:
    assert is_error(exchange(shop.server, request_of(shop, "GET", target)), status)
