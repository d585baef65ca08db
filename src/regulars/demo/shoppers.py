"""The humans behind the demo's customers: strangers, and those who belong together.

Owns who somebody is (name, birth, home, addresses) and whom they bring along: housemates who share
a home and perhaps an e-mail address, the same human registered twice, colleagues of one company.
Must not know records, permissions or purchases.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from typing import Final, NamedTuple

from regulars.demo.addresses import EmailAddresses, PhoneNumbers
from regulars.demo.dice import Dice, weighted
from regulars.demo.populations import POPULATIONS, Name, Place, Population
from regulars.demo.timeline import DAYS_PER_YEAR, Calendar

_GENERATIONS_BEGIN: Final = (1960, 1985)  # the second and the third of ``names``
_CALLING_CODES: Final = {"FI": "358", "SE": "46", "GB": "44", "DE": "49"}
_POPULATION_TABLE: Final = weighted((population, population.share) for population in POPULATIONS)

_WOMEN: Final = 0.61
_DOUBLE_FAMILY_NAMES: Final = 0.02  # of women
_BUSINESSES: Final = 0.037
_BRING_COLLEAGUES: Final = 0.16  # of businesses
_BRING_HOUSEMATES: Final = 0.022
_REGISTER_TWICE: Final = 0.017
_RECORDS_UNTIL_THE_NEXT_ONE: Final = 400  # that lie, on average, between those who belong together

_WITHOUT_EMAIL: Final = 0.09
_WITHOUT_PHONE: Final = 0.17
_WITHOUT_HOME: Final = 0.12
_WITHOUT_STREET: Final = 0.05
_HOME_IN_PARTS: Final = 0.12
_WITH_PROVINCE: Final = 0.55

# Years between the birth of a customer and of a housemate: mostly a partner, else parent or child.
_YEARS_BETWEEN_HOUSEMATES: Final = (-5, -4, -3, -2, -2, -1, -1, 0, 0, 1, 1, 2, 2, 3, 4, 5, 27, 30)
_GENERATION_YEARS: Final = 15  # further apart in years than this, housemates are no partners


class Shopper(NamedTuple):
    """One human, or one human buying for a company; days are the calendar's."""

    population: Population
    place: Place
    woman: bool
    first: Name
    last: Name
    birth_day: int
    email: str | None
    phone: str | None
    home: dict[str, object]
    business: dict[str, object]
    canonical_id: str | None


