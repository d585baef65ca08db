from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from regulars.domain.fields.types.text import CANONICAL_TEXTS, canonical_text
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

READER = reader_of("string")
WRONG: Final = Refused("wrong_type")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("James", "James"),
        ("  O'Brien \t\n", "O'Brien"),
        ("\u3000Åbo\u00a0", "Åbo"),
        ("A\u030abo", "Åbo"),
        ("a  b", "a  b"),
        ("", REMOVE),
        (" \r\n\u2003", REMOVE),
        (7, "7"),
        (-12, "-12"),
        (10**30, "1" + "0" * 30),
        (7.0, "7"),
        (-0.0, "0"),
        (7.5, "7.5"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        (1.5e-7, "1.5e-07"),
        (True, "true"),
        (False, "false"),
        (float("inf"), WRONG),
        (float("nan"), WRONG),
        (OutOfRange(), WRONG),
        ([], WRONG),
        (["a"], WRONG),
        ({}, WRONG),
        (b"a", WRONG),
    ],
)
def test_text_is_trimmed_and_nfc_and_numbers_become_text(given: object, expected: object) -> None:
    assert_answer(READER, given, expected)


def test_ten_thousand_characters_are_counted_after_trimming_and_nfc() -> None:
    for longest in ("x" * 10_000, " " + "é" * 10_000 + " "):
        assert_answer(READER, longest, longest.strip())
        assert_answer(READER, longest + "x", Refused("too_long"))
    assert_answer(READER, "e\u0301" * 10_000, "é" * 10_000)
    # U+0958 becomes two characters in NFC.
    assert_answer(READER, "\u0958" * 5_000, "\u0915\u093c" * 5_000)
    assert_answer(READER, "\u0958" * 5_001, Refused("too_long"))


def test_a_full_memo_is_emptied_and_long_texts_stay_out_of_it() -> None:
    CANONICAL_TEXTS.clear()
    for number in range(50_000):
        assert CANONICAL_TEXTS[f"v{number}"] == f"v{number}"
    assert len(CANONICAL_TEXTS) == 50_000
    assert CANONICAL_TEXTS["one more"] == "one more"
    assert len(CANONICAL_TEXTS) == 1
    assert CANONICAL_TEXTS["x" * 65] == "x" * 65
    assert len(CANONICAL_TEXTS) == 1


def test_the_memo_answers_as_the_function_that_it_remembers() -> None:
    for text in ("a", " a ", "", "A\u030a"):
        assert CANONICAL_TEXTS[text] == CANONICAL_TEXTS[text] == canonical_text(text)
