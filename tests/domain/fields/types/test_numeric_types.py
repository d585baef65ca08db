from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

BAD: Final = "bad"
WHOLE_NUMBERS: Final = [
    (42, 42),
    (0, 0),
    (-7, -7),
    (2**63 - 1, 2**63 - 1),
    (-(2**63), -(2**63)),
    ("42", 42),
    (" +42 ", 42),
    ("-007", -7),
    ("-0", 0),
    ("9223372036854775807", 2**63 - 1),
    ("0" * 5000 + "12", 12),
    ("", REMOVE),
    (" ", REMOVE),
    (2**63, BAD),
    (-(2**63) - 1, BAD),
    ("9223372036854775808", BAD),
    ("9" * 5000, BAD),
    ("7.0", BAD),
    ("1e3", BAD),
    ("1_000", BAD),
    ("1 000", BAD),
    ("+-1", BAD),
    ("٣", BAD),
    ("abc", BAD),
    (7.5, BAD),
    (float("inf"), BAD),
    (float("nan"), BAD),
    (True, BAD),
    (False, BAD),
    (OutOfRange(), BAD),
    ([1], BAD),
    ({}, BAD),
]
INTEGERS: Final = [(7.0, 7), (-0.0, 0), (2.0**53, 2**53), (2.0**54, BAD), (1e300, BAD)]
# A float is no amount in cents, however whole it is.
AMOUNTS: Final = [(7.0, BAD), (12.5, BAD), (0.0, BAD)]
NUMBERS: Final = [
    (7, 7.0),
    (12.5, 12.5),
    (-0.0, 0.0),
    (2**53 + 1, 2.0**53),
    ("12.5", 12.5),
    (" -3 ", -3.0),
    (".5", 0.5),
    ("5.", 5.0),
    ("+1.5e-3", 0.0015),
    ("1E3", 1000.0),
    ("-0", 0.0),
    ("", REMOVE),
    (" ", REMOVE),
    (10**400, BAD),
    ("1e400", BAD),
    ("9" * 400, BAD),
    ("12,5", BAD),
    ("1_0", BAD),
    (".", BAD),
    ("inf", BAD),
    ("nan", BAD),
    ("0x10", BAD),
    ("٣", BAD),
    (float("inf"), BAD),
    (float("nan"), BAD),
    (True, BAD),
    (OutOfRange(), BAD),
    ([1.0], BAD),
    ({}, BAD),
]


@pytest.mark.parametrize(
    ("type_name", "table"),
    [
        ("integer", WHOLE_NUMBERS + INTEGERS),
        ("money", WHOLE_NUMBERS + AMOUNTS),
        ("number", NUMBERS),
    ],
)
def test_numbers_are_read_exactly_or_refused(
    type_name: str, table: list[tuple[object, object]]
) -> None:
    for given, expected in table:
        verdict = Refused(f"bad_{type_name}") if expected is BAD else expected
        assert_answer(reader_of(type_name), given, verdict)


def test_a_negative_zero_is_stored_as_a_plain_one() -> None:
    for given in (-0.0, "-0.0"):
        assert str(reader_of("number")(given)) == "0.0"
