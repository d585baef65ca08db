"""`GET /api/segments/NAME/count/`, `/statistics/`, `/trend/` and `/overlap/` (SPEC section 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request, get

from regulars.api.context import (
    check_parameters,
    check_scope,
    read_number,
    register_of,
)
from regulars.api.documentation import failures
from regulars.api.encoded_names import SegmentName, read_segment_name
from regulars.api.errors import BusyErrorReply
from regulars.api.segment_documentation import (
    MOST_TREND_DAYS,
    OVERLAP,
    STATISTICS,
    TREND,
    TREND_DAYS,
)
from regulars.api.segment_replies import (
    CountReply,
    OverlapReply,
    StatisticsReply,
    TrendReply,
    count_reply,
    distribution_replies,
    statistics_reply,
    trend_reply,
)
from regulars.edge.services import services_of
from regulars.errors import (
    ConflictError,
    InvalidConditionError,
    InvalidValueError,
    UnknownNameError,
)
from regulars.services.spelled_values import spell_distributions

if TYPE_CHECKING:
    from regulars.services.customer_search import Asked
    from regulars.services.installation import Register
    from regulars.store.contract.segments import Segment


@get(
    "/api/segments/{name:str}/count",
    guards=[check_scope],
    sync_to_thread=True,
    responses=failures(400, 401, 403, 404, 409, 429, detailed={503: BusyErrorReply}),
    tags=["Segments"],
    summary="Count the customers of a segment",
)
def count_segment(request: Request[Any, Any, Any], name: SegmentName) -> CountReply:
    """How many customers it holds now, and how many of them each channel reaches. 409 where the
    condition does not fit the company's fields any more.
    """
    check_parameters(request, set())
    register = register_of(request)
    return count_reply(ask(request, register, find_segment(request, register, name)).measure())


@get(
    "/api/segments/{name:str}/statistics",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=STATISTICS,
    responses=failures(400, 401, 403, 404, 409, 429, detailed={503: BusyErrorReply}),
    tags=["Segments"],
    summary="See who the customers of a segment are",
)
def read_statistics(request: Request[Any, Any, Any], name: SegmentName) -> StatisticsReply:
    """The most frequent countries, languages, mailing lists and tags with their shares, the
    permissions given, who can be reached, and how many joined in each month. With `field` only the
    values of that field, whichever it is but an object.
    """
    parameters = check_parameters(request, {"field"})
    register = register_of(request)
    asked = ask(request, register, find_segment(request, register, name))
    if "field" in parameters:
        field = asked.schema.find(parameters["field"])
        if field is None:
            raise InvalidValueError("field", "there is no such field")
        found = [asked.distribution(field.name.lower())]
        spelled = spell_distributions(register.store, asked.schema, found)
        customers = asked.count()
        return StatisticsReply(customers, distribution_replies(spelled, customers))
    statistics = asked.statistics()
    spelled = spell_distributions(register.store, asked.schema, statistics.distributions)
    return statistics_reply(statistics, spelled)


@get(
    "/api/segments/{name:str}/trend",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=TREND,
    responses=failures(400, 401, 403, 404, 429, 503),
    tags=["Segments"],
    summary="See how a segment has grown",
)
def read_trend(request: Request[Any, Any, Any], name: SegmentName) -> TrendReply:
    """How many customers it held on each day of the company's calendar: each segment is counted
    once a day, after midnight, and within a minute or so of being made. The condition may have been
    another one then; `versions` of the segment tell.
    """
    parameters = check_parameters(request, {"days"})
    days = read_number(parameters, "days", TREND_DAYS, MOST_TREND_DAYS)
    register = register_of(request)
    segment = find_segment(request, register, name)
    return trend_reply(services_of(request).segments.load_trend(register, segment, days))


@get(
    "/api/segments/{name:str}/overlap",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=OVERLAP,
    responses=failures(400, 401, 403, 404, 409, 429, detailed={503: BusyErrorReply}),
    tags=["Segments"],
    summary="Compare two segments",
)
def read_overlap(request: Request[Any, Any, Any], name: SegmentName) -> OverlapReply:
    """How many customers two segments have in common, and how many are in one of them only."""
    parameters = check_parameters(request, {"with"})
    if "with" not in parameters:
        raise InvalidValueError("with", "the name of the other segment")
    register = register_of(request)
    segment = find_segment(request, register, name)
    try:
        other = services_of(request).segments.find(register, parameters["with"])
    except UnknownNameError:
        raise InvalidValueError("with", "there is no such segment") from None
    overlap = ask(request, register, segment).overlap(ask(request, register, other))
    return OverlapReply(
        segment.name, other.name, overlap.both, overlap.only_first, overlap.only_second
    )


def find_segment(request: Request[Any, Any, Any], register: Register, name: str) -> Segment:
    """The segment that an address names. Raises `InvalidValueError`, `UnknownNameError`."""
    return services_of(request).segments.find(register, read_segment_name(name))


def ask(request: Request[Any, Any, Any], register: Register, segment: Segment) -> Asked:
    """A question about the customers of a segment. Raises `ConflictError` where its condition
    cannot be answered: it was right when it was saved.
    """
    try:
        return services_of(request).search.ask(register, condition=segment.condition)
    except InvalidConditionError as error:
        raise unfit_segment(segment, error) from None


def unfit_segment(segment: Segment, error: InvalidConditionError) -> ConflictError:
    """The failure to ask for customers of a segment whose condition does not fit any more."""
    return ConflictError(
        f"the condition of segment {segment.name} does not fit the company's fields: {error}"
    )
