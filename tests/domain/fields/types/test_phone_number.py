from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import phonenumbers
import pytest
from phonenumbers.phonemetadata import PhoneMetadata, PhoneNumberDesc

from regulars.domain.fields.types import REMOVE, OutOfRange, is_national, read_phone_number
from regulars.domain.fields.types.phone_patterns import compile_pattern, is_plainly_valid
from tests.domain.fields.types.answers import Refused, answer, assert_answer, reader_of

READER = reader_of("phone_number")
BAD: Final = Refused("bad_phone_number")
DIGITS: Final = "0123456789"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("+358401234567", "+358401234567"),
        (" +447757138957 ", "+447757138957"),
        ("+358 40 123 4567", "+358401234567"),
        ("+358-40-123.45/67", "+358401234567"),
        ("(+358) 40 [1234567]", "+358401234567"),
        ("+358 (0)40 1234567", "+358401234567"),
        ("00358401234567", "+358401234567"),
        ("00 358 40 1234567", "+358401234567"),
        ("+39 06 1234 5678", "+390612345678"),
        ("\u202a+358\u00a040\u20111234567\u202c", "+358401234567"),
        ("\uff0b\uff13\uff15\uff18 40 1234567", "+358401234567"),
        ("+٣٥٨401234567", "+358401234567"),
        ("040 1234567", "+358401234567"),
        ("358401234567", "+358401234567"),
        (358401234567, "+358401234567"),
        (401234567, "+358401234567"),
        ("", REMOVE),
        ("   ", REMOVE),
        ("-", BAD),
        ("+", BAD),
        ("00", BAD),
        ("++358401234567", BAD),
        ("+358+401234567", BAD),
        ("+0358401234567", BAD),
        ("000358401234567", BAD),
        ("+358101", BAD),
        ("+999401234567", BAD),
        ("12345", BAD),
        ("+3584012345678901234", BAD),
        ("0" * 5000, BAD),
        ("+358 40 1234567 ext. 5", BAD),
        ("+358401234567;ext=5", BAD),
        ("+358401234567x5", BAD),
        ("+1 800 FLOWERS", BAD),
        ("tel:+358401234567", BAD),
        ("+358401234567, +447757138957", BAD),
        ("+358401234567\0", Refused("bad_text")),
        (-358401234567, BAD),
        (358401234567.0, BAD),
        (True, BAD),
        (OutOfRange(), BAD),
        (["+358401234567"], BAD),
        ({}, BAD),
    ],
)
def test_a_number_becomes_e164_or_is_refused(given: object, expected: object) -> None:
    assert_answer(READER, given, expected)


@pytest.mark.parametrize(
    ("given", "country", "expected"),
    [
        ("07757 138957", "GB", "+447757138957"),
        ("070-174 06 05", "SE", "+46701740605"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("07757 138957", "FI", BAD),
        ("+447757138957", "FI", "+447757138957"),
        ("+447757138957", "AQ", "+447757138957"),
        ("07757 138957", "AQ", BAD),
        ("07757 138957", "", BAD),
    ],
)
def test_a_national_number_is_one_of_the_country(
    given: str, country: str, expected: object
) -> None:
    assert_answer(lambda value: read_phone_number(value, country), given, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0401234567", True),
        ("358401234567", True),
        (" (09) 123 456", True),
        ("+358401234567", False),
        (" (+358) 40", False),
        ("\uff0b358", False),
        ("00358401234567", False),
        ("0 0358", False),
        ("", True),
    ],
)
def test_a_national_number_names_no_country_itself(text: str, expected: bool) -> None:
    assert is_national(text) is expected


def by_library(text: str) -> object:
    """What the library alone says about a number in international form."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return BAD
    if not phonenumbers.is_valid_number(number):
        return BAD
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def random_numbers(seed: int) -> Iterator[str]:
    """Numbers near the example numbers of every region and kind, and quite random ones."""
    chance = random.Random(seed)  # noqa: S311 - test data
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in phonenumbers.PhoneNumberType.values():
            sample = phonenumbers.example_number_for_type(region, kind)
            if sample is None:
                continue
            text = phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.E164)
            place = chance.randrange(2, len(text))
            yield text
            yield text[:-1]
            yield text + chance.choice(DIGITS)
            yield text[:place] + chance.choice(DIGITS) + text[place + 1 :]
            for replaced in (1, 3, 5):
                yield text[:-replaced] + "".join(chance.choices(DIGITS, k=replaced))
    for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        for length in range(6, 12):
            yield f"+{code}" + "".join(chance.choices(DIGITS, k=length))


def test_the_patterns_agree_with_the_library_on_thousands_of_numbers() -> None:
    plain = 0
    for text in random_numbers(seed=358):
        expected = by_library(text)
        if is_plainly_valid(text):
            plain += 1
            assert expected == text
        assert answer(READER, text) == expected, text
    assert plain > 2000


def test_the_patterns_know_the_common_mobile_numbers() -> None:
    for region in ("FI", "SE", "NO", "DK", "EE", "DE", "FR", "NL", "GB", "US", "CA", "PL", "ES"):
        sample = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        assert sample is not None
        text = phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.E164)
        assert is_plainly_valid(text), text


def test_the_patterns_take_nothing_but_plus_and_ascii_digits() -> None:
    for text in ("358401234567", "+358 401234567", "+35840123٤567", "+358401234567\n", "+", ""):
        assert not is_plainly_valid(text)


def test_national_numbers_read_back_as_themselves_once_they_are_e164() -> None:
    chance = random.Random(44)  # noqa: S311 - test data
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        sample = phonenumbers.example_number(region)
        assert sample is not None
        written = phonenumbers.format_number(sample, phonenumbers.PhoneNumberFormat.NATIONAL)
        for _ in range(5):
            given = written[:-2] + "".join(chance.choices(DIGITS, k=2))
            found = answer(reader_of("phone_number", country=region), given)
            if isinstance(found, str):
                assert read_phone_number(found, "FI") == found


def made_up_region(
    mobile: str, leading_digits: str | None = None, national_prefix: str | None = None
) -> PhoneMetadata:
    return PhoneMetadata(
        id="ZZ",
        general_desc=PhoneNumberDesc(r"\d{6,7}", possible_length=(6, 7)),
        mobile=PhoneNumberDesc(mobile, possible_length=(6,)),
        leading_digits=leading_digits,
        national_prefix_for_parsing=national_prefix,
        register=False,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+999212345", True),
        ("+999312345", True),
        ("+999112345", False),  # claimed by the first region, which has no such mobile number
        ("+999412345", False),  # fits the second region's pattern but not its leading digits
        ("+999812345", False),  # the library might take the 8 for a national prefix
        ("+999012345", False),
        ("+9992123456", False),
        ("+999512345", False),
    ],
)
def test_a_pattern_follows_the_librarys_rules_for_regions(text: str, expected: bool) -> None:
    regions = [
        made_up_region("[028]\\d{5}", leading_digits="[128]", national_prefix="8"),
        made_up_region("[134]\\d{5,6}", leading_digits="[13]"),
    ]
    assert bool(compile_pattern(999, regions).fullmatch(text)) is expected
