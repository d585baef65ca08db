"""The conditions that pages show are conditions, and the problems they show are those that come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.segments.check import check_condition
from regulars.domain.segments.text import read_condition
from regulars.domain.segments.tree import Condition, Test
from regulars.errors import InvalidConditionError
from tests.project.checkout import project_files

if TYPE_CHECKING:
    from regulars.domain.segments.checked import Checked

FENCE: Final = re.compile(r"^```(condition|problem)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCES: Final = [
    fence
    for path in project_files()
    if path.suffix == ".md"
    for fence in FENCE.findall(path.read_text("utf-8"))
]
CONDITIONS: Final = [
    line for kind, text in FENCES if kind == "condition" for line in text.splitlines()
]
PROBLEMS: Final = [text.splitlines() for kind, text in FENCES if kind == "problem"]

SCHEMA: Final = Schema(
    "acme",
    ReadingContext(ZoneInfo("Europe/Helsinki"), "FI"),
    [CompanyField("ACME__points", "integer", "declared", as_given=False)],
)


def check(text: str) -> Checked:
    def find_segment(_name: str) -> Condition:
        return Test("city", "is_set")

    parsed = read_condition(text)
    return check_condition(parsed.tree, SCHEMA, find_segment, parsed.places)


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_that_is_shown_passes_the_check(text: str) -> None:
    assert check(text).timezone.key == "Europe/Helsinki"


@pytest.mark.parametrize(("text", "message"), PROBLEMS)
def test_a_problem_that_is_shown_is_the_one_that_comes(text: str, message: str) -> None:
    with pytest.raises(InvalidConditionError) as raised:
        check(text)

    assert str(raised.value) == message


def test_conditions_are_shown() -> None:
    assert len(CONDITIONS) > 10
    assert len(PROBLEMS) > 2
