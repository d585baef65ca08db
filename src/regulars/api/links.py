"""Addresses of this server as its clients use them, for links in replies (SPEC section 10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request

_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_LONGEST_HOST: Final = 262
"""A name by RFC 1035, and a port."""


def absolute_url(
    request: Request[Any, Any, Any], path: str, parameters: Mapping[str, object]
) -> str:
    """A path with a query on the public URL or, without one, on the host of the request.

    Raises `InvalidValueError` where the request names no host.
    """
    public_url = services_of(request).installation.settings.public_url.rstrip("/")
    return f"{public_url or _origin(request)}{path}?{urlencode(parameters)}"


def _origin(request: Request[Any, Any, Any]) -> str:
    """The address that the client used; a host that cannot be one never stands in a reply."""
    host = request.headers.get("host", "")
    if not host:
        name, port = request.scope["server"] or ("localhost", None)
        host = name if port is None else f"{name}:{port}"
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        raise InvalidValueError("Host", "the header names no host")
    return f"{request.scope['scheme']}://{host}"
