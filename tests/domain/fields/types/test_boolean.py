from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

READER = reader_of("boolean")
BAD: Final = Refused("bad_boolean")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (1.0, True),
        (0.0, False),
        ("true", True),
        ("TRUE", True),
        (" Yes ", True),
        ("1", True),
        ("False", False),
        ("no", False),
        ("0", False),
        ("", REMOVE),
        ("  ", REMOVE),
        ("y", BAD),
        ("on", BAD),
        ("1.0", BAD),
        ("１", BAD),
        (2, BAD),
        (-1, BAD),
        (0.5, BAD),
        (float("nan"), BAD),
        (OutOfRange(), BAD),
        ([True], BAD),
        ({}, BAD),
    ],
)
def test_the_usual_spellings_of_true_and_false_are_read(given: object, expected: object) -> None:
    assert_answer(READER, given, expected)
