"""Made-up but life-like customers, as upload records.

Owns the shape of a record: which of the fields of SPEC section 3 a customer brings along, and in
what words. Who the customers are is drawn in ``shoppers``, what they do in ``habits``.
Must not know a store, a company's settings or the clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from regulars.demo.dice import Dice
from regulars.demo.habits import (
    CATEGORIES,
    Standing,
    draw_mailing_lists,
    draw_permissions,
    draw_points,
    draw_tags,
    loyalty_level,
)
from regulars.demo.shoppers import Crowd, Shopper
from regulars.demo.timeline import DAYS_PER_YEAR, Calendar

_FIRST_EXTERNAL_ID: Final = 10_000_000
_UNREGISTERED: Final = 0.06
_WITH_LOGIN: Final = 0.62
_STILL_COMES: Final = 0.66
_LONGEST_ABSENCE_DAYS: Final = 720  # of those who still come
_WITH_LOYALTY: Final = 0.93
_WITH_FAVOURITE: Final = 0.78


def make_customers(
    count: int, *, seed: int = 1, company: str = "DEMO", today: date = date(2026, 11, 1)
) -> Iterator[dict[str, object]]:
    """Yield ``count`` upload records in the order of joining, all before ``today``.

    The same arguments give the same records, on every Python version. ``company`` is the short
    name that prefixes the three company fields. A few records belong to one human, household or
    company, so somewhat fewer than ``count`` persons come out. Nobody in them exists: e-mail
    domains are those that RFC 2606 keeps for examples, phone numbers have valid prefixes that no
    operator uses.
    """
    record_maker = _RecordMaker(Dice(seed), company, today)
    for number in range(count):
        yield record_maker.next_record(number / count)


class _Visits(NamedTuple):
    """The calendar's days of the first and the last visit, and whether there is a login."""

    first_day: int
    last_day: int
    online: bool


class _RecordMaker:
    """Writes down one customer after the other."""

    def __init__(self, dice: Dice, company: str, today: date) -> None:
        self._dice = dice
        self._calendar = Calendar(dice, today)
        self._crowd = Crowd(dice, self._calendar)
        self._number = _FIRST_EXTERNAL_ID
        self._points_field = f"{company}__points"
        self._level_field = f"{company}__loyalty_level"
        self._favourite_field = f"{company}__favourite_category"

    def next_record(self, joined_before: float) -> dict[str, object]:
        """Return the record of who joins when ``joined_before``, a share of all, already have."""
        joining_day = self._calendar.joining_day(joined_before)
        if self._dice.chance(_UNREGISTERED):
            return self._unregistered_record(self._crowd.stranger(joining_day), joining_day)
        return self._registered_record(self._crowd.next_shopper(joining_day), joining_day)

    def _registered_record(self, shopper: Shopper, joining_day: int) -> dict[str, object]:
        record: dict[str, object] = {"external_id": self._external_id()}
        if shopper.canonical_id:
            record["canonical_id"] = shopper.canonical_id
        record["first_name"] = shopper.first.text
        record["last_name"] = shopper.last.text
        if shopper.email:
            record["email"] = shopper.email
        if shopper.phone:
            record["phone_number"] = shopper.phone
        record.update(shopper.home)
        record.update(shopper.business)
        self._add_person_fields(record, shopper)
        record.update(
            draw_permissions(
                self._dice, has_email=bool(shopper.email), has_phone=bool(shopper.phone)
            )
        )
        visits = self._visits(joining_day)
        self._add_visits(record, visits, shopper)
        self._add_habits(record, visits, shopper)
        return record

    def _unregistered_record(self, shopper: Shopper, joining_day: int) -> dict[str, object]:
        """Return what the newsletter form asks for: an e-mail address, perhaps a name."""
        chance = self._dice.chance
        population = shopper.population
        record: dict[str, object] = {"email": self._crowd.email_of(shopper)}
        if chance(0.6):
            record["first_name"] = shopper.first.text
        if chance(0.35):
            record["last_name"] = shopper.last.text
        record["language"] = self._dice.pick(population.languages)
        record["country"] = population.country
        record["can_email"] = chance(0.9)
        record["date_joined"] = self._calendar.joining_text(joining_day)
        if record["can_email"]:
            record["mailing_lists"] = ["newsletter"]
        return record

    def _add_person_fields(self, record: dict[str, object], shopper: Shopper) -> None:
        chance = self._dice.chance
        if chance(0.8):
            record["birth_date"] = self._calendar.date_text(shopper.birth_day)
        if chance(0.006):
            record["gender"] = "other"
        elif chance(0.88):
            record["gender"] = "female" if shopper.woman else "male"
        if chance(0.92):
            record["language"] = self._dice.pick(shopper.population.languages)
        if chance(0.97):
            record["country"] = shopper.population.country

    def _visits(self, joining_day: int) -> _Visits:
        """Return when somebody came last: lately if they still come, else long ago."""
        dice = self._dice
        online = dice.chance(_WITH_LOGIN)
        yesterday = self._calendar.today - 1
        days = yesterday - joining_day
        if days < 1:
            return _Visits(joining_day, joining_day, online)
        squared = dice.throw() * dice.throw()
        if dice.chance(_STILL_COMES):
            absence = int(squared * dice.throw() * min(days, _LONGEST_ABSENCE_DAYS))
            return _Visits(joining_day, yesterday - absence, online)
        return _Visits(joining_day, joining_day + 1 + int(squared * (days - 1)), online)

    def _add_visits(self, record: dict[str, object], visits: _Visits, shopper: Shopper) -> None:
        record["date_joined"] = self._calendar.joining_text(visits.first_day)
        if visits.online and visits.last_day > visits.first_day:
            record["last_login"] = self._calendar.instant_text(visits.last_day)
        elif visits.online:
            record["last_login"] = record["date_joined"]
        if self._dice.chance(0.70):
            record["shop_id"] = shopper.place.shop
        elif self._dice.chance(0.60):
            record["shop_id"] = "online"

    def _add_habits(self, record: dict[str, object], visits: _Visits, shopper: Shopper) -> None:
        dice = self._dice
        favourite = dice.pick(CATEGORIES) if dice.chance(_WITH_FAVOURITE) else None
        can_email = record.get("can_email") is True
        if lists := draw_mailing_lists(dice, can_email=can_email, favourite=favourite):
            record["mailing_lists"] = lists
        level = None
        if dice.chance(_WITH_LOYALTY):
            points = draw_points(dice, (visits.last_day - visits.first_day) / DAYS_PER_YEAR)
            level = loyalty_level(points)
            record[self._level_field] = level
            record[self._points_field] = points
        standing = Standing(
            level=level,
            absent_days=self._calendar.today - visits.last_day,
            business=bool(shopper.business),
            online=visits.online,
            age_years=int((self._calendar.today - shopper.birth_day) / DAYS_PER_YEAR),
        )
        if tags := draw_tags(dice, standing):
            record["tags"] = tags
        if favourite:
            record[self._favourite_field] = favourite

    def _external_id(self) -> str:
        """Return the next number; some cards were never handed out, so there are gaps."""
        self._number += 1
        if self._dice.chance(0.1):
            self._number += self._dice.below(9)
        return f"R{self._number}"
