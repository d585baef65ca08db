"""What every answer has, and the line that the log has of every request.

The log holds method, route, status and time: never a query, a header or a name that a client chose.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Final, TypeAlias

Message: TypeAlias = MutableMapping[str, Any]
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
AsgiApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = Iterable[tuple[bytes, bytes]]

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)

log: Final = logging.getLogger("regulars.access")


class Answer:
    """The answer to one request, as it is sent, with the headers of every answer where the answer
    itself does not say otherwise.
    """

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send: Final = send
        self._headers: Final = (*SECURITY_HEADERS, *headers)
        self._began: Final = time.monotonic()
        self.further_headers: dict[str, str] = {}
        """Those of this answer alone."""
        self.status = 0

    async def send(self, message: Message) -> None:
        """See ASGI."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message["headers"])
            present = {name.lower() for name, _ in headers}
            headers += [header for header in self._headers if header[0] not in present]
            headers += _encoded(self.further_headers)
            message = {**message, "headers": headers}
        await self._send(message)

    async def send_whole(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Answer with this, and nothing else."""
        start = {"type": "http.response.start", "status": status, "headers": _encoded(headers)}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": body})

    def log(self, scope: Scope) -> None:
        """Write the line of a request that is answered."""
        log.info(
            "%s %s %s %.0f ms",
            scope["method"],
            scope.get("path_template") or "(no route)",
            self.status,
            1000 * (time.monotonic() - self._began),
        )


def network_address(scope: Mapping[str, Any]) -> str:
    """Where a request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
