"""E-mail addresses and phone numbers of demo customers.

Owns what has been given out, so that two strangers do not share an address; families that share
one on purpose are made in ``people``. Holds a count for every name, not every address, so that its
memory does not grow with the customers.
"""

from __future__ import annotations

from math import gcd
from typing import Final

from regulars.demo.customs import PhoneRange
from regulars.demo.dice import Dice
from regulars.demo.populations import Name, Population

_FORMS: Final = ("{0}.{1}", "{0}{1}", "{0}_{1}", "{1}.{0}")
_BIRTH_YEAR_SHARE: Final = 0.22
_FIRST_NUMBER: Final = 100  # three digits, so never one of the two-digit birth years


class EmailAddresses:
    """E-mail addresses made of names."""

    def __init__(self, dice: Dice) -> None:
        """Begin with no address given out."""
        self._dice = dice
        self._bearers: dict[str, tuple[int, int]] = {}

    def new(self, population: Population, first: Name, last: Name, birth_year: int) -> str:
        """Return an address nobody has; bearers of one name walk through forms and domains."""
        domains = population.domains
        slots = len(_FORMS) * len(domains)
        key = f"{population.country}{first.ascii}.{last.ascii}"
        start, bearers = self._bearers.get(key, (0, 0))
        if not bearers:
            # The plain form first.last is the most wanted: low slots are more likely.
            throw = self._dice.throw()
            start = int(throw * throw * slots)
        self._bearers[key] = (start, bearers + 1)
        rounds, slot = divmod(start + bearers, slots)
        local = _FORMS[slot // len(domains)].format(first.ascii, last.ascii)
        if rounds:
            local = f"{local}{_FIRST_NUMBER + rounds}"
        elif self._dice.chance(_BIRTH_YEAR_SHARE):
            local = f"{local}{birth_year % 100:02d}"
        return f"{local}@{domains[slot % len(domains)]}"


class PhoneNumbers:
    """Mobile numbers of one range in E.164, each given out once until all are used."""

    def __init__(self, dice: Dice, country_code: str, phones: PhoneRange) -> None:
        """Begin anywhere in the range; a large step makes neighbours look unrelated."""
        self._heads = tuple(f"+{country_code}{prefix}" for prefix in phones.prefixes)
        self._digits = phones.digits
        self._block = 10**phones.digits
        self._size = len(self._heads) * self._block
        self._step = self._size * 618 // 1000 + dice.below(1000)
        while gcd(self._step, self._size) != 1:
            self._step += 1
        self._next = dice.below(self._size)

    def new(self) -> str:
        """Return the next number."""
        self._next = (self._next + self._step) % self._size
        head, rest = divmod(self._next, self._block)
        return f"{self._heads[head]}{rest:0{self._digits}d}"
