"""Failures as replies of the API: one shape (SPEC section 4).

Every error body is `{"error":{"reason":"…"}}`, those of the framework included.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import msgspec
from litestar import MediaType, Request, Response

from regulars.domain.segments.problem import tell_problem
from regulars.edge.failures import REASON_OF, describe
from regulars.errors import IndexBusyError, InvalidConditionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar.types import ExceptionHandlersMap

    from regulars.errors import PlacedProblem


class ErrorDetail(msgspec.Struct):
    """Why a request failed, in one line without personal values."""

    reason: str


class ErrorReply(msgspec.Struct):
    """The body of every failed request."""

    error: ErrorDetail


class ConditionProblemReply(msgspec.Struct):
    """Something wrong with one place of a condition. Holds no value of the condition."""

    code: str
    message: str
    path: list[int]
    """The node of the tree: the numbers of the parts on the way to it, from 0."""
    part: str | int
    """What of the node: `node`, `field`, `operator`, `days`, or the number of a value, from 0."""
    start: int | None
    """The first character in the text, from 0, of a condition that was given as text."""
    end: int | None
    """The character behind the last one."""
    expected: list[str]
    """What could stand there."""


class ConditionErrorDetail(msgspec.Struct, omit_defaults=True):
    """Why a request failed; `problems` where it is a condition that is wrong."""

    reason: str
    problems: list[ConditionProblemReply] = []


class ConditionErrorReply(msgspec.Struct):
    """The body of a failed request that brought a condition."""

    error: ConditionErrorDetail


class BusyErrorDetail(msgspec.Struct, omit_defaults=True):
    """Why a request failed; `progress`, between 0 and 1, while the index is being made."""

    reason: str
    progress: float | None = None


class BusyErrorReply(msgspec.Struct):
    """The body of a request that failed for the time being."""

    error: BusyErrorDetail


def problem_replies(problems: Iterable[PlacedProblem]) -> list[ConditionProblemReply]:
    """Problems of a condition as they are shown."""
    return [
        ConditionProblemReply(
            each.code,
            each.message,
            list(each.path),
            each.part,
            each.start,
            each.end,
            list(each.expected),
        )
        for each in problems
    ]


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
    body = error_body(reason)
    if isinstance(error, InvalidConditionError):
        body = msgspec.json.encode(_condition_error(error))
    elif isinstance(error, IndexBusyError):
        busy = BusyErrorDetail(reason, round(error.progress, 3))
        body = msgspec.json.encode(BusyErrorReply(busy))
    return Response(body, status_code=status, headers=headers, media_type=MediaType.JSON)


def _condition_error(error: InvalidConditionError) -> ConditionErrorReply:
    told = "; ".join(map(_tell, error.problems))
    has_text = any(each.start is not None for each in error.problems)
    reason = f"{error.name or ('where' if has_text else 'condition')}: {told}"
    return ConditionErrorReply(ConditionErrorDetail(reason, problem_replies(error.problems)))


def _tell(problem: PlacedProblem) -> str:
    # People count characters from 1.
    place = "" if problem.start is None else f" (character {problem.start + 1})"
    return ", ".join(tell_problem(problem)) + place


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {Exception: reply_to_error}
