"""Failed sign-ins are counted, and forgiven with time."""

from __future__ import annotations

import pytest

from regulars.errors import TooManyAttemptsError
from regulars.services.attempts import MOST_FAILURES, WINDOW_SECONDS, FailedAttempts


class Clock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> FailedAttempts:
    return FailedAttempts(clock)


def test_after_ten_failures_the_account_has_to_wait(attempts: FailedAttempts) -> None:
    for _ in range(MOST_FAILURES):
        attempts.check(["jane"])
        attempts.add(["jane"])
    with pytest.raises(TooManyAttemptsError) as caught:
        attempts.check(["jane"])
    assert 0 < caught.value.retry_after_seconds <= WINDOW_SECONDS + 1
    attempts.check(["joe"])


def test_failures_are_forgiven_after_the_window(attempts: FailedAttempts, clock: Clock) -> None:
    for _ in range(MOST_FAILURES):
        attempts.add(["jane"])
    clock.seconds += WINDOW_SECONDS + 1
    attempts.check(["jane"])


def test_the_wait_ends_when_it_said_it_would(attempts: FailedAttempts, clock: Clock) -> None:
    for _ in range(MOST_FAILURES):
        attempts.add(["jane"])
        clock.seconds += 1
    with pytest.raises(TooManyAttemptsError) as caught:
        attempts.check(["jane"])
    clock.seconds += caught.value.retry_after_seconds
    attempts.check(["jane"])


def test_a_success_clears_the_account(attempts: FailedAttempts) -> None:
    for _ in range(MOST_FAILURES):
        attempts.add(["jane"])
    attempts.forget("jane")
    attempts.check(["jane"])


def test_memory_stays_bounded_when_failures_come_from_everywhere(
    attempts: FailedAttempts, clock: Clock
) -> None:
    for number in range(150_000):
        attempts.add([f"address {number}"])
        clock.seconds += 0.001
    assert len(attempts._failures) <= 100_000
