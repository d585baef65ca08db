"""The way of a request: to the API, or to the pages.

Owns which addresses are the API's. Must not know what either does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
        app = self._pages if scope["type"] == "http" and not _is_api(scope["path"]) else self._api
        await app(scope, receive, send)


def _is_api(path: str) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in _API_PATHS)
