"""Names in addresses, which may hold any character: `/api/segments/NAME/`.

A server decodes a path before it is taken apart, and a slash within a name would then part it. So
the name is kept as it was sent, in one form, until it is read here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import quote, unquote

from litestar.params import Parameter

from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from regulars.edge.answers import AsgiApp, Receive, Scope, Send

SEGMENTS_PATH: Final = "/api/segments/"
_ABOVE: Final = ["api", "segments"]

SegmentName = Annotated[
    str,
    Parameter(
        description="The name of the segment, in whatever case, percent-encoded: `a%2Fb` is `a/b`."
    ),
]


class EncodedNames:
    """The ASGI application `app`, with names in paths that stay encoded."""

    def __init__(self, app: AsgiApp) -> None:
        self._app: Final = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http":
            scope["path"] = _keep_name(scope["path"], scope["raw_path"])
        await self._app(scope, receive, send)


def segment_path(name: str, part: str = "") -> str:
    """The address of a segment, or of something below it."""
    return f"{SEGMENTS_PATH}{quote(name, safe='')}/{part}"


def read_segment_name(encoded: str) -> str:
    """The name in a path. Raises `InvalidValueError`."""
    try:
        return unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        raise InvalidValueError("name", "the name in the address is not UTF-8") from None


def _keep_name(path: str, raw_path: bytes) -> str:
    parts = [part for part in raw_path.decode("ascii").split("/") if part]
    above, names, below = parts[:2], parts[2:3], parts[3:]
    if not names or list(map(unquote, above)) != _ABOVE:
        return path
    try:
        # One form, whatever a client encodes: scopes are compared with it.
        name = quote(unquote(names[0], errors="strict"), safe="")
    except UnicodeDecodeError:
        name = names[0]
    return "/".join(["", *_ABOVE, name, *map(unquote, below)])
