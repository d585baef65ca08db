"""`GET /healthz`: whether the server can do its work (SPEC section 13)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, get

from regulars.api.documentation import OpenToAll, failures
from regulars.edge.services import services_of


class HealthReply(msgspec.Struct):
    """The server can do its work."""

    status: str


@get(
    "/healthz",
    sync_to_thread=True,
    responses=failures(503),
    tags=["Server"],
    summary="Is the server well?",
    operation_class=OpenToAll,
)
def read_health(request: Request[Any, Any, Any]) -> HealthReply:
    """Store reachable, secret key right, disk not full. Needs no sign-in and tells no data."""
    services_of(request).installation.check_health()
    return HealthReply("ok")
