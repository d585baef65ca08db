"""The count of requests in a minute, by itself."""

from __future__ import annotations

from regulars.api.rate_limit import WINDOW_SECONDS, RateLimit


class Clock:
    """Time that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_requests_up_to_the_limit_pass_and_the_next_one_does_not() -> None:
    rate_limit = RateLimit(3, Clock())
    allowances = [rate_limit.count("token:1") for _ in range(4)]
    assert [each.remaining for each in allowances] == [2, 1, 0, 0]
    assert [each.is_exceeded for each in allowances] == [False, False, False, True]


def test_a_new_minute_brings_a_new_allowance() -> None:
    clock = Clock()
    rate_limit = RateLimit(1, clock)
    rate_limit.count("token:1")
    exceeded = rate_limit.count("token:1")
    assert exceeded.is_exceeded
    clock.seconds += exceeded.reset_seconds
    assert not rate_limit.count("token:1").is_exceeded


def test_each_token_has_an_allowance_of_its_own() -> None:
    rate_limit = RateLimit(1, Clock())
    rate_limit.count("token:1")
    assert not rate_limit.count("token:2").is_exceeded


def test_the_headers_say_limit_rest_and_seconds_to_the_next_minute() -> None:
    clock = Clock()
    rate_limit = RateLimit(180, clock)
    rate_limit.count("token:1")
    clock.seconds += 20
    assert rate_limit.count("token:1").headers == {
        "RateLimit-Limit": "180",
        "RateLimit-Remaining": "178",
        "RateLimit-Reset": str(WINDOW_SECONDS - 20),
    }
