from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

READER = reader_of("external_id")
BAD: Final = Refused("bad_external_id")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("3619490226", "3619490226"),
        (" AB-12-cd ", "AB-12-cd"),
        ("-", "-"),
        ("Äiti-7", "Äiti-7"),
        ("A\u030a1", "Å1"),
        ("会員-42", "会員-42"),
        ("٣٤", "٣٤"),
        (3619490226, "3619490226"),
        (-5, "-5"),
        (7.0, "7"),
        ("x" * 255, "x" * 255),
        ("A\u030a" * 255, "Å" * 255),
        ("", REMOVE),
        ("  ", REMOVE),
        ("x" * 256, BAD),
        ("ä" * 256, BAD),
        ("a b", BAD),
        ("a_b", BAD),
        ("a.b", BAD),
        ("a\u2010b", BAD),
        ("x²", BAD),
        ("Ⅷ", BAD),
        ("x\u0301", BAD),
        ("a\0b", BAD),
        ("a\ud800", BAD),
        (7.5, BAD),
        (1e22, BAD),
        (True, BAD),
        (False, BAD),
        (OutOfRange(), BAD),
        ([], BAD),
        ({"a": 1}, BAD),
    ],
)
def test_letters_digits_and_dashes_make_an_external_id(given: object, expected: object) -> None:
    assert_answer(READER, given, expected)
