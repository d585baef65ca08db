"""Dates and times as written: the part of ISO 8601 that SPEC section 2 accepts.

Owns the grammar; must not know the company's timezone or what a type keeps.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

PLAIN_DATE: Final = (
    r"(?!0000)[0-9]{4}-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
)
"""A pattern of valid `YYYY-MM-DD`: every day of the years 0001-9999 but 29 February."""

PLAIN_TIME: Final = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
"""A pattern of valid `HH:MM:SS`."""

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?)?"
)


def parse_moment(text: str) -> datetime | None:
    """The date and time that a trimmed text names, with tzinfo if it names a zone, or None.

    A bare date is midnight. A fraction is cut, not rounded, to microseconds. Neither 24:00 nor a
    leap second is a time, and the year 0000 is none: such values are placeholders or mistakes.
    """
    # The pattern decides what is accepted, since fromisoformat() accepts more with every Python.
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:  # a day that the calendar lacks
        return None
