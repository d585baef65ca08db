"""What the page of a segment shows, gathered from the services.

Owns which questions are asked for it. Must not know requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.tree import segment_key
from regulars.errors import InvalidConditionError, TooBusyError
from regulars.services.segment_descriptions import describe_segments
from regulars.services.segment_overview import measure_segment
from regulars.web.condition_words import tell_condition
from regulars.web.trend_chart import TrendChart, draw_trend

if TYPE_CHECKING:
    from regulars.edge.services import Services
    from regulars.errors import PlacedProblem
    from regulars.index.statistics import Overlap, Reach
    from regulars.services.installation import Register
    from regulars.services.segment_descriptions import DescribedSegment
    from regulars.store.contract.segments import Segment, SegmentCount, SegmentVersion
    from regulars.web.why_tree import ExplainedCustomer

CHANNELS: Final = {"email": "E-mail", "sms": "SMS", "post": "Post", "push": "Push"}
"""What pages call them, in the order in which they show them."""
TREND_RANGES: Final = (30, 90, 365)
"""Of how many days a trend can be seen."""
_SHOWN_VERSIONS: Final = 50


class NamedSegment(msgspec.Struct, frozen=True):
    """A segment to go to or to choose."""

    id: int
    name: str


class ComparedSegment(msgspec.Struct, frozen=True):
    """Another segment, and how many customers are in both; without numbers where one of them cannot
    be counted now.
    """

    other: NamedSegment
    overlap: Overlap | None

    @property
    def shares(self) -> tuple[float, float, float]:
        """Only here, both, only there: of all customers of either, in per cent."""
        if self.overlap is None:
            return 0, 0, 0
        numbers = (self.overlap.only_first, self.overlap.both, self.overlap.only_second)
        whole = sum(numbers) or 1
        here, both, there = (100 * number / whole for number in numbers)
        return here, both, there


class SegmentPage(msgspec.Struct, frozen=True):
    """What the page shows. `measured` is missing where the segment cannot be counted now."""

    segment: Segment
    sentence: str
    problems: tuple[PlacedProblem, ...]
    measured: Reach | None
    living: int
    """How many customers there are in all."""
    channels: dict[str, str]
    fields: tuple[str, ...]
    uses: list[NamedSegment]
    used_by: list[NamedSegment]
    others: list[NamedSegment]
    trend: TrendChart | None
    counts: list[SegmentCount]
    """The latest first."""
    days: int
    ranges: tuple[int, ...]
    versions: list[SegmentVersion]
    compared: ComparedSegment | None = None
    asked: str = ""
    """The identifier of the customer about whom was asked."""
    explained: list[ExplainedCustomer] | None = None
    notice: str = ""
    """Why what was asked for was not done."""


def load_segment_page(
    services: Services, register: Register, segment: Segment, *, days: int = TREND_RANGES[0]
) -> SegmentPage:
    """The page of a segment. Raises `StoreUnavailableError`."""
    (described,) = describe_segments(register, [segment])
    known = {
        each.key: NamedSegment(each.id, each.name) for each in services.segments.load(register)
    }
    days = days if days in TREND_RANGES else TREND_RANGES[0]
    counts = services.segments.load_trend(register, segment, days)
    return SegmentPage(
        segment=segment,
        sentence=tell_condition(described.tree, register.load_schema()),
        problems=described.problems,
        measured=_measure(services, register, described),
        living=register.store.read_position().living,
        channels=CHANNELS,
        fields=described.fields,
        uses=_those_of(known, described.uses),
        used_by=_those_of(known, described.used_by),
        others=[each for each in known.values() if each.id != segment.id],
        trend=draw_trend([(each.day, each.customers) for each in counts]),
        counts=counts[::-1],
        days=days,
        ranges=TREND_RANGES,
        versions=services.segments.load_versions(register, segment)[:_SHOWN_VERSIONS],
    )


def compare_with(
    services: Services, register: Register, segment: Segment, other: Segment
) -> ComparedSegment:
    """How a segment and another one overlap."""
    overlap = None
    try:
        first, second = (
            services.search.ask(register, condition=each.condition) for each in (segment, other)
        )
        overlap = first.overlap(second)
    except (InvalidConditionError, TooBusyError):
        pass
    return ComparedSegment(NamedSegment(other.id, other.name), overlap)


def _measure(services: Services, register: Register, described: DescribedSegment) -> Reach | None:
    if described.problems:
        return None
    return measure_segment(services.search, register, described.segment)


def _those_of(known: dict[str, NamedSegment], names: tuple[str, ...]) -> list[NamedSegment]:
    """The segments of these names, which a condition may have written in another case."""
    return [known[key] for name in names if (key := segment_key(name)) in known]
