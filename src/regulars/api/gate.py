"""What every request to the API passes: who is it, and how often.

Owns credentials in headers, and the limit of requests.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from typing import TYPE_CHECKING, Final

from regulars.api.errors import describe_reply, error_body
from regulars.api.rate_limit import RateLimit
from regulars.edge.answers import Answer, network_address
from regulars.errors import AuthenticationError, RegularsError, TooManyAttemptsError

if TYPE_CHECKING:
    from regulars.api.rate_limit import Allowance
    from regulars.edge.answers import AsgiApp, Receive, Scope, Send
    from regulars.services.access import Access, Principal

OPEN_PATHS: Final = ("/healthz", "/api/docs")
_HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
)


class Gate:
    """The outermost ASGI application of the API: lets a request through to `app` or answers it
    itself.
    """

    def __init__(self, app: AsgiApp, access: Access, requests_per_minute: int) -> None:
        self._app: Final = app
        self._access: Final = access
        self._rate_limit: Final = RateLimit(requests_per_minute, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = Answer(send, _HEADERS)
        if _is_open(scope["path"]):
            await self._app(scope, receive, answer.send)
        else:
            await self._answer_known(scope, receive, answer)
        answer.log(scope)

    async def _answer_known(self, scope: Scope, receive: Receive, answer: Answer) -> None:
        allowance = None
        try:
            principal = await self._identify(scope)
            allowance = self._rate_limit.count(principal.actor)
            answer.further_headers = allowance.headers
            _check(allowance)
        except RegularsError as error:
            if allowance is None:
                allowance = self._rate_limit.count(network_address(scope))
                answer.further_headers = allowance.headers
            await _refuse(answer, error)
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


async def _refuse(answer: Answer, error: RegularsError) -> None:
    status, reason, headers = describe_reply(error)
    body = error_body(reason)
    headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    await answer.send_whole(status.value, headers, body)


def _is_open(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in OPEN_PATHS)


def _check(allowance: Allowance) -> None:
    if allowance.is_exceeded:
        msg = f"more than {allowance.limit} requests in a minute"
        raise TooManyAttemptsError(msg, allowance.reset_seconds)


def _read_basic(value: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode(value.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise AuthenticationError("the Authorization header cannot be read") from None
    name, _, password = pair.partition(":")
    return name, password
