"""Numbers, days and instants as pages write them.

Owns their form, which is the same on every page. Instants are shown in the company's timezone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_RECENT_DAYS: Final = 7
_KIB: Final = 1024


def write_number(number: float) -> str:
    """A number with its thousands apart: `20,000`."""
    return f"{number:,}"


def write_share(part: float, whole: float) -> str:
    """A part of a whole in per cent: `12 %`; a small one with a decimal, `0.3 %`."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if part and round(share, 1) == 0:
        return "< 0.1 %"
    shown = f"{share:.0f}" if share >= 10 or share == int(share) else f"{share:.1f}"  # noqa: PLR2004
    return f"{shown} %"


def write_day(day: date) -> str:
    """A calendar day: `24 Nov 2026`."""
    return f"{day.day} {day:%b} {day.year:04}"


def write_instant(instant: datetime, timezone: ZoneInfo) -> str:
    """An instant to the minute, in a timezone: `24 Nov 2026, 14:05`."""
    try:
        local = instant.astimezone(timezone)
    except OverflowError:
        local = instant
    return f"{write_day(local.date())}, {local:%H:%M}"


def write_ago(instant: datetime, now: datetime, timezone: ZoneInfo) -> str:
    """How long ago something was, as long as that says more than the day."""
    seconds = (now - instant).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return _counted(int(seconds // _MINUTE), "minute")
    if seconds < _DAY:
        return _counted(int(seconds // _HOUR), "hour")
    if seconds < _RECENT_DAYS * _DAY:
        return _counted(int(seconds // _DAY), "day")
    return write_instant(instant, timezone)


def write_size(size_bytes: int) -> str:
    """A size in bytes, in the largest unit of which there is at least one: `1.4 MiB`."""
    size, units = float(size_bytes), ["bytes", "KiB", "MiB", "GiB"]
    while size >= _KIB and len(units) > 1:
        size /= _KIB
        units.pop(0)
    return f"{size:,.0f} {units[0]}" if units[0] == "bytes" else f"{size:,.1f} {units[0]}"


def write_plural(number: int, one: str, many: str = "") -> str:
    """A number and what it counts: `1 customer`, `2,000 customers`."""
    return f"{write_number(number)} {one if number == 1 else many or f'{one}s'}"


def write_actor(actor: str) -> str:
    """Whoever did something, as history names them: `user:ann@example.org` is `ann@example.org`."""
    kind, _, name = actor.partition(":")
    if kind == "user" and name:
        return name
    if kind == "token" and name:
        return f"token {name}"
    return _ACTORS.get(actor, actor)


_ACTORS: Final = {"command": "command line"}


def _counted(number: int, unit: str) -> str:
    return f"{write_plural(number, unit)} ago"
