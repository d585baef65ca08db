"""Clients that go away before they are answered: typing on makes an answer obsolete.

Owns how that is noticed: a server tells it to whoever goes on receiving behind a request's body. So
somebody has to, but not before the application has taken the body: reading on says to the client
that its body is wanted.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from regulars.index.abandonment import ASKER, Asker

if TYPE_CHECKING:
    from regulars.edge.answers import AsgiApp, Message, Receive, Scope, Send

_AGAIN_SECONDS: Final = 0.05
"""After which statements are broken off that had not begun before."""
_NO_BODY: Final = {"type": "http.request", "body": b"", "more_body": False}
_GONE: Final = {"type": "http.disconnect"}
_BODY_HEADERS: Final = (b"content-length", b"transfer-encoding")


async def answer_whoever_waits(app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Have an application answer a request; its questions are broken off if its client leaves."""
    asker = Asker()
    ASKER.set(asker)
    client = _Client(receive, has_body=any(name in _BODY_HEADERS for name, _ in scope["headers"]))
    watching = asyncio.create_task(client.watch(asker))
    try:
        await app(scope, client.receive, send)
    finally:
        watching.cancel()


class _Client:
    """One request's client. The application takes the body; whoever watches, what follows."""

    def __init__(self, receive: Receive, *, has_body: bool) -> None:
        self._receive: Final = receive
        self._has_body: Final = has_body
        self._was_begun = has_body
        self._was_read: Final = asyncio.Event()
        self._is_gone: Final = asyncio.Event()
        if not has_body:
            self._was_read.set()

    async def receive(self) -> Message:
        """See ASGI."""
        if not self._was_begun:
            self._was_begun = True
            return dict(_NO_BODY)
        if self._was_read.is_set():
            await self._is_gone.wait()
            return dict(_GONE)
        message = await self._receive()
        if message["type"] == "http.disconnect":
            self._is_gone.set()
        if not message.get("more_body", False):
            self._was_read.set()
        return message

    async def watch(self, asker: Asker) -> None:
        """Wait until the client goes, then break off what it asked, again and again."""
        await self._was_read.wait()
        while not self._is_gone.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._is_gone.set()
        while True:
            asker.leave()
            await asyncio.sleep(_AGAIN_SECONDS)
