"""What conditions mean for one customer, by example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from regulars.domain.segments.evaluate import PastChange, Subject, evaluate
from regulars.domain.segments.text import read_condition
from regulars.domain.segments.values import sample_number
from tests.domain.segments.acme import checked, company_schema

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Condition

NOON: Final = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

ADA: Final = Subject(
    1,
    {
        "external_id": "A-1",
        "email": "ada@example.org",
        "phone_number": "+358401234567",
        "city": "İstanbul",
        "country": "FI",
        "birth_date": "1992-02-29",
        "last_login": "2026-01-30T22:30:00Z",  # 00:30 on the 31st in Helsinki
        "tags": ["VIP", "New"],
        "can_email": True,
        "can_sms": False,
        "ACME__integer": 7,
        "ACME__given_integer": "many",
        "ACME__given_number": "7.50",
        "ACME__day_of_year": "01/31",
        "ACME__object": {},
    },
    sample=999,
)


def holds(
    text: str, subject: Subject = ADA, now: datetime = NOON, timezone: str = "Europe/Helsinki"
) -> bool:
    return evaluate(checked(text, company_schema(timezone)), subject, now)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Text compares in lower case, accents count; identifiers compare exactly.
        ("city = i̇STANBUL", True),
        ("city = istanbul", False),
        ("external_id = A-1", True),
        ("external_id = a-1", False),
        ("email = ADA@Example.org", True),
        ("country = fin", True),
        ('phone_number = "040 123 4567"', True),
        ("phone_number contains 123", True),
        ("city starts with i̇", True),
        ("city ends with BUL", True),
        ("country in (SE, FI)", True),
        ("country not in (SE, FI)", False),
        # Numbers, also such as were kept as given.
        ("acme__integer between 7 and 9", True),
        ("acme__integer > 7", False),
        ("acme__given_number = 7.5", True),
        # A missing value satisfies the negative operators and no positive one.
        ("first_name = Ada", False),
        ("first_name != Ada", True),
        ("first_name not in (Ada)", True),
        ("mailing_lists has none (a)", True),
        ("first_name is not set", True),
        ("not first_name = Ada", True),
        ("first_name contains a or acme__money < 5", False),
        # What does not read through its type is missing.
        ("acme__given_integer is set", False),
        ("acme__given_integer != 5", True),
        # Permissions and states are never missing.
        ("can_post = false", True),
        ("can_post != true", True),
        ("can_post in (false)", True),
        ("can_post is set", False),
        ("can_sms is set", True),
        ("is_deleted = false", True),
        ("is_deleted is set", False),
        # Lists.
        ("tags has any (vip, gold)", True),
        ("tags has all (vip, gold)", False),
        ("tags has all (new, VIP, vip)", True),
        ("tags has none (gold)", True),
        ("acme__object is set", True),
        # Days are the company's.
        ("last_login = 2026-01-31", True),
        ("last_login in last 0 days", True),
        ("last_login > 2026-01-30", True),
        ("last_login > 2026-01-31", False),
        ("last_login between 2026-01-01 and 2026-01-31", True),
        ("last_login < 2026-01-30T22:30:01Z", True),
        ("last_login = 2026-01-30T22:30Z", True),
        ('last_login = "2026-01-31 00:30"', True),
        ("last_login in (2026-01-01, 2026-01-30T22:30Z)", True),
        ("last_login more than 0 days ago", False),
        ("last_login in next 0 days", True),
        ("birth_date more than 12000 days ago", True),
        ("acme__day_of_year anniversary today", True),
        # The rest.
        ("sample 10 %", True),
        ("sample 9.99 %", False),
        ("city is set and not (country = SE or country = FI)", False),
    ],
)
def test_a_condition_means_what_the_specification_says(text: str, *, expected: bool) -> None:
    assert holds(text) is expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2026-02-28T12:00:00Z", "birth_date anniversary today", True),
        ("2026-03-01T12:00:00Z", "birth_date anniversary today", False),
        ("2024-02-28T12:00:00Z", "birth_date anniversary today", False),
        ("2024-02-29T12:00:00Z", "birth_date anniversary today", True),
        ("2024-02-28T12:00:00Z", "birth_date anniversary in next 1 day", True),
        ("2026-02-27T21:59:00Z", "birth_date anniversary today", False),
        ("2026-02-27T22:00:00Z", "birth_date anniversary today", True),
        ("2025-12-31T12:00:00Z", "acme__day_of_year anniversary in next 31 days", True),
        ("2025-12-31T12:00:00Z", "acme__day_of_year anniversary in next 30 days", False),
        ("2025-06-01T12:00:00Z", "birth_date anniversary in next 36500 days", True),
    ],
)
def test_anniversaries_come_once_a_year(now: str, text: str, *, expected: bool) -> None:
    assert holds(text, now=datetime.fromisoformat(now)) is expected


def test_days_at_the_ends_of_the_calendar_are_days() -> None:
    for instant in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        subject = Subject(1, {"last_login": instant}, 0)
        for timezone in ("America/New_York", "Pacific/Auckland"):
            assert holds(f"last_login = {instant[:10]}", subject, timezone=timezone)


def history(*states: tuple[int, dict[str, Any]]) -> Subject:
    """A customer who had these values, each from so many days ago."""
    changes: list[PastChange] = []
    fields: dict[str, Any] = {}
    for days, after in states:
        before = {name: fields[name] for name in after if name in fields} if changes else None
        changes.append(PastChange(NOON - timedelta(days=days), before, after))
        fields |= after
    return Subject(
        1, {name: value for name, value in fields.items() if value is not None}, 0, changes
    )


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("city became Oslo in last 5 days", history((9, {}), (5, {"city": "Oslo"})), True),
        ("city became Oslo in last 4 days", history((9, {}), (5, {"city": "Oslo"})), False),
        ("city became Oslo in last 5 days", history((5, {"city": "Oslo"})), True),
        ("city changed in last 5 days", history((5, {"city": "Oslo"})), False),
        ("city changed in last 5 days", history((9, {}), (5, {"city": "Oslo"})), True),
        # It may have become something else since.
        (
            "city became Oslo in last 5 days",
            history((9, {}), (5, {"city": "Oslo"}), (1, {"city": "Rome"})),
            True,
        ),
        (
            "city became Oslo in last 5 days",
            history((3, {"city": "Oslo"}), (1, {"city": "Rome"})),
            True,
        ),
        # Upper and lower case do not differ.
        (
            "city changed in last 5 days",
            history((9, {"city": "Oslo"}), (5, {"city": "OSLO"})),
            False,
        ),
        (
            "city became oslo in last 5 days",
            history((9, {"city": "Oslo"}), (5, {"city": "OSLO"})),
            False,
        ),
        # An unset permission is a false one.
        ("can_sms became false in last 5 days", history((5, {"can_sms": False})), False),
        ("can_sms became true in last 5 days", history((5, {"can_sms": True})), True),
        ("can_sms changed in last 5 days", history((9, {}), (5, {"can_sms": False})), False),
        (
            "can_sms became false in last 5 days",
            history((9, {"can_sms": True}), (5, {"can_sms": None})),
            True,
        ),
        # Lists and objects change too.
        (
            "tags changed in last 5 days",
            history((9, {"tags": ["a"]}), (5, {"tags": ["a", "b"]})),
            True,
        ),
        (
            "acme__object changed in last 5 days",
            history((9, {"ACME__object": {"a": 1}}), (5, {"ACME__object": {"a": 2}})),
            True,
        ),
        (
            "acme__given_integer changed in last 5 days",
            history((9, {"ACME__given_integer": 7}), (5, {"ACME__given_integer": "7"})),
            False,
        ),
    ],
)
def test_history_is_asked_for_changes(text: str, subject: Subject, *, expected: bool) -> None:
    assert holds(text, subject) is expected


def test_a_segment_in_a_segment_means_its_condition() -> None:
    def find_segment(_: str) -> Condition | None:
        return read_condition("country = FI and tags has any (vip)").tree

    for text, expected in (("segment finns", True), ("not segment FINNS", False)):
        condition = checked(text, find_segment=find_segment)
        assert evaluate(condition, ADA, NOON) is expected


def test_samples_are_spread_evenly_and_differ_by_company() -> None:
    numbers = [sample_number(b"salt", number) for number in range(10_000)]

    assert numbers == [sample_number(b"salt", number) for number in range(10_000)]
    assert 900 < sum(number < 1_000 for number in numbers) < 1_100
    assert numbers != [sample_number(b"pepper", number) for number in range(10_000)]
