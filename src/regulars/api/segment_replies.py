"""Segments, and what is counted of them, as the API shows them.

Owns names and order of keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.api.encoded_names import segment_path
from regulars.api.errors import ConditionProblemReply, problem_replies
from regulars.api.replies import show_instant
from regulars.domain.segments.tree import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.services.customer_search import Reach, Statistics
    from regulars.services.segment_descriptions import DescribedSegment
    from regulars.services.spelled_values import SpelledDistribution
    from regulars.store.contract.segments import SegmentCount, SegmentVersion


class SegmentReply(msgspec.Struct):
    """A saved condition on customers."""

    name: str
    where: str
    """The condition as text."""
    tree: Condition
    """The same condition as a tree."""
    sentence: str
    """What it asks for, in plain words."""
    fields: list[str]
    """The fields that it tests itself."""
    uses: list[str]
    """The segments that it refers to."""
    used_by: list[str]
    """The segments that refer to it."""
    problems: list[ConditionProblemReply]
    """Why it cannot be answered, where the company's fields have changed since; else empty."""
    version: int
    """Rises by one with every change of name or condition."""
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str
    url: str


class SegmentVersionReply(msgspec.Struct):
    """What a segment was from one change to the next, and who made it so."""

    version: int
    name: str
    where: str
    changed_at: str
    changed_by: str


class SegmentDetailReply(SegmentReply):
    """A segment with what it was before."""

    versions: list[SegmentVersionReply]
    """Newest first, the present one among them; at most 100."""


class SegmentFoundReply(msgspec.Struct):
    """One segment."""

    segment: SegmentDetailReply


class SegmentListReply(msgspec.Struct, omit_defaults=True):
    """Segments in order of their names; `next_url` only where more follow."""

    segments: list[SegmentReply]
    count: int
    """How many there are on all pages."""
    next_url: str | None = None


class CountReply(msgspec.Struct):
    """How many customers a segment holds now, or meet a condition."""

    customers: int
    reach: dict[str, int]
    """How many of them each channel reaches: those who allow it and have an address for it."""


class ValueCountReply(msgspec.Struct):
    """A value of a field, and how many customers have it."""

    value: str | bool | float
    """As a customer has it; other spellings, in upper or lower case, count with it."""
    customers: int
    share: float
    """Of all customers of the segment, from 0 to 1."""


class DistributionReply(msgspec.Struct):
    """The values of a field. Of a list every item is a value, so that a customer may count more
    than once.
    """

    field: str
    type: str
    values: list[ValueCountReply]
    """The most frequent ones, most frequent first; at most 20."""
    other_values: int
    """How many further values there are."""
    others: int
    """How many customers have a further value."""
    without: int
    """How many customers have none."""


class PermissionCountReply(msgspec.Struct):
    """How many customers have given a permission."""

    field: str
    customers: int
    share: float


class JoinedReply(msgspec.Struct):
    """How many customers joined in a month of the company's calendar."""

    month: str
    customers: int


class StatisticsReply(msgspec.Struct, omit_defaults=True):
    """Who the customers of a segment are. Where one field is asked for, `reach`, `permissions`,
    `joined` and `joined_without` are left out.
    """

    customers: int
    fields: list[DistributionReply]
    reach: dict[str, int] | None = None
    permissions: list[PermissionCountReply] | None = None
    joined: list[JoinedReply] | None = None
    """By month of `date_joined`, without months in which nobody joined."""
    joined_without: int | None = None
    """How many customers have no `date_joined`."""


class DayCountReply(msgspec.Struct):
    """How many customers a segment held on a day, and how many each channel reached."""

    day: str
    customers: int
    reach: dict[str, int]


class TrendReply(msgspec.Struct):
    """The counts of a segment, one a day, in order; days on which nobody counted are left out."""

    counts: list[DayCountReply]


class OverlapReply(msgspec.Struct):
    """How many customers two segments have in common."""

    segment: str
    with_: str = msgspec.field(name="with")
    both: int
    only_segment: int
    """In the first one only."""
    only_with: int
    """In the other one only."""


def segment_reply(described: DescribedSegment) -> SegmentReply:
    """A segment in a list."""
    return SegmentReply(**_segment_values(described))  # type: ignore[arg-type]


def segment_detail_reply(
    described: DescribedSegment, versions: Iterable[SegmentVersion]
) -> SegmentFoundReply:
    """A segment alone."""
    return SegmentFoundReply(
        SegmentDetailReply(
            **_segment_values(described),  # type: ignore[arg-type]
            versions=[
                SegmentVersionReply(
                    each.version,
                    each.name,
                    each.condition,
                    show_instant(each.changed_at),
                    each.changed_by,
                )
                for each in versions
            ],
        )
    )


def _segment_values(described: DescribedSegment) -> dict[str, object]:
    segment = described.segment
    return {
        "name": segment.name,
        "where": segment.condition,
        "tree": described.tree,
        "sentence": described.sentence,
        "fields": list(described.fields),
        "uses": list(described.uses),
        "used_by": list(described.used_by),
        "problems": problem_replies(described.problems),
        "version": segment.version,
        "created_at": show_instant(segment.created_at),
        "created_by": segment.created_by,
        "changed_at": show_instant(segment.changed_at),
        "changed_by": segment.changed_by,
        "url": segment_path(segment.name),
    }


def count_reply(reach: Reach) -> CountReply:
    """How many customers there are."""
    return CountReply(reach.customers, reach.reach)


def statistics_reply(
    found: Statistics, distributions: Iterable[SpelledDistribution]
) -> StatisticsReply:
    """Everything that is told of customers; `distributions` in the spelling of customers."""
    return StatisticsReply(
        found.customers,
        distribution_replies(distributions, found.customers),
        found.reach,
        [
            PermissionCountReply(field, customers, _share(customers, found.customers))
            for field, customers in found.permissions.items()
        ],
        [JoinedReply(each.month, each.customers) for each in found.joined],
        found.joined_without,
    )


def distribution_replies(
    distributions: Iterable[SpelledDistribution], customers: int
) -> list[DistributionReply]:
    """The values of fields, of so many customers."""
    return [
        DistributionReply(
            each.field,
            each.type,
            [
                ValueCountReply(value.value, value.customers, _share(value.customers, customers))
                for value in each.values
            ],
            each.other_values,
            each.others,
            each.without,
        )
        for each in distributions
    ]


def trend_reply(counts: Iterable[SegmentCount]) -> TrendReply:
    """Counts by day."""
    return TrendReply(
        [DayCountReply(each.day.isoformat(), each.customers, each.reach) for each in counts]
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
