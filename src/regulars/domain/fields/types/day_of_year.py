"""The type `day_of_year`: a month and a day, such as a name day (SPEC section 2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from regulars.domain.fields.types.reading import (
    REMOVE,
    FieldType,
    Remove,
    Unreadable,
    same_for_every_company,
)
from regulars.domain.fields.types.text import trimmed

_CODE: Final = "bad_day_of_year"
# A leap year, so that 02/29 is a day.
_FIRST: Final = date(2000, 1, 1)
_DAYS: Final = frozenset(f"{_FIRST + timedelta(days=days):%m/%d}" for days in range(366))


def read_day_of_year(value: object) -> str | Remove:
    """The day as `MM/DD`, two digits each, 02/29 included; raises `bad_day_of_year`."""
    text = trimmed(value, _CODE)
    if not text:
        return REMOVE
    if text not in _DAYS:
        raise Unreadable(_CODE)
    return text


DAY_OF_YEAR: Final = FieldType(
    name="day_of_year",
    problem_code=_CODE,
    accepts="A month and a day as MM/DD, two digits each.",
    example="05/01",
    compile_reader=same_for_every_company(read_day_of_year),
)
