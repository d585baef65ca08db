"""The timers: what fails for one company is tried again, told once, and keeps no other waiting."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from regulars.app import open_installation
from regulars.domain.segments.days import local_day
from regulars.errors import IndexBusyError, RegularsError
from regulars.settings import Settings
from regulars.worker import timers
from regulars.worker.timers import Timers
from tests.busy import wait_until
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.services.installation import Installation


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    opened = open_installation(Settings(data=str(tmp_path / "data")))
    for name in ("acme", "bolt"):
        opened.create_company(name, name=name, timezone="UTC", country="FI", actor="test")
    yield opened
    opened.close()


def count_patiently(
    installation: Installation, failures: list[Exception], times: int
) -> dict[str, int]:
    """Let the timers look so often; the segments of acme fail in these ways first."""
    looks = {"acme": 0, "bolt": 0}

    def count(company: str) -> None:
        looks[company] += 1
        if company == "acme" and failures:
            raise failures.pop(0)

    with patch.object(timers, "RETRY_SECONDS", 0.01):
        running = Timers(installation, count)
        running.start()
        wait_until(lambda: looks["bolt"] >= times)
        running.stop()
        time.sleep(0.05)
    return looks


def test_segments_are_counted_now_and_again_and_again(installation: Installation) -> None:
    looks = count_patiently(installation, [], 3)
    assert looks["acme"] >= 3


def test_a_company_that_fails_is_told_of_once_and_tried_again(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[Exception] = [
        RegularsError("no index"), RegularsError("no index"), ValueError("ada@example.org"),
    ]  # fmt: skip
    looks = count_patiently(installation, failures, 5)
    assert looks["acme"] >= 5
    assert [record.getMessage() for record in caplog.records] == [
        "segments of acme cannot be counted: RegularsError: no index",
        "segments of acme cannot be counted: ValueError",
    ]


def test_an_index_that_is_being_made_is_waited_for_without_a_word(
    installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    count_patiently(installation, [IndexBusyError(0.5, 3)], 3)
    assert caplog.records == []


def test_the_worker_of_a_server_counts_what_was_missed_while_none_ran(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        shop.upload({"external_id": "1", "country": "FI"})
        server.stop()
        done = server.regulars("segments", "save", shop.short_name, "finns", "country = FI")
        assert done.status == 0, done.errors
        server.restart()
        register = server.installation.open_register(shop.short_name)
        zone = ZoneInfo(register.company.timezone)
        segments = register.store.segments
        # Of the day on which it starts: midnight may come before.
        wait_until(lambda: not segments.load_uncounted(local_day(server.installation.now(), zone)))
    shown = server.regulars("segments", "show", shop.short_name, "finns").output
    assert shown.rpartition("Trend")[2].split()[-5:]  # a row of the day
