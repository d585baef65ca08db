"""Each segment is counted once a day of its company's calendar, by whoever comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from regulars.app import open_installation
from regulars.errors import RegularsError, StoreUnavailableError, TooBusyError
from regulars.services.daily_counts import OTHERS_FIRST, DailyCounts, count_segments
from regulars.services.index_access import Measured
from regulars.services.installation import Installation
from regulars.services.segments import Segments
from regulars.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.services.index_access import IndexAccess
    from regulars.services.installation import Register

BEFORE_MIDNIGHT: Final = datetime(2026, 3, 28, 21, 59, tzinfo=UTC)
"""In Helsinki it is one minute before the day on which summer time begins."""


class Counter:
    """Counts one customer more each time; `fail` holds what is raised for a condition."""

    def __init__(self) -> None:
        self.counts = 0
        self.fail: dict[str, Exception] = {}

    def measure(self, _company: str, condition: str) -> Measured:
        if condition in self.fail:
            raise self.fail[condition]
        self.counts += 1
        return Measured(self.counts, {"email": 1})


class Shop:
    """A company in Helsinki whose clock a test sets."""

    def __init__(self, opened: Installation) -> None:
        self.now = BEFORE_MIDNIGHT
        self.installation: Final = Installation(
            opened.store, opened.settings, b"k" * 64, lambda: self.now
        )
        self.installation.create_company(
            "acme", name="Acme", timezone="Europe/Helsinki", country="FI", actor="test"
        )
        self.register: Final[Register] = self.installation.open_register("acme")
        self.counter: Final = Counter()

    def save(self, name: str, condition: str) -> None:
        Segments(self.installation).save(self.register, name, condition, actor="test")

    def count(self, delay: timedelta = timedelta(0)) -> DailyCounts:
        indexes: IndexAccess = self.counter  # type: ignore[assignment] # as much as it asks
        return count_segments(self.installation, self.register, indexes, delay=delay)

    def counts(self, name: str) -> list[tuple[date, int]]:
        segment = Segments(self.installation).find(self.register, name)
        found = self.register.store.segments.load_counts(segment.id, date.min, date.max)
        return [(each.day, each.customers) for each in found]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = open_installation(Settings(data=str(tmp_path), secret_key="k" * 64))
    yield Shop(opened)
    opened.close()


def test_a_segment_is_counted_once_a_day_and_again_after_the_companys_midnight(shop: Shop) -> None:
    shop.save("finns", "country = FI")
    assert shop.count() == DailyCounts(1, 0)
    assert shop.count() == DailyCounts(0, 0)
    shop.now += timedelta(minutes=1)
    assert shop.count() == DailyCounts(1, 0)
    shop.now += timedelta(hours=22, minutes=59)  # the day has 23 hours
    assert shop.count() == DailyCounts(0, 0)
    shop.now += timedelta(minutes=1)
    assert shop.count() == DailyCounts(1, 0)
    assert shop.counts("finns") == [
        (date(2026, 3, 28), 1), (date(2026, 3, 29), 2), (date(2026, 3, 30), 3),
    ]  # fmt: skip


def test_after_days_without_anybody_only_today_is_counted(shop: Shop) -> None:
    shop.save("finns", "country = FI")
    shop.count()
    shop.now += timedelta(days=10)
    shop.count()
    assert shop.counts("finns") == [(date(2026, 3, 28), 1), (date(2026, 4, 8), 2)]


def test_a_segment_with_a_problem_keeps_no_other_one_from_being_counted(shop: Shop) -> None:
    shop.save("a", "country = SE")
    shop.save("b", "country = FI")
    shop.counter.fail["country = SE"] = RegularsError("it does not fit")
    assert shop.count() == DailyCounts(1, 1)
    assert shop.counts("b") == [(date(2026, 3, 28), 1)]
    shop.counter.fail.clear()
    assert shop.count() == DailyCounts(1, 0)


@pytest.mark.parametrize("failure", [TooBusyError("later"), StoreUnavailableError("gone")])
def test_what_was_counted_before_a_failure_is_kept_and_the_rest_is_caught_up(
    shop: Shop, failure: RegularsError
) -> None:
    shop.save("a", "country = SE")
    shop.save("b", "country = FI")
    shop.counter.fail["country = FI"] = failure
    with pytest.raises(type(failure)):
        shop.count()
    shop.counter.fail.clear()
    assert shop.count() == DailyCounts(1, 0)
    assert shop.counts("a") == [(date(2026, 3, 28), 1)]
    assert shop.counts("b") == [(date(2026, 3, 28), 2)]


def test_who_lets_others_go_first_counts_what_nobody_has_counted_for_an_hour(shop: Shop) -> None:
    shop.save("finns", "country = FI")
    shop.now += timedelta(minutes=59)
    assert shop.count(OTHERS_FIRST).counted == 0
    shop.now += timedelta(minutes=2)  # an hour after it was saved, and after midnight
    assert shop.count(OTHERS_FIRST).counted == 1
    shop.now += timedelta(minutes=1)
    shop.save("new", "country = SE")
    assert shop.count(OTHERS_FIRST).counted == 0
    shop.now += timedelta(hours=1)
    assert shop.count(OTHERS_FIRST).counted == 1
