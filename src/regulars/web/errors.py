"""Failures as pages.

Owns what somebody reads when a page cannot be shown. Statuses come from the table of all edges.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import MediaType, Request, Response

from regulars.edge.failures import describe
from regulars.web.rendering import TEMPLATES, is_script, values_of

if TYPE_CHECKING:
    from litestar.types import ExceptionHandlersMap

_TITLES: Final = {
    HTTPStatus.NOT_FOUND: "There is nothing here",
    HTTPStatus.FORBIDDEN: "You may not do this",
    HTTPStatus.CONFLICT: "That does not fit any more",
    HTTPStatus.SERVICE_UNAVAILABLE: "Just a moment",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong",
}
_TITLE: Final = "That did not work"


class ErrorPage(msgspec.Struct, frozen=True):
    """What the page of a failure shows."""

    status: int
    title: str
    reason: str


def error_page(error: Exception) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the page of a failure before anybody is known."""
    page, headers = _describe(error)
    body = TEMPLATES.get_template("error.html").render(page=page, visitor=None).encode()
    headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    return page.status, headers, body


def reply_to_error(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Litestar's handler of exceptions."""
    page, headers = _describe(error)
    template = "error.html"
    if is_script(request):
        # It goes to the place for messages, and the page around that stays as it is.
        headers |= {"HX-Retarget": "#message", "HX-Reswap": "innerHTML"}
        template = "error_message.html"
    text = TEMPLATES.get_template(template).render(values_of(request) | {"page": page})
    return Response(text, status_code=page.status, headers=headers, media_type=MediaType.HTML)


def _describe(error: Exception) -> tuple[ErrorPage, dict[str, str]]:
    status, reason, headers = describe(error)
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    return ErrorPage(status.value, _TITLES.get(status, _TITLE), sentence), headers


EXCEPTION_HANDLERS: Final[ExceptionHandlersMap] = {Exception: reply_to_error}
