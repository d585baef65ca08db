"""The way of a request: to the API, or to the pages.

Owns which requests are the API's: those to its addresses, and those of programs, which send their
credentials with each. So a program that asks for a wrong address is told so in the API's shape, and
not led to a page. Must not know what either does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.edge.departure import answer_whoever_waits

if TYPE_CHECKING:
    from regulars.edge.answers import AsgiApp, Receive, Scope, Send

_API_PATHS: Final = ("/api", "/healthz")


class Front:
    """The ASGI application of a server. The API begins and ends with the server."""

    def __init__(self, api: AsgiApp, pages: AsgiApp) -> None:
        self._api: Final = api
        self._pages: Final = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        app = self._api if scope["type"] != "http" or _is_for_api(scope) else self._pages
        if scope["type"] == "http":
            await answer_whoever_waits(app, scope, receive, send)
        else:
            await app(scope, receive, send)


def _is_for_api(scope: Scope) -> bool:
    path = scope["path"]
    return any(path == each or path.startswith(f"{each}/") for each in _API_PATHS) or any(
        name == b"authorization" for name, _ in scope["headers"]
    )
