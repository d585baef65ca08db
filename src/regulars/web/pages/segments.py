"""`/segments/`: all segments, what they hold now, and how they moved (SPEC section 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, get

from regulars.edge.services import services_of
from regulars.services.segment_descriptions import describe_segments
from regulars.services.segment_overview import (
    TREND_DAYS,
    SegmentGlance,
    load_overview,
    measure_segment,
)
from regulars.web.condition_words import tell_condition
from regulars.web.context import visitor_of
from regulars.web.rendering import render
from regulars.web.segment_page import CHANNELS
from regulars.web.trend_chart import TrendChart, draw_trend

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.domain.fields.schema import Schema
    from regulars.services.segment_overview import Overview


class SegmentRow(msgspec.Struct, frozen=True):
    """A segment in the list. `counts` are those of now; else the last ones that were kept, and
    `counted_on` says of which day.
    """

    id: int
    name: str
    sentence: str
    is_broken: bool
    is_waiting: bool
    """Whether it is still to be counted."""
    customers: int | None
    reach: list[int | None]
    """In the order of channels."""
    counted_on: str
    trend: TrendChart | None
    changed_at: datetime
    changed_by: str


class SegmentsPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    rows: list[SegmentRow]
    channels: list[str]
    segments: int
    page: int
    pages: int
    trend_days: int


class RowPage(msgspec.Struct, frozen=True):
    """What the fragment of one row shows."""

    row: SegmentRow


@get("/segments", sync_to_thread=True)
def show_segments(request: Request[Any, Any, Any], page: int = 1) -> Response[str]:
    """All segments, a page of them at a time."""
    services, register = services_of(request), visitor_of(request).register
    overview = load_overview(services.segments, services.search, register, page)
    return render(request, "segments.html", _page_of(overview, register.load_schema()))


@get("/segments/{segment_id:int}/row", sync_to_thread=True)
def show_row(request: Request[Any, Any, Any], segment_id: int) -> Response[str]:
    """The figures of one segment, for a list that did not count it in time."""
    services, register = services_of(request), visitor_of(request).register
    segment = services.segments.find_by_id(register, segment_id)
    (described,) = describe_segments(register, [segment])
    measured = measure_segment(services.search, register, segment)
    trend = services.segments.load_trend(register, segment, TREND_DAYS)
    glance = SegmentGlance(described, measured, trend)
    row = _row_of(glance, register.load_schema(), is_last_try=True)
    return render(request, "segment_row.html", RowPage(row))


def _page_of(overview: Overview, schema: Schema) -> SegmentsPage:
    return SegmentsPage(
        [_row_of(each, schema) for each in overview.glances],
        list(CHANNELS.values()),
        overview.segments,
        overview.page,
        overview.pages,
        TREND_DAYS,
    )


def _row_of(glance: SegmentGlance, schema: Schema, *, is_last_try: bool = False) -> SegmentRow:
    segment, measured = glance.segment, glance.measured
    is_broken = bool(glance.described.problems)
    kept = glance.trend[-1] if glance.trend else None
    shown = measured or (None if is_broken else kept)
    is_kept = measured is None and shown is not None
    return SegmentRow(
        id=segment.id,
        name=segment.name,
        sentence=tell_condition(glance.described.tree, schema),
        is_broken=is_broken,
        is_waiting=measured is None and not is_broken and not is_last_try,
        customers=None if shown is None else shown.customers,
        reach=[None if shown is None else shown.reach.get(name) for name in CHANNELS],
        counted_on=f"{kept.day:%-d %b}" if is_kept and kept is not None else "",
        trend=draw_trend([(each.day, each.customers) for each in glance.trend]),
        changed_at=segment.changed_at,
        changed_by=segment.changed_by,
    )
