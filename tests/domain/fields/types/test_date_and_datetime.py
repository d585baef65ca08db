from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from regulars.domain.fields.types import REMOVE, OutOfRange
from regulars.domain.fields.types.iso8601 import PLAIN_DATE, PLAIN_TIME, parse_moment
from tests.domain.fields.types.answers import Refused, answer, assert_answer, reader_of

BAD: Final = "bad"
NO_MOMENTS: Final = [
    "0000-00-00",
    "0000-00-00 00:00:00",
    "0000-01-01",
    "2015-02-29",
    "2015-13-01",
    "2015-00-10",
    "2015-04-31",
    "2015-8-28",
    "20150828",
    "2015-W35-5",
    "2015-240",
    "28.8.2015",
    "12015-08-28",
    "2015-08-28T",
    "2015-08-28Z",
    "2015-08-28T14",
    "2015-08-28T14Z",
    "2015-08-28T24:00",
    "2015-08-28T24:00:00Z",
    "2015-12-31T23:59:60Z",
    "2015-08-28T14:60Z",
    "2015-08-28T14:10:00,5Z",
    "2015-08-28T14:10.5Z",
    "2015-08-28T14:10:00.Z",
    "2015-08-28T141000Z",
    "2015-08-28T14:10:00 Z",
    "2015-08-28T14:10:00+24:00",
    "2015-08-28T14:10:00+01:60",
    "2015-08-28T14:10:00+1",
    "2015-08-28T14:10:00+01:00:00",
    "2015-08-28T14:10:00ZZ",
    "2015-08-28X14:10:00Z",
    "2015-08-28  14:10:00Z",
    "٢٠١٥-٠٨-٢٨",
    "2015-08-28T14:10:00−03:00",
    "yesterday",
]
NO_TEXTS: Final = [20150828, 1440771000.0, True, OutOfRange(), ["2015-08-28"], {}]


@pytest.mark.parametrize("type_name", ["date", "datetime"])
def test_what_names_no_moment_is_refused(type_name: str) -> None:
    for value in [*NO_MOMENTS, *NO_TEXTS]:
        assert_answer(reader_of(type_name), value, Refused(f"bad_{type_name}"))
    for empty in ("", "  "):
        assert_answer(reader_of(type_name), empty, REMOVE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1991-06-14", "1991-06-14"),
        (" 1991-06-14 ", "1991-06-14"),
        ("2000-02-29", "2000-02-29"),
        ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
        ("2015-08-28T23:10:00-05:00", "2015-08-28"),
        ("2015-08-28 00:10", "2015-08-28"),
        ("0001-01-01T00:00:00+05:00", "0001-01-01"),
    ],
)
def test_a_date_is_the_day_as_written(given: object, expected: object) -> None:
    assert_answer(reader_of("date"), given, expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2015-11-23T13:11:23Z", "2015-11-23T13:11:23Z"),
        (" 2015-11-23t13:11:23z ", "2015-11-23T13:11:23Z"),
        ("2016-02-29T13:11:23Z", "2016-02-29T13:11:23Z"),
        ("2015-11-23T13:11Z", "2015-11-23T13:11:00Z"),
        ("2015-11-23 13:11:23+02:00", "2015-11-23T11:11:23Z"),
        ("2015-11-23T13:11:23+0530", "2015-11-23T07:41:23Z"),
        ("2015-11-23T13:11:23-08", "2015-11-23T21:11:23Z"),
        ("2015-11-23T13:11-08", "2015-11-23T21:11:00Z"),
        ("2015-11-23T13:11:23-00:00", "2015-11-23T13:11:23Z"),
        ("2015-11-23T13:11:23+23:59", "2015-11-22T13:12:23Z"),
        ("2015-11-23T13:11:23-23:59", "2015-11-24T13:10:23Z"),
        ("2015-11-23T13:11:23.5Z", "2015-11-23T13:11:23.5Z"),
        ("2015-11-23T13:11:23.120Z", "2015-11-23T13:11:23.12Z"),
        ("2015-11-23T13:11:23.000Z", "2015-11-23T13:11:23Z"),
        ("2015-11-23T13:11:23.123456Z", "2015-11-23T13:11:23.123456Z"),
        ("2015-11-23T13:11:23.9999999Z", "2015-11-23T13:11:23.999999Z"),
        ("2015-11-23T13:11:23.0000009+02:00", "2015-11-23T11:11:23Z"),
        ("2015-11-23T13:11:23." + "1" * 5000 + "Z", "2015-11-23T13:11:23.111111Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00:00+00:01", Refused("bad_datetime")),
        ("9999-12-31T23:59:59-00:01", Refused("bad_datetime")),
    ],
)
def test_a_datetime_with_a_zone_becomes_a_utc_instant(given: object, expected: object) -> None:
    assert_answer(reader_of("datetime"), given, expected)


@pytest.mark.parametrize(
    ("timezone_name", "given", "expected"),
    [
        ("Europe/Helsinki", "2015-08-28", "2015-08-27T21:00:00Z"),
        ("Europe/Helsinki", "2015-11-23 13:11:23", "2015-11-23T11:11:23Z"),
        ("America/New_York", "2015-11-23T13:11", "2015-11-23T18:11:00Z"),
        ("UTC", "2015-08-28", "2015-08-28T00:00:00Z"),
        # The overlap: the first of two instants.
        ("Europe/Helsinki", "2021-10-31T03:30", "2021-10-31T00:30:00Z"),
        # The gap: the offset in force before it.
        ("Europe/Helsinki", "2021-03-28T03:30", "2021-03-28T01:30:00Z"),
        # Local mean time has seconds.
        ("Europe/Helsinki", "1800-01-01", "1799-12-31T22:20:11Z"),
        ("Europe/Helsinki", "0001-01-01", Refused("bad_datetime")),
        ("America/New_York", "9999-12-31T23:00", Refused("bad_datetime")),
    ],
)
def test_a_datetime_without_zone_is_in_the_companys_timezone(
    timezone_name: str, given: object, expected: object
) -> None:
    assert_answer(reader_of("datetime", timezone=timezone_name), given, expected)


@given_examples(
    st.datetimes(),
    st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_every_instant_that_python_writes_is_read_as_that_instant(
    local: datetime, zone: timezone
) -> None:
    given = local.replace(tzinfo=zone)
    found = answer(reader_of("datetime"), given.isoformat())
    try:
        instant = given.astimezone(UTC)
    except OverflowError:
        assert found == Refused("bad_datetime")
    else:
        assert isinstance(found, str)
        assert found.endswith("Z")
        assert datetime.fromisoformat(found) == instant


def test_the_plain_patterns_match_valid_days_and_times_only() -> None:
    is_plain_date = re.compile(PLAIN_DATE).fullmatch
    is_plain_time = re.compile(PLAIN_TIME).fullmatch
    for year in (0, 1, 1900, 2000, 2015, 9999):
        for month in range(14):
            for day in range(34):
                text = f"{year:04}-{month:02}-{day:02}"
                assert bool(is_plain_date(text)) == (_is_day(text) and text[5:] != "02-29"), text
                assert (parse_moment(text) is not None) == _is_day(text), text
    for hour in range(26):
        for rest in ("00:00", "59:59", "60:00", "00:60"):
            assert bool(is_plain_time(f"{hour:02}:{rest}")) == (hour < 24 and "6" not in rest)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
