"""Calendar days of a company, as conditions count them (SPEC section 11).

Owns what day an instant is, how far days reach, and anniversaries. The time is passed in.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

MAX_DAYS: Final = 36_500
"""The longest time that a condition looks back or ahead: a hundred years."""

_DAYS_OF_A_YEAR: Final = 366


def local_day(instant: datetime, timezone: tzinfo) -> date:
    """The calendar day of an instant; at the ends of the calendar its first or last day."""
    try:
        return instant.astimezone(timezone).date()
    except OverflowError:
        return date.max if instant.year == date.max.year else date.min


def days_before(day: date, days: int) -> date:
    """The day so many days earlier; the calendar's first one where it does not reach back."""
    return date.min if days > (day - date.min).days else day - timedelta(days=days)


def days_after(day: date, days: int) -> date:
    """The day so many days later; the calendar's last one where it does not reach so far."""
    return date.max if days > (date.max - day).days else day + timedelta(days=days)


def day_of_year(day: date) -> str:
    """The month and day as `MM/DD`, which is how the type `day_of_year` keeps them."""
    return f"{day.month:02}/{day.day:02}"


def anniversaries(today: date, days: int) -> frozenset[str]:
    """The `MM/DD` that have their anniversary on one of the days from today on.

    29 February falls on the 28th in other years than leap years.
    """
    last = days_after(today, min(days, _DAYS_OF_A_YEAR))
    wanted = [today + timedelta(days=number) for number in range((last - today).days + 1)]
    found = {day_of_year(day) for day in wanted}
    if any(day_of_year(day) == "02/28" and not calendar.isleap(day.year) for day in wanted):
        found.add("02/29")
    return frozenset(found)
