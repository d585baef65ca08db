"""Free-text search looks for words in texts, both folded alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.segments.search import fold, search_text, search_words
from tests.domain.segments.acme import SCHEMA


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Åsa Öhman", "asa ohman"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδος", "οδοσ"),
        ("ﬁne", "fine"),
        ("e\u0301", "e"),
        ("Ｔｏｋｙｏ", "tokyo"),
    ],
)
def test_folding_leaves_neither_case_nor_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_and_accents_make_no_difference(text: str) -> None:
    assert fold(text.upper().lower()) == fold(text.upper())
    assert fold(text + "\u0301") == fold(text)


def test_words_are_folded_each_once() -> None:
    assert search_words("  Ada  ÅSA ada\t") == ("ada", "asa")
    assert search_words(" ") == ()


def test_texts_identifiers_lists_and_company_texts_are_searched() -> None:
    text = search_text(
        SCHEMA,
        {
            "external_id": "A-1",
            "email": "ada@example.org",
            "phone_number": "+358401234567",
            "first_name": "Ådå",
            "tags": ["VIP", "new"],
            "country": "FI",
            "can_email": True,
            "birth_date": "1991-06-14",
            "ACME__string": "Gold",
            "ACME__given_string": 7,
            "ACME__given_list": 8,
            "ACME__integer": 55,
        },
    )

    for word in ("a-1", "ada@example.org", "35840", "ada", "vip", "new", "gold", "7", "8"):
        assert word in text
    assert not {"fi", "true", "1991-06-14", "55"} & set(text.split())


def test_no_word_is_found_across_two_texts() -> None:
    text = search_text(SCHEMA, {"first_name": "Ada", "last_name": "Lovelace"})

    assert "adalovelace" not in text.replace(" ", "")
