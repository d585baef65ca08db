"""A company with fields of all types, for tests of conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import FIELD_TYPES, ReadingContext
from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.errors import InvalidConditionError

if TYPE_CHECKING:
    from regulars.domain.segments.check import FindSegment
    from regulars.domain.segments.checked import Checked
    from regulars.errors import PlacedProblem


def company_schema(timezone: str = "Europe/Helsinki") -> Schema:
    """A declared field of each type, such as `ACME__integer`, and inferred ones that hold values as
    they were given, such as `ACME__given_integer`.
    """
    declared = [CompanyField(f"ACME__{name}", name, "declared", False) for name in FIELD_TYPES]
    given = [
        CompanyField(f"ACME__given_{name}", name, "inferred", True)
        for name in ("boolean", "integer", "number", "string", "list")
    ]
    return Schema("acme", ReadingContext(ZoneInfo(timezone), "FI"), [*declared, *given])


SCHEMA: Final = company_schema()


def checked(text: str, schema: Schema = SCHEMA, find_segment: FindSegment = no_segments) -> Checked:
    """The checked condition of a text."""
    parsed = read_condition(text)
    return check_condition(parsed.tree, schema, find_segment, parsed.places)


def problems_of(text: str, find_segment: FindSegment = no_segments) -> list[PlacedProblem]:
    """What is wrong with a text."""
    try:
        checked(text, find_segment=find_segment)
    except InvalidConditionError as error:
        return list(error.problems)
    return []


def pointed_at(text: str, find_segment: FindSegment = no_segments) -> list[tuple[str, str]]:
    """The codes of what is wrong with a text, each with the part of the text it points at."""
    return [
        (problem.code, text[problem.start : problem.end])
        for problem in problems_of(text, find_segment)
    ]
