from __future__ import annotations

import pytest

from regulars.domain.segments.search_box import is_meant_as_condition
from tests.domain.segments.acme import SCHEMA


@pytest.mark.parametrize(
    "text",
    [
        "city = Turku",
        "CITY is set",
        "city",
        "city Turku",
        "  country in (FI",
        "not city = Turku",
        '(city = "Turku',
        'segment "VIPs"',
        "sample 10 %",
        '"city" = Turku',
        # It reads as a condition, though there is no such field.
        "cuntry = FI",
        "loyalty is set and x > 3",
    ],
)
def test_what_begins_or_reads_as_a_condition_is_meant_as_one(text: str) -> None:
    assert is_meant_as_condition(text, SCHEMA)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "anna", "Anna Virtanen", "anna@example.org", "+358 40 123", "Smith & Sons = friends",
     "O'Brien", '"Anna Virtanen"', "'quoted'", '"open', "!", "cuntry =", ") city", "and", "=",
     "turku city"],
)  # fmt: skip
def test_anything_else_is_words(text: str) -> None:
    assert not is_meant_as_condition(text, SCHEMA)
