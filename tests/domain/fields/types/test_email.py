from __future__ import annotations

import unicodedata
from typing import Final

import email_validator
import pytest
from hypothesis import example
from hypothesis import given as given_examples
from hypothesis import strategies as st

from regulars.domain.fields.types import REMOVE, OutOfRange
from regulars.domain.fields.types.email import _PLAIN_DOMAINS
from tests.domain.fields.types.answers import Refused, answer, assert_answer, reader_of

READER = reader_of("email")
BAD: Final = Refused("bad_email")

ACCEPTED: Final = [
    ("james.carroll@example.org", "james.carroll@example.org"),
    (" James.Carroll@EXAMPLE.org\n", "james.carroll@example.org"),
    ("a+tag@shop.example.com", "a+tag@shop.example.com"),
    ("!#$%&'*+/=?^_`{|}~-@example.net", "!#$%&'*+/=?^_`{|}~-@example.net"),
    ("x" * 100 + "@example.org", "x" * 100 + "@example.org"),
    ("till@shop.test", "till@shop.test"),
    ("till@shop.local", "till@shop.local"),
    ("nobody@shop.invalid", "nobody@shop.invalid"),
    ("me@MÜLLER.example.com", "me@müller.example.com"),
    ("me@xn--mller-kva.example.com", "me@müller.example.com"),
    ("JÄRVI@example.org", "järvi@example.org"),
    ("ja\u0308rvi@example.org", "järvi@example.org"),
    ("me@example。org", "me@example.org"),
    ("\u212a@example.org", "k@example.org"),
]
REFUSED: Final = [
    "james",
    "james@",
    "@example.org",
    "james@example",
    "james@localhost",
    "james@test",
    "james@@example.org",
    "a@b@example.org",
    ".james@example.org",
    "james.@example.org",
    "ja..mes@example.org",
    "ja mes@example.org",
    "james@example..org",
    "james@.example.org",
    "james@example.org.",
    "james@-example.org",
    "james@example-.org",
    "james@ab--cd.example.org",
    "james@xn--zzzzzzz9.example.org",
    "james@exa_mple.org",
    "james@example.1",
    "james@10.0.0.1",
    "james@[10.0.0.1]",
    '"james carroll"@example.org',
    '"james"@example.org',
    "James <james@example.org>",
    "<james@example.org>",
    "james(comment)@example.org",
    "james@example.org, josh@example.org",
    "mailto:james@exam ple.org",
    "james＠example.org",
    "james@" + "a" * 64 + ".example.org",
    "x" * 243 + "@example.org",
    "ja\u200bmes@example.org",
    "ja\x01mes@example.org",
]


@pytest.mark.parametrize(("given", "expected"), ACCEPTED)
def test_an_address_is_kept_in_its_one_canonical_form(given: str, expected: str) -> None:
    assert_answer(READER, given, expected)


@pytest.mark.parametrize("given", REFUSED)
def test_what_is_no_plain_address_is_refused(given: str) -> None:
    assert_answer(READER, given, BAD)


def test_empty_text_removes_and_other_types_are_refused() -> None:
    for empty in ("", " \t"):
        assert_answer(READER, empty, REMOVE)
    others: list[object] = [1, 1.5, True, OutOfRange(), ["a@example.org"], {}]
    for value in others:
        assert_answer(READER, value, BAD)


def test_an_address_that_lower_case_makes_too_long_is_refused() -> None:
    # Each of these letters takes two bytes, and three in lower case; the limit is 254 bytes.
    assert_answer(READER, "\u0130" * 121 + "@example.org", BAD)


def test_a_very_long_text_is_refused_at_once() -> None:
    assert_answer(READER, "é" * 5_000_000 + "@example.org", BAD)


def test_a_full_memo_of_domains_is_emptied() -> None:
    _PLAIN_DOMAINS.clear()
    _PLAIN_DOMAINS.update({f"shop{number}.example": True for number in range(20_000)})
    assert_answer(READER, "a@example.org", "a@example.org")
    assert dict(_PLAIN_DOMAINS) == {"example.org": True}


def by_library(text: str) -> object:
    """What the library alone says, in our canonical form."""
    try:
        valid = email_validator.validate_email(text.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        return BAD
    return unicodedata.normalize("NFC", valid.normalized.lower())


ADDRESSES: Final = st.one_of(
    st.emails(),
    st.from_regex(r"[A-Za-z0-9.!#'+_-]{1,9}@[A-Za-z0-9.-]{1,9}\.[A-Za-z]{2,3}", fullmatch=True),
    st.text(alphabet="aB1.@-_+'\"(<>[]: xn\u0130\u212aé\u0301。ß", min_size=1, max_size=20),
    st.tuples(st.text(min_size=1, max_size=5), st.sampled_from(["example.org", "ÉX.example"])).map(
        "@".join
    ),
)


@given_examples(ADDRESSES.filter(str.strip))
@example("ADMIN@example.org")
@example("a@EXAMPLE.example")
@example("a@" + ".".join(["abcdefghi"] * 26))
def test_the_fast_path_agrees_with_the_library(text: str) -> None:
    found = answer(READER, text)
    if found == Refused("bad_text"):
        assert any(
            ord(character) == 0 or unicodedata.category(character) == "Cs" for character in text
        )
    else:
        assert found == by_library(text)


@pytest.mark.parametrize("given", [given for given, _ in ACCEPTED] + REFUSED)
def test_the_fast_path_agrees_with_the_library_on_awkward_addresses(given: str) -> None:
    assert answer(READER, given) == by_library(given)