class Crowd:
    """Everybody who comes to the shop, one after the other."""

    def __init__(self, dice: Dice, calendar: Calendar) -> None:
        """Begin with nobody known."""
        self._dice = dice
        self._calendar = calendar
        self._emails = EmailAddresses(dice)
        self._phones = {
            population.country: PhoneNumbers(
                dice, _CALLING_CODES[population.country], population.phones
            )
            for population in POPULATIONS
        }
        self._waiting: list[tuple[Callable[[Shopper, int], Shopper], Shopper]] = []
        self._groups = 100_000

    def next_shopper(self, joining_day: int) -> Shopper:
        """Return the next one to register: mostly a stranger, at times somebody's follower."""
        waiting = self._waiting
        if self._dice.throw() * _RECORDS_UNTIL_THE_NEXT_ONE < len(waiting):
            follower, known = waiting.pop(self._dice.below(len(waiting)))
            return follower(known, joining_day)
        return self._with_followers(self.stranger(joining_day))

    def stranger(self, joining_day: int) -> Shopper:
        """Return somebody who has nothing to do with those before."""
        dice = self._dice
        chance = dice.chance
        population = dice.pick(_POPULATION_TABLE)
        woman = chance(_WOMEN)
        birth_day = self._calendar.birth_day(joining_day)
        first = self._first_name(population, birth_day, woman=woman)
        last = self._last_name(population, woman=woman)
        place = dice.pick(population.places)
        business: dict[str, object] = {}
        if chance(_BUSINESSES):
            business = self._business(population, last)
        email = None if chance(_WITHOUT_EMAIL) else self._email(population, first, last, birth_day)
        phone = None if chance(_WITHOUT_PHONE) else self._phones[population.country].new()
        home = self._home(population, place)
        return Shopper(
            population, place, woman, first, last, birth_day, email, phone, home, business, None
        )

    def _with_followers(self, shopper: Shopper) -> Shopper:
        """Return the shopper, having perhaps put followers on the waiting list."""
        chance = self._dice.chance
        if shopper.business:
            if chance(_BRING_COLLEAGUES):
                shopper = shopper._replace(canonical_id=self._canonical_id("C"))
                self._waiting += [(self._colleague, shopper)] * (1 + self._dice.below(3))
            return shopper
        if chance(_BRING_HOUSEMATES):
            self._waiting.append((self._housemate, shopper))
        elif shopper.email and chance(_REGISTER_TWICE):
            shopper = shopper._replace(canonical_id=self._canonical_id("P"))
            self._waiting.append((self._same_human, shopper))
        return shopper

    def _housemate(self, known: Shopper, joining_day: int) -> Shopper:
        """Return a partner, parent or child of the same home: another human, so no group."""
        dice = self._dice
        population = known.population
        years = dice.pick(_YEARS_BETWEEN_HOUSEMATES)
        birth_day = self._calendar.adult_birth_day(
            known.birth_day + int(years * DAYS_PER_YEAR) + dice.below(300), joining_day
        )
        partner = abs(years) < _GENERATION_YEARS
        woman = not known.woman if partner and dice.chance(0.94) else dice.chance(_WOMEN)
        first = self._first_name(population, birth_day, woman=woman)
        email, phone = known.email, known.phone
        if email is None or dice.chance(0.6):
            email = self._email(population, first, known.last, birth_day)
        if phone is None or dice.chance(0.75):
            phone = self._phones[population.country].new()
        return known._replace(
            woman=woman, first=first, birth_day=birth_day, email=email, phone=phone
        )

    def _same_human(self, known: Shopper, _joining_day: int) -> Shopper:
        """Return somebody who registers a second time, with a new address or telephone."""
        dice = self._dice
        population = known.population
        if dice.chance(0.3):
            place = dice.pick(population.places)
            known = known._replace(place=place, home=self._home(population, place))
        if dice.chance(0.5):
            phone = self._phones[population.country].new() if dice.chance(0.5) else None
            return known._replace(phone=phone)
        email = self._email(population, known.first, known.last, known.birth_day)
        return known._replace(email=email)

    def _colleague(self, known: Shopper, joining_day: int) -> Shopper:
        """Return somebody else who buys for the same company, from the same address."""
        population = known.population
        woman = self._dice.chance(_WOMEN)
        birth_day = self._calendar.birth_day(joining_day)
        first = self._first_name(population, birth_day, woman=woman)
        last = self._last_name(population, woman=woman)
        return known._replace(
            woman=woman,
            first=first,
            last=last,
            birth_day=birth_day,
            email=self._email(population, first, last, birth_day),
            phone=self._phones[population.country].new(),
        )

    def _first_name(self, population: Population, birth_day: int, *, woman: bool) -> Name:
        """Return a name of the generation; names change over some ten years, not in one."""
        year = self._calendar.birth_year(birth_day) + self._dice.throw() * 10 - 5
        generation = bisect(_GENERATIONS_BEGIN, year)
        return self._dice.pick((population.women if woman else population.men)[generation])

    def _last_name(self, population: Population, *, woman: bool) -> Name:
        last = self._dice.pick(population.families)
        if woman and self._dice.chance(_DOUBLE_FAMILY_NAMES):
            other = self._dice.pick(population.families)
            if other is not last:
                return Name(f"{last.text}-{other.text}", f"{last.ascii}-{other.ascii}")
        return last

    def email_of(self, shopper: Shopper) -> str:
        """Return the shopper's address, a new one if there is none."""
        return shopper.email or self._email(
            shopper.population, shopper.first, shopper.last, shopper.birth_day
        )

    def _email(self, population: Population, first: Name, last: Name, birth_day: int) -> str:
        return self._emails.new(population, first, last, self._calendar.birth_year(birth_day))

    def _home(self, population: Population, place: Place) -> dict[str, object]:
        """Return the address fields, with the street as one text or in its parts, or nothing."""
        dice = self._dice
        chance = dice.chance
        if chance(_WITHOUT_HOME):
            return {}
        home: dict[str, object] = {"zip_code": dice.pick(place.zip_codes), "city": place.city}
        if chance(_WITH_PROVINCE):
            home["province"] = place.province
        if chance(_WITHOUT_STREET):
            return home
        street = dice.pick(population.streets)
        number = 1 + int(dice.throw() * dice.throw() * 90)
        addition = dice.pick(population.housing.additions)
        if not chance(_HOME_IN_PARTS):
            home["street_address"] = population.housing.template.format(
                street=street, number=number, addition=addition
            )
            return home
        home["street_name"] = street
        home["house_number"] = str(number)
        if addition:
            home["house_number_addition"] = addition.strip(" ,")
        return home

    def _business(self, population: Population, last: Name) -> dict[str, object]:
        """Return the fields of a company; one in eight gave no VAT number."""
        dice = self._dice
        form = dice.pick(population.business.forms)
        business: dict[str, object] = {"company": form.format(family=last.text)}
        if dice.chance(0.88):
            business["vat_number"] = "".join(
                str(dice.below(10)) if sign == "#" else sign
                for sign in population.business.vat_number
            )
        return business

    def _canonical_id(self, kind: str) -> str:
        """Return a new group's name: ``P`` for one human, ``C`` for one company."""
        self._groups += 1
        return f"{kind}{self._groups}"
