"""`/segments/ID/`: one segment: whom it holds, how that moved, and who is in it and why
(SPEC section 12).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from regulars.domain.segments.text import write_condition
from regulars.domain.segments.tree import InSegment
from regulars.edge.services import services_of
from regulars.services.asked_export import export_asked
from regulars.services.customer_views import CustomerView, CustomerViews
from regulars.web.context import visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render
from regulars.web.segment_page import TREND_RANGES, compare_with, load_segment_page
from regulars.web.segment_statistics import load_statistics
from regulars.web.why_tree import explain_customers

if TYPE_CHECKING:
    from regulars.store.contract.segments import Segment

TEMPLATE: Final = "segment.html"


@get("/segments/{segment_id:int}", sync_to_thread=True)
def show_segment(
    request: Request[Any, Any, Any],
    segment_id: int,
    days: int = TREND_RANGES[0],
    other: int | None = None,
) -> Response[str]:
    """The segment; with `other`, beside another one."""
    services, register = services_of(request), visitor_of(request).register
    segment = find_segment(request, segment_id)
    page = load_segment_page(services, register, segment, days=days)
    if other is not None:
        compared = compare_with(services, register, segment, find_segment(request, other))
        page = msgspec.structs.replace(page, compared=compared)
    return render(request, TEMPLATE, page, fragment="overlap")


@get("/segments/{segment_id:int}/statistics", sync_to_thread=True)
def show_statistics(request: Request[Any, Any, Any], segment_id: int) -> Response[str]:
    """Who its customers are. It takes longer than the rest, and is fetched when that is there."""
    services, register = services_of(request), visitor_of(request).register
    segment = find_segment(request, segment_id)
    asked = services.search.ask(register, condition=InSegment(segment.name))
    page = load_statistics(register, segment, asked)
    return render(request, "segment_statistics.html", page, fragment="statistics")


@post("/segments/{segment_id:int}/why", sync_to_thread=True, status_code=200)
def explain_segment(request: Request[Any, Any, Any], segment_id: int, form: Form) -> Response[str]:
    """Whether a customer is in it, and why. Who was asked about stands in no address."""
    services, register = services_of(request), visitor_of(request).register
    segment = find_segment(request, segment_id)
    asked = form.text("customer")
    page = load_segment_page(services, register, segment)
    if asked and not page.problems:
        found = explain_customers(services, register, segment.condition, asked)
        page = msgspec.structs.replace(page, explained=found)
    return render(request, TEMPLATE, msgspec.structs.replace(page, asked=asked), fragment="why")


@post("/segments/{segment_id:int}/customers", sync_to_thread=True)
def show_customers(request: Request[Any, Any, Any], segment_id: int, form: Form) -> Response[str]:  # noqa: ARG001 - its check
    """On to its customers, on their page: a view of it is kept, as of any other search."""
    segment = find_segment(request, segment_id)
    view = CustomerView(filters=write_condition(InSegment(segment.name)))
    views = CustomerViews(services_of(request).installation)
    view_id = views.save(visitor_of(request).register, view)
    return redirect(f"/customers/view/{view_id}/")


@get("/segments/{segment_id:int}/export", sync_to_thread=True)
def export_segment(request: Request[Any, Any, Any], segment_id: int) -> Stream:
    """Its customers as CSV."""
    services, visitor = services_of(request), visitor_of(request)
    segment = find_segment(request, segment_id)
    asked = services.search.ask(visitor.register, condition=InSegment(segment.name))
    lines = export_asked(
        services.installation,
        visitor.register,
        asked,
        f"customers by segment {segment.name}",
        actor=visitor.actor,
    )
    headers = {"Content-Disposition": f'attachment; filename="segment-{segment.id}.csv"'}
    return Stream(lines, media_type="text/csv", headers=headers)


def find_segment(request: Request[Any, Any, Any], segment_id: int) -> Segment:
    """The segment that an address names. Raises `UnknownNameError`."""
    return services_of(request).segments.find_by_id(visitor_of(request).register, segment_id)
