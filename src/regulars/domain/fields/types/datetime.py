"""The type `datetime`: an instant, kept in UTC (SPEC section 2)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.fields.types.iso8601 import PLAIN_DATE, PLAIN_TIME, parse_moment
from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Reader,
    ReadingContext,
    Remove,
    Unreadable,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_datetime"
_is_canonical: Final = re.compile(f"{PLAIN_DATE}T{PLAIN_TIME}Z").fullmatch


def _instant_text(instant: datetime) -> str:
    """A UTC instant as RFC 3339 text: a fraction only where there is one, without end zeros."""
    text = instant.isoformat()
    if instant.microsecond:
        text = text.rstrip("0")
    return text + "Z"


def compile_datetime_reader(context: ReadingContext) -> Reader:
    """A reader to `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`; raises `bad_datetime`.

    Without a zone the value is in `context.timezone`: in a DST overlap it is the first of the two
    instants, in a gap the offset in force before it counts (PEP 495, `fold=0`).
    """
    timezone = context.timezone

    def read_datetime(value: object) -> str | Remove:
        if type(value) is str and _is_canonical(value):
            return value
        text = trimmed(value, _CODE)
        if not text:
            return REMOVE
        moment = parse_moment(text)
        if moment is None:
            raise Unreadable(_CODE)
        offset = moment.utcoffset()
        if offset is None:
            # Never None for a named zone; the annotation is that of any tzinfo.
            offset = timezone.utcoffset(moment) or timedelta()
        try:
            return _instant_text(moment.replace(tzinfo=None) - offset)
        except OverflowError:  # outside the years 0001 to 9999 once in UTC
            raise Unreadable(_CODE) from None

    return read_datetime


DATETIME: Final = FieldType(
    name="datetime",
    problem_code=_CODE,
    accepts=(
        "YYYY-MM-DD, optionally with a time HH:MM or HH:MM:SS (and a fraction) and a zone "
        "Z or ±HH:MM; without a zone it is in the company's timezone."
    ),
    example="2015-11-23T13:11:23Z",
    compile_reader=compile_datetime_reader,
)
