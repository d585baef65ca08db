"""When demo customers were born, joined and last logged in.

Owns the shop's past: it opens fourteen years before today, grows, has its rush before Christmas.
Days are numbers counted from a first day long enough ago for every birth; texts are as a till
system would send them (SPEC section 2, date and datetime).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from regulars.demo.dice import Dice, weighted

YEARS_OPEN: Final = 14
DAYS_PER_YEAR: Final = 365.25
_LONGEST_LIFE_YEARS: Final = 90
_ADULT_DAYS: Final = 6575  # 18 years
_YEARS_OF_BARE_DATES: Final = 3  # the first till system kept no times

# Of a thousand new customers, how many join in each month, January first.
_SEASON: Final = (58, 52, 66, 74, 86, 82, 64, 76, 80, 84, 148, 130)
# Monday first; a shop sees most new faces on a Saturday.
_WEEK: Final = (9, 9, 10, 11, 14, 19, 8)

# Age at joining, in years, by lower bound; a household buys most between 28 and 60.
_AGES: Final = weighted(
    (age, weight)
    for ages, weight in (
        (range(18, 22), 9),
        (range(22, 28), 13),
        (range(28, 36), 17),
        (range(36, 48), 18),
        (range(48, 58), 16),
        (range(58, 68), 12),
        (range(68, 76), 7),
        (range(76, 84), 2),
    )
    for age in ages
)
_HOURS: Final = weighted(  # in UTC, of shops and sofas two or three hours east of it
    (f"{hour:02d}", weight)
    for hour, weight in enumerate(
        (1, 1, 1, 1, 2, 5, 9, 14, 18, 20, 20, 20, 20, 22, 24, 26, 26, 24, 22, 18, 12, 6, 3, 2)
    )
)
_SIXTY: Final = tuple(f"{count:02d}" for count in range(60))


class Calendar:
    """The days from the oldest customer's birth to yesterday, and draws among them."""

    def __init__(self, dice: Dice, today: date) -> None:
        """Count days so that the last one is the day before ``today``."""
        self._dice = dice
        self._opening = date(today.year - YEARS_OPEN, today.month, 1)
        first = date(self._opening.year - _LONGEST_LIFE_YEARS, 1, 1)
        self.today = (today - first).days
        self._texts = [(first + timedelta(days=day)).isoformat() for day in range(self.today)]
        self._opening_day = (self._opening - first).days
        self._first_time_day = self._opening_day + int(_YEARS_OF_BARE_DATES * DAYS_PER_YEAR)
        self._joined_by_end_of_day = self._growth(first)
        self._joining_day = self._opening_day

    def _growth(self, first: date) -> list[float]:
        """Return for each day which share of all customers had joined by its end."""
        sums = [0.0] * self._opening_day
        joined = 0.0
        for number in range(self._opening_day, self.today):
            day = first + timedelta(days=number)
            size = 1.0 + 5.0 * (number - self._opening_day) / (self.today - self._opening_day)
            joined += size * _SEASON[day.month - 1] * _WEEK[day.weekday()]
            sums.append(joined)
        return [share / joined for share in sums]

    def joining_day(self, share: float) -> int:
        """Return the day by which ``share`` of all customers had joined; never goes back."""
        while self._joined_by_end_of_day[self._joining_day] < share:
            self._joining_day += 1
        return self._joining_day

    def birth_day(self, joining_day: int) -> int:
        """Return a day of birth of somebody who joins as an adult."""
        age_days = self._dice.pick(_AGES) * DAYS_PER_YEAR + self._dice.throw() * DAYS_PER_YEAR
        return self.adult_birth_day(joining_day - int(age_days), joining_day)

    def adult_birth_day(self, birth_day: int, joining_day: int) -> int:
        """Return ``birth_day``, or the latest day that makes an adult by ``joining_day``."""
        return max(0, min(birth_day, joining_day - _ADULT_DAYS))

    def birth_year(self, birth_day: int) -> int:
        """Return the year of a day of birth."""
        return int(self._texts[birth_day][:4])

    def date_text(self, day: int) -> str:
        """Return the day as ``1991-06-14``."""
        return self._texts[day]

    def joining_text(self, day: int) -> str:
        """Return when somebody joined: an instant, in the shop's first years only a date."""
        return self._texts[day] if day < self._first_time_day else self.instant_text(day)

    def instant_text(self, day: int) -> str:
        """Return an instant of the day, as ``2015-08-28T14:10:00Z``."""
        pick = self._dice.pick
        return f"{self._texts[day]}T{pick(_HOURS)}:{pick(_SIXTY)}:{pick(_SIXTY)}Z"
