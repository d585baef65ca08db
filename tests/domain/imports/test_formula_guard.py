"""Text that a spreadsheet would take for a formula (SPEC section 10)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.imports.formula_guard import guard_cell, unguard_cell


@pytest.mark.parametrize(
    ("text", "is_guarded"),
    [
        ("=1+1", True), ("+cmd", True), ("-cmd", True), ("@SUM(A1)", True), ("\tx", True),
        ("\rx", True), ("-", True), ("-1+1", True), ("+358 40 123 4567 x", True),
        ("-5", False), ("+5.5", False), ("-1.5e3", False), ("+358401234567", False),
        ("+358 (40) 123-4567", False), ("1991-06-14", False), ("Oulu", False), ("", False),
        (" =1", False), ("a=b", False), ("'x", False), ("'", False), ("'-5", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str, is_guarded: bool) -> None:
    assert guard_cell(text) == ("'" + text if is_guarded else text)


@given(st.text(st.sampled_from("'=+-@\t\r1. x"), max_size=8))
def test_the_apostrophe_is_taken_off_again(text: str) -> None:
    assert unguard_cell(guard_cell(text)) == text
