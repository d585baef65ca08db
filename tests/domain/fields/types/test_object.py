from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

READER = reader_of("object")
WRONG: Final = Refused("wrong_type")
BAD_TEXT: Final = Refused("bad_text")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"size": 42, "ratio": 0.5, "on": True, "note": None, "empty": "", "padded": " x "},
        {"colours": ["red", ["dark", {"shade": "A\u030a"}]]},
    ],
)
def test_an_object_is_kept_as_given(given: object) -> None:
    assert_answer(READER, given, given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", REMOVE),
        ("  ", REMOVE),
        ('{"size": 42}', WRONG),
        ("text", WRONG),
        ([], WRONG),
        (["a"], WRONG),
        (7, WRONG),
        (True, WRONG),
        (OutOfRange(), WRONG),
        ({"a": OutOfRange()}, WRONG),
        ({"a": [float("nan")]}, WRONG),
        ({"a": {"b": float("inf")}}, WRONG),
        ({"a": ["\0"]}, BAD_TEXT),
        ({"\ud800": 1}, BAD_TEXT),
        ({"a": {"\0": 1}}, BAD_TEXT),
    ],
)
def test_what_is_no_storable_object_is_refused(given: object, expected: object) -> None:
    assert_answer(READER, given, expected)


def test_an_object_nests_at_most_sixty_four_deep() -> None:
    nested: object = "innermost"
    for depth in range(64):
        nested = {"in": nested} if depth % 2 else [nested]
    assert_answer(READER, nested, nested)
    assert_answer(READER, {"in": nested}, WRONG)
