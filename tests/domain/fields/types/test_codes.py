from __future__ import annotations

import calendar
from typing import Final

import pycountry
import pytest

from regulars.domain.fields.types import REMOVE, OutOfRange
from tests.domain.fields.types.answers import Refused, assert_answer, reader_of

NO_CODES: Final = [1, 7.0, True, OutOfRange(), ["FI"], {}, "１２", "-", "code"]


@pytest.mark.parametrize("type_name", ["country_code", "language_code", "day_of_year"])
def test_what_is_no_code_is_refused(type_name: str) -> None:
    for value in NO_CODES:
        assert_answer(reader_of(type_name), value, Refused(f"bad_{type_name}"))
    for empty in ("", "  "):
        assert_answer(reader_of(type_name), empty, REMOVE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("GB", "GB"),
        ("se", "SE"),
        (" Fi ", "FI"),
        ("SWE", "SE"),
        ("fin", "FI"),
        ("gBr", "GB"),
        ("UK", Refused("bad_country_code")),
        ("XX", Refused("bad_country_code")),
        ("Sweden", Refused("bad_country_code")),
        ("ß", Refused("bad_country_code")),  # its upper case is SS
        ("752", Refused("bad_country_code")),
    ],
)
def test_a_country_is_an_alpha_2_code_in_upper_case(given: object, expected: object) -> None:
    assert_answer(reader_of("country_code"), given, expected)


def test_every_country_of_iso_3166_1_is_read() -> None:
    read = reader_of("country_code")
    for country in pycountry.countries:
        for spelling in (country.alpha_2, country.alpha_2.lower(), country.alpha_3):
            assert read(spelling) == country.alpha_2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("en", "en"),
        ("EN", "en"),
        (" Sv ", "sv"),
        ("en-GB", "en"),
        ("en_US", "en"),
        ("zh-Hant-TW", "zh"),
        ("FI_fi", "fi"),
        ("xx", Refused("bad_language_code")),
        ("eng", Refused("bad_language_code")),
        ("English", Refused("bad_language_code")),
        ("en-", Refused("bad_language_code")),
        ("en GB", Refused("bad_language_code")),
        ("en_US.UTF-8", Refused("bad_language_code")),
        ("xx-GB", Refused("bad_language_code")),
    ],
)
def test_a_language_is_a_two_letter_code_in_lower_case(given: object, expected: object) -> None:
    assert_answer(reader_of("language_code"), given, expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("05/01", "05/01"),
        (" 12/31 ", "12/31"),
        ("02/29", "02/29"),
        ("02/30", Refused("bad_day_of_year")),
        ("13/01", Refused("bad_day_of_year")),
        ("00/10", Refused("bad_day_of_year")),
        ("5/1", Refused("bad_day_of_year")),
        ("05-01", Refused("bad_day_of_year")),
    ],
)
def test_a_day_of_year_is_a_month_and_a_day(given: object, expected: object) -> None:
    assert_answer(reader_of("day_of_year"), given, expected)


def test_every_day_of_a_leap_year_is_read() -> None:
    read = reader_of("day_of_year")
    for month in range(1, 13):
        for day in range(1, calendar.monthrange(2000, month)[1] + 1):
            assert read(f"{month:02}/{day:02}") == f"{month:02}/{day:02}"
