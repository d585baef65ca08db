"""All segments at a glance: what they hold now, whom they reach, how they moved (SPEC section 12).

Owns how much of that is counted while somebody waits. Must not know who looks.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.errors import InvalidConditionError, TooBusyError
from regulars.services.segment_descriptions import DescribedSegment, describe_segments
from regulars.store.contract.segments import SegmentCount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.index.statistics import Reach
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register
    from regulars.services.segments import Segments
    from regulars.store.contract.segments import Segment

TREND_DAYS: Final = 30
PAGE_SEGMENTS: Final = 50
PATIENCE_SECONDS: Final = 0.12
"""For which a page of segments is counted while somebody waits for it."""


class SegmentGlance(msgspec.Struct, frozen=True):
    """A segment among others."""

    described: DescribedSegment
    measured: Reach | None
    """What it holds now; None where it was not counted in time, or cannot be."""
    trend: list[SegmentCount]

    @property
    def segment(self) -> Segment:
        """The segment itself."""
        return self.described.segment


class Overview(msgspec.Struct, frozen=True):
    """A page of segments in order of their names; `segments` is how many there are in all."""

    glances: list[SegmentGlance]
    segments: int
    page: int
    pages: int


def load_overview(
    segments: Segments, search: CustomerSearch, register: Register, page: int
) -> Overview:
    """The segments of a page, from 1; one behind the last is the last. As many of them are counted
    as can be in time, from the first on. Raises `StoreUnavailableError`.
    """
    known = segments.load(register)
    pages = max(1, -(-len(known) // PAGE_SEGMENTS))
    page = min(max(1, page), pages)
    shown = known[(page - 1) * PAGE_SEGMENTS : page * PAGE_SEGMENTS]
    described = describe_segments(register, shown)
    measured = _measure_in_time(search, register, described)
    glances = [
        SegmentGlance(
            each,
            measured.get(each.segment.id),
            segments.load_trend(register, each.segment, TREND_DAYS),
        )
        for each in described
    ]
    return Overview(glances, len(known), page, pages)


def measure_segment(search: CustomerSearch, register: Register, segment: Segment) -> Reach | None:
    """What a segment holds now; None where its condition does not fit the fields any more, and
    while the index is being made.
    """
    try:
        return search.ask(register, condition=segment.condition).measure()
    except (InvalidConditionError, TooBusyError):
        return None


def _measure_in_time(
    search: CustomerSearch, register: Register, described: Sequence[DescribedSegment]
) -> dict[int, Reach]:
    until = time.monotonic() + PATIENCE_SECONDS
    measured: dict[int, Reach] = {}
    for each in described:
        if time.monotonic() > until:
            break
        found = None if each.problems else measure_segment(search, register, each.segment)
        if found is not None:
            measured[each.segment.id] = found
    return measured
