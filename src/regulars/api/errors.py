"""Failures as replies: one table, one shape (SPEC section 4).

Every error body is `{"error":{"reason":"…"}}`, those of the framework included.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from regulars.errors import (
    AuthenticationError,
    BodyTooLargeError,
    ConflictError,
    InvalidConditionError,
    InvalidValueError,
    MalformedBodyError,
    NameTakenError,
    NotAllowedError,
    RegularsError,
    ReusedKeyError,
    SecretKeyError,
    StorageFullError,
    StoreUnavailableError,
    TooBusyError,
    TooManyAttemptsError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap

STATUS_OF: Final[dict[type[RegularsError], HTTPStatus]] = {
    InvalidValueError: HTTPStatus.BAD_REQUEST,
    InvalidConditionError: HTTPStatus.BAD_REQUEST,
    MalformedBodyError: HTTPStatus.BAD_REQUEST,
    BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ReusedKeyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    AuthenticationError: HTTPStatus.UNAUTHORIZED,
    NotAllowedError: HTTPStatus.FORBIDDEN,
    UnknownNameError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    NameTakenError: HTTPStatus.CONFLICT,
    TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
    StorageFullError: HTTPStatus.SERVICE_UNAVAILABLE,
    StoreUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    SecretKeyError: HTTPStatus.SERVICE_UNAVAILABLE,
}

_REASON_OF: Final = {
    HTTPStatus.NOT_FOUND: "there is nothing at this address",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take this method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is larger than this server takes",
    HTTPStatus.INTERNAL_SERVER_ERROR: "the server failed; the log says more",
}

_RETRY_SECONDS: Final = "5"

log: Final = logging.getLogger(__name__)


class UnsupportedMediaError(RegularsError):
    """The body is of a kind that the address does not take."""


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
    return Response(error_body(_REASON_OF[status]), status_code=status, media_type=MediaType.JSON)


def describe(error: Exception) -> tuple[HTTPStatus, str, dict[str, str]]:
    """Status, reason and headers of a failure. One that is not known is our fault, and is logged
    without its message, which might hold what a client sent.
    """
    status = _status(error)
    headers: dict[str, str] = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_SECONDS
    elif status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="Regulars", charset="UTF-8"'
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s", type(error).__name__, exc_info=_without_message(error))
    if isinstance(error, RegularsError):
        return status, str(error) or (type(error).__doc__ or ""), headers
    return status, _REASON_OF.get(status, status.phrase.lower()), headers


def _status(error: Exception) -> HTTPStatus:
    if isinstance(error, UnsupportedMediaError):
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if isinstance(error, HTTPException):
        return HTTPStatus(error.status_code)
    for kind, status in STATUS_OF.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _without_message(
    error: Exception,
) -> tuple[type[Exception], Exception, TracebackType | None]:
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__


def reply_to_error(
    _: Request[object, object, object],  # type: ignore[type-var]
    error: Exception,
) -> Response[bytes]:
    """Litestar's handler of exceptions."""
    status, reason, headers = describe(error)
    if isinstance(error, HTTPException) and error.headers and "allow" in error.headers:
        headers["Allow"] = error.headers["allow"]
    return Response(
        error_body(reason), status_code=status, headers=headers, media_type=MediaType.JSON
    )


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {Exception: reply_to_error}
