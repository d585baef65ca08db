"""Requests byte by byte, as no client library would send them, and the server's memory.

Owns sockets. Must not know what a test expects.
"""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop


class Reply(NamedTuple):
    status: int
    headers: str
    body: str


def exchange(
    server: RunningServer, request: bytes, *, seconds: float = 10, source: str = "127.0.0.1"
) -> Reply | None:
    """Send bytes and read until the server closes; None where it says nothing in time."""
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, timeout=seconds, source_address=(source, 0)) as client:
        received = b""
        try:
            client.sendall(request)
            while part := client.recv(65_536):
                received += part
        except (TimeoutError, ConnectionError):
            pass
    if not received:
        return None
    head, _, body = received.decode("latin-1").rpartition("\r\n\r\n")
    final = head.rpartition("HTTP/1.1 ")[2]
    return Reply(int(final[:3]), final, body)


UPLOAD = "/api/customers/upload/"
BODY = b'{"customers":[{"external_id":"1"}]}'


def request_of(
    shop: Shop, method: str, target: str, *headers: str, body: bytes = b"", host: str = "h.example"
) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {shop.token}"]
    head = "\r\n".join([*lines, *headers, "Connection: close", "", ""])
    return head.encode("latin-1") + body


def upload_of(shop: Shop, *headers: str, body: bytes = BODY) -> bytes:
    return request_of(shop, "POST", UPLOAD, "Content-Type: application/json", *headers, body=body)


def is_error(reply: Reply | None, *statuses: int) -> bool:
    """Whether a reply is an error of one of these, with a body of the one shape."""
    assert reply is not None
    assert reply.status in statuses, reply
    assert "application/json" in reply.headers.lower()
    body = json.loads(reply.body)
    return list(body) == ["error"] and bool(body["error"]["reason"])


def peak_megabytes(server: RunningServer) -> int:
    """The most memory that the server has had since it was last told to forget it."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak is not None
    return int(peak[1]) // 1000


def forget_peak(server: RunningServer) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5", "ascii")
