"""`OPTIONS` of addresses that several handlers share.

Litestar answers it by itself, but then names the methods of the first handler only.
"""

from __future__ import annotations

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler


def tell_methods(path: str, *methods: str) -> HTTPRouteHandler:
    """A handler that tells which methods an address takes; it is the first of its address."""
    allowed = ", ".join(sorted({*methods, "OPTIONS"}))

    @route(
        path,
        http_method=HttpMethod.OPTIONS,
        status_code=204,
        include_in_schema=False,
        sync_to_thread=False,
        name=f"options {path}",
    )
    def answer_options() -> Response[None]:
        return Response(None, headers={"Allow": allowed})

    return answer_options
