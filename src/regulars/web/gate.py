"""What every request to a page passes: who looks, and headers of every answer.

Owns the way to the sign-in page. A page is for the company of the user who has signed in, and no
address, header or form can name another one.
"""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from regulars.edge.answers import Answer
from regulars.errors import RegularsError
from regulars.web.addresses import is_page
from regulars.web.context import Visitor
from regulars.web.cookies import VISIT
from regulars.web.csrf import make_token
from regulars.web.errors import error_page

if TYPE_CHECKING:
    from regulars.edge.answers import AsgiApp, Receive, Scope, Send
    from regulars.edge.services import Services

SIGN_IN: Final = "/sign-in/"
_OPEN_PATHS: Final = ("/sign-in", "/static")
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_LONGEST_COOKIES: Final = 4096


class Gate:
    """The outermost ASGI application of the pages."""

    def __init__(self, app: AsgiApp, services: Services, csrf_key: bytes) -> None:
        self._app: Final = app
        self._services: Final = services
        self._csrf_key: Final = csrf_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        answer = Answer(send, _HEADERS)
        secret = read_cookie(scope, VISIT)
        try:
            visitor = await asyncio.to_thread(self._find_visitor, secret)
        except RegularsError as error:
            status, headers, body = error_page(error)
            await answer.send_whole(status, headers, body)
        else:
            await self._answer(scope, receive, answer, visitor)
        answer.log(scope)

    async def _answer(
        self, scope: Scope, receive: Receive, answer: Answer, visitor: Visitor | None
    ) -> None:
        if visitor is not None:
            scope["visitor"] = visitor
        elif not _is_open(scope["path"]):
            await _send_to_sign_in(scope, answer)
            return
        await self._app(scope, receive, answer.send)

    def _find_visitor(self, secret: str) -> Visitor | None:
        user = self._services.visits.find_user(secret) if secret else None
        if user is None:
            return None
        register = self._services.installation.open_register(user.company)
        return Visitor(user, register, make_token(self._csrf_key, secret))


def read_cookie(scope: Scope, name: str) -> str:
    """The value of a cookie; empty where there is none."""
    for header, value in scope["headers"]:
        if header == b"cookie" and len(value) <= _LONGEST_COOKIES:
            try:
                cookies = SimpleCookie(value.decode("latin-1"))
            except CookieError:
                continue
            if name in cookies:
                return cookies[name].value
    return ""


def _is_open(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in _OPEN_PATHS)


async def _send_to_sign_in(scope: Scope, answer: Answer) -> None:
    """To the sign-in page, and from there back to what was asked for."""
    is_looked_at = scope["method"] in ("GET", "HEAD") and not _is_fragment(scope)
    back = scope["path"] if is_looked_at and is_page(scope["path"]) else "/"
    address = SIGN_IN if back == "/" else f"{SIGN_IN}?{urlencode({'to': back})}"
    if _is_fragment(scope):
        # A script would follow a redirect itself, and put the page of sign-in into the other one.
        await answer.send_whole(401, {"HX-Redirect": address, "Content-Length": "0"}, b"")
    else:
        await answer.send_whole(303, {"Location": address, "Content-Length": "0"}, b"")


def _is_fragment(scope: Scope) -> bool:
    return any(name == b"hx-request" for name, _ in scope["headers"])
