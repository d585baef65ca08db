"""One client's connection, below ASGI: what is no HTTP gets an answer of the one shape as well.

Owns limits on what precedes a body, and on what nobody reads. Must not know what is asked for.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from regulars.api.errors import error_body
from regulars.edge.failures import phrase_of

HEAD_BYTES: Final = 64 * 1024
"""A request line with its headers is refused when this much of it has come, and not its end."""

UNREAD_BYTES: Final = 256 * 1024 * 1024
"""So much of a body that was refused is passed over, so that its client gets to read why."""


class Connection(HttpToolsProtocol):
    """A connection that answers malformed requests as the API does, and bounds their heads."""

    _head_bytes = 0
    _unread_bytes = 0

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._head_bytes += len(data)
        super().data_received(data)
        # Neither server nor parser bounds a head, which is kept in memory before anybody signs in.
        if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            self._refuse(status, f"the headers are larger than {HEAD_BYTES} bytes")

    def on_headers_complete(self) -> None:
        """See httptools."""
        super().on_headers_complete()
        self._head_bytes = 0
        self._unread_bytes = 0
        if self.expect_100_continue:
            # Where it is refused, the client may leave the body out: then nobody could tell what
            # comes next.
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        super().on_body(body)
        self._head_bytes = 0
        if self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > UNREAD_BYTES:
                self.transport.close()

    def on_message_complete(self) -> None:
        """See httptools."""
        super().on_message_complete()
        self._head_bytes = 0

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words
        """Answer what is no HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, "this is not an HTTP request")

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        body = error_body(reason)
        head = (
            f"HTTP/1.1 {status.value} {phrase_of(status)}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n"
            "\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
