"""What a planner does to a segment as a whole: another name, or no segment any more."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, post

from regulars.edge.services import services_of
from regulars.errors import ConflictError, InvalidValueError, NameTakenError
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.forms import Form
from regulars.web.pages.segment import TEMPLATE, find_segment
from regulars.web.rendering import redirect, render
from regulars.web.segment_page import load_segment_page

if TYPE_CHECKING:
    from regulars.store.contract.segments import Segment


@post("/segments/{segment_id:int}/rename", sync_to_thread=True, guards=[check_may_edit])
def rename_segment(request: Request[Any, Any, Any], segment_id: int, form: Form) -> Response[str]:
    """Give it another name; conditions that refer to it follow."""
    visitor, segment = visitor_of(request), find_segment(request, segment_id)
    try:
        services_of(request).segments.rename(
            visitor.register, segment.name, form.text("name"), actor=visitor.actor
        )
    except InvalidValueError as error:
        return _refuse(request, segment, f"A name is {error.reason}.", HTTPStatus.BAD_REQUEST)
    except NameTakenError:
        reason = "Another segment has this name already. Choose another one."
        return _refuse(request, segment, reason, HTTPStatus.CONFLICT)
    return redirect(f"/segments/{segment.id}/")


@post("/segments/{segment_id:int}/delete", sync_to_thread=True, guards=[check_may_edit])
def delete_segment(request: Request[Any, Any, Any], segment_id: int, form: Form) -> Response[str]:
    """Let go of it, as it was when whoever deletes it looked at it."""
    visitor, segment = visitor_of(request), find_segment(request, segment_id)
    try:
        services_of(request).segments.delete(
            visitor.register, segment.name, version=form.number("version"), actor=visitor.actor
        )
    except ConflictError:
        return _refuse(request, segment, _why_not_deleted(form, segment), HTTPStatus.CONFLICT)
    return redirect("/segments/")


def _why_not_deleted(form: Form, segment: Segment) -> str:
    if form.number("version") not in (None, segment.version):
        return (
            "The segment was not deleted: somebody has changed it since you opened this page. "
            "This is how it is now."
        )
    return (
        "The segment was not deleted: other segments use it, and they would hold somebody else "
        "without it. Take it out of them first; they are named below."
    )


def _refuse(
    request: Request[Any, Any, Any], segment: Segment, notice: str, status: HTTPStatus
) -> Response[str]:
    page = load_segment_page(services_of(request), visitor_of(request).register, segment)
    return render(
        request, TEMPLATE, msgspec.structs.replace(page, notice=notice), status=status.value
    )
