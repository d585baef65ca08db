"""What every request passes: who is it, how often, and a line in the log.

Owns credentials in headers, the limit of requests, and headers of every answer. The log holds
method, route, status and time: never a query, a header or a name that a client chose.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from regulars.api.errors import describe, error_body
from regulars.api.rate_limit import RateLimit
from regulars.errors import AuthenticationError, RegularsError, TooManyAttemptsError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from regulars.api.rate_limit import Allowance
    from regulars.services.access import Access, Principal

    Message = MutableMapping[str, Any]
    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS: Final = ("/healthz", "/api/docs")
SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
)

log: Final = logging.getLogger("regulars.access")


class Gate:
    """The outermost ASGI application: lets a request through to `app` or answers it itself."""

    def __init__(self, app: AsgiApp, access: Access, requests_per_minute: int) -> None:
        self._app: Final = app
        self._access: Final = access
        self._rate_limit: Final = RateLimit(requests_per_minute, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        answer = _Answer(send)
        if _is_open(scope["path"]):
            await self._app(scope, receive, answer.send)
        else:
            await self._answer_known(scope, receive, answer)
        log.info(
            "%s %s %s %.0f ms",
            scope["method"],
            scope.get("path_template") or "(no route)",
            answer.status,
            1000 * (time.monotonic() - began),
        )

    async def _answer_known(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        try:
            principal = await self._identify(scope)
            answer.allow(self._rate_limit.count(principal.actor))
            _check(answer.allowance)
        except RegularsError as error:
            if answer.allowance is None:
                answer.allow(self._rate_limit.count(network_address(scope)))
            await answer.refuse(error)
            return
        scope["principal"] = principal
        await self._app(scope, receive, answer.send)

    async def _identify(self, scope: Scope) -> Principal:
        header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        kind, _, value = header.strip().partition(" ")
        address = network_address(scope)
        # In a thread: checking a password takes long on purpose, and the database may wait.
        match kind.lower():
            case "bearer" | "token":
                return await asyncio.to_thread(
                    self._access.authenticate_token, value.strip(), address
                )
            case "basic":
                name, password = _read_basic(value)
                return await asyncio.to_thread(
                    self._access.authenticate_pair, name, password, address
                )
            case _:
                raise AuthenticationError("send a token, or a user's name and password")


class _Answer:
    """The answer to one request, as it is sent."""

    def __init__(self, send: Send) -> None:
        self._send: Final = send
        self.allowance: Allowance | None = None
        self.status = 0

    def allow(self, allowance: Allowance) -> None:
        self.allowance = allowance

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message["headers"])
            present = {name.lower() for name, _ in headers}
            headers += [header for header in SECURITY_HEADERS if header[0] not in present]
            if self.allowance is not None:
                headers += [
                    (name.lower().encode(), value.encode())
                    for name, value in self.allowance.headers.items()
                ]
            message = {**message, "headers": headers}
        await self._send(message)

    async def refuse(self, error: RegularsError) -> None:
        status, reason, headers = describe(error)
        body = error_body(reason)
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        await self.send(
            {
                "type": "http.response.start",
                "status": status.value,
                "headers": [
                    (name.lower().encode(), value.encode()) for name, value in headers.items()
                ],
            }
        )
        await self.send({"type": "http.response.body", "body": body})


def network_address(scope: Scope) -> str:
    """Where a request came from."""
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _is_open(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in OPEN_PATHS)


def _check(allowance: Allowance | None) -> None:
    if allowance is not None and allowance.is_exceeded:
        msg = f"more than {allowance.limit} requests in a minute"
        raise TooManyAttemptsError(msg, allowance.reset_seconds)


def _read_basic(value: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise AuthenticationError("the Authorization header cannot be read") from None
    name, _, password = pair.partition(":")
    return name, password
