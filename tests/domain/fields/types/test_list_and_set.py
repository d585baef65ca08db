from __future__ import annotations

from typing import Final

import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

WRONG: Final = Refused("wrong_type")


@pytest.mark.parametrize(
    ("given", "as_list", "as_set"),
    [
        (["b", "a", "b"], ["b", "a", "b"], ["b", "a"]),
        ([" b", "b "], ["b", "b"], ["b"]),
        (["A\u030a", "Å"], ["Å", "Å"], ["Å"]),
        (["", "a", None, "  "], ["a"], ["a"]),
        ([1, 1.0, True, "1"], ["1", "1", "true", "1"], ["1", "true"]),
        ("vip", ["vip"], ["vip"]),
        (" vip ", ["vip"], ["vip"]),
        ("a, b", ["a, b"], ["a, b"]),
        ([], REMOVE, REMOVE),
        ([None, " "], REMOVE, REMOVE),
        ("", REMOVE, REMOVE),
        ("  ", REMOVE, REMOVE),
        (7, WRONG, WRONG),
        (True, WRONG, WRONG),
        ({}, WRONG, WRONG),
        (OutOfRange(), WRONG, WRONG),
        ([["a"]], WRONG, WRONG),
        (["a", {}], WRONG, WRONG),
        ([float("inf")], WRONG, WRONG),
        ([OutOfRange()], WRONG, WRONG),
        (["a", "x" * 10_001], Refused("too_long"), Refused("too_long")),
        (["a", "x\0"], Refused("bad_text"), Refused("bad_text")),
    ],
)
def test_items_are_texts_and_only_a_list_repeats_them(
    given: object, as_list: object, as_set: object
) -> None:
    assert_answer(reader_of("list"), given, as_list)
    assert_answer(reader_of("set"), given, as_set)


def test_reading_leaves_the_supplied_array_as_it_is() -> None:
    supplied = [" b", None, "b"]
    reader_of("list")(supplied)
    reader_of("set")(supplied)
    assert supplied == [" b", None, "b"]
