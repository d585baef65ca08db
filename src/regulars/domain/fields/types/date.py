"""The type `date`: a calendar day without zone (SPEC section 2)."""

from __future__ import annotations

import re
from typing import Final

from regulars.domain.fields.types.iso8601 import PLAIN_DATE, parse_moment
from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_date"
_is_plain: Final = re.compile(PLAIN_DATE).fullmatch


def read_date(value: object) -> str | Remove:
    """The day as `YYYY-MM-DD`; of a datetime the day as written, whatever its zone.

    Raises `bad_date`.
    """
    if type(value) is str and _is_plain(value):
        return value
    text = trimmed(value, _CODE)
    if not text:
        return REMOVE
    moment = parse_moment(text)
    if moment is None:
        raise Unreadable(_CODE)
    return moment.date().isoformat()


DATE: Final = FieldType(
    name="date",
    problem_code=_CODE,
    accepts="A day as YYYY-MM-DD, or a datetime, of which the day as written is kept.",
    example="1991-06-14",
    compile_reader=same_for_every_company(read_date),
)
