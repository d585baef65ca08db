"""Failures as replies of the API: one shape (SPEC section 4).

Every error body is `{"error":{"reason":"…"}}`, those of the framework included.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec
from litestar import MediaType, Request, Response

from regulars.edge.failures import REASON_OF, describe

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap


class ErrorDetail(msgspec.Struct):
    """Why a request failed, in one line without personal values."""

    reason: str


class ErrorReply(msgspec.Struct):
    """The body of every failed request."""

    error: ErrorDetail


def error_body(reason: str) -> bytes:
    """The body of a failed request."""
    return msgspec.json.encode(ErrorReply(ErrorDetail(reason)))


def not_found() -> Response[bytes]:
    """The reply where there is nothing at an address."""
    status = HTTPStatus.NOT_FOUND
    return Response(error_body(REASON_OF[status]), status_code=status, media_type=MediaType.JSON)


def describe_reply(error: Exception) -> tuple[HTTPStatus, str, dict[str, str]]:
    """As `describe`; whoever is not known is told how to say who they are."""
    status, reason, headers = describe(error)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="Regulars", charset="UTF-8"'
    return status, reason, headers


def reply_to_error(
    _: Request[object, object, object],  # type: ignore[type-var]
    error: Exception,
) -> Response[bytes]:
    """Litestar's handler of exceptions."""
    status, reason, headers = describe_reply(error)
    return Response(
        error_body(reason), status_code=status, headers=headers, media_type=MediaType.JSON
    )


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {Exception: reply_to_error}
