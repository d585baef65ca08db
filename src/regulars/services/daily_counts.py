"""Counts of segments day by day, for their trends (SPEC section 11).

Owns which segments are due: each once a day of the company's calendar. Must not know when it is
looked, nor who has the index open.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

from regulars.domain.segments.days import local_day
from regulars.errors import RegularsError, StoreUnavailableError, TooBusyError
from regulars.store.contract.segments import SegmentCount

if TYPE_CHECKING:
    from datetime import date

    from regulars.services.index_access import IndexAccess
    from regulars.services.installation import Installation, Register
    from regulars.store.contract.segments import Segment

AT_ONCE: Final = timedelta(0)
OTHERS_FIRST: Final = timedelta(hours=1)
"""For whoever may have no index, and would have to make one for this alone."""


class DailyCounts(msgspec.Struct, frozen=True):
    """What became of the segments that were due."""

    counted: int
    broken: int
    """Those whose condition does not fit the company's fields any more."""


def count_segments(
    installation: Installation,
    register: Register,
    indexes: IndexAccess,
    *,
    delay: timedelta = AT_ONCE,
) -> DailyCounts:
    """Count the segments that have no count of today, if they have been due for so long.

    Raises `TooBusyError` and `StoreUnavailableError`; what was counted by then is kept.
    """
    now = installation.now()
    today = local_day(now, ZoneInfo(register.company.timezone))
    counted = broken = 0
    for segment in register.store.segments.load_uncounted(today):
        if now - _due_since(register, segment, today) < delay:
            continue
        try:
            measured = indexes.measure(register.company.short_name, segment.condition)
        except (TooBusyError, StoreUnavailableError):
            raise
        except RegularsError:
            broken += 1
            continue
        register.store.segments.add_counts(
            [SegmentCount(segment.id, today, measured.customers, measured.reach)]
        )
        counted += 1
    return DailyCounts(counted, broken)


def _due_since(register: Register, segment: Segment, today: date) -> datetime:
    midnight = datetime.combine(today, time(), ZoneInfo(register.company.timezone))
    return max(midnight, segment.changed_at)
