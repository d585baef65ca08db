"""Failures as statuses: one table for all edges (SPEC section 4).

Owns status, reason and headers of a failure. Must not know what its answer looks like.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from types import TracebackType
from typing import Final

from litestar.exceptions import HTTPException

from regulars.errors import (
    AbandonedError,
    AuthenticationError,
    BodyTooLargeError,
    ConflictError,
    IndexBusyError,
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

STATUS_OF: Final[dict[type[RegularsError], HTTPStatus]] = {
    InvalidValueError: HTTPStatus.BAD_REQUEST,
    InvalidConditionError: HTTPStatus.BAD_REQUEST,
    MalformedBodyError: HTTPStatus.BAD_REQUEST,
    BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ReusedKeyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    # Nobody reads it; in the log it says that the client went.
    AbandonedError: HTTPStatus.REQUEST_TIMEOUT,
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

REASON_OF: Final = {
    HTTPStatus.NOT_FOUND: "there is nothing at this address",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address does not take this method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is larger than this server takes",
    HTTPStatus.INTERNAL_SERVER_ERROR: "the server failed; the log says more",
}

_RETRY_SECONDS: Final = "5"
_PHRASES: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
"""As RFC 9110 has them, and Python from 3.13 on."""

log: Final = logging.getLogger(__name__)


class UnsupportedMediaError(RegularsError):
    """The body is of a kind that the address does not take."""


def phrase_of(status: HTTPStatus) -> str:
    """The words for a status, by RFC 9110, whatever the Python."""
    return _PHRASES.get(status, status.phrase)


def describe(error: Exception) -> tuple[HTTPStatus, str, dict[str, str]]:
    """Status, reason and headers of a failure. One that is not known is our fault, and is logged
    without its message, which might hold what a client sent.
    """
    status = _status(error)
    headers: dict[str, str] = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif isinstance(error, IndexBusyError):
        headers["Retry-After"] = str(max(1, error.retry_after_seconds))
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = _RETRY_SECONDS
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s", type(error).__name__, exc_info=_without_message(error))
    if isinstance(error, HTTPException) and error.headers and "allow" in error.headers:
        headers["Allow"] = error.headers["allow"]
    if isinstance(error, UnknownNameError):
        # What was asked for may be anybody's name or address: it is not repeated.
        return status, f"there is no such {error.kind}", headers
    if isinstance(error, RegularsError):
        return status, str(error) or (type(error).__doc__ or ""), headers
    return status, REASON_OF.get(status, phrase_of(status).lower()), headers


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
