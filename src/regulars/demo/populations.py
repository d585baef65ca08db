"""The five populations that demo customers come from, with all that is drawn from them.

Owns how the text tables of ``names`` and ``places`` become tables to draw from, and which of them
belong together. Must not know a single customer.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.demo import customs, names, places
from regulars.demo.dice import ranked, weighted

_INWARD_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"  # Royal Mail uses no C, I, K, M, O, V here

Letters = dict[str, str]  # how letters outside a to z are spelled in an e-mail address

_NORDIC_LETTERS: Final[Letters] = {"ä": "a", "å": "a", "ö": "o", "é": "e", "ë": "e", "'": ""}
_GERMAN_LETTERS: Final[Letters] = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e"}


class Name(NamedTuple):
    """A first or last name and how it is spelled in an e-mail address."""

    text: str
    ascii: str


class Place(NamedTuple):
    """A town with its postal codes and the shop its people go to."""

    city: str
    province: str
    zip_codes: tuple[str, ...]
    shop: str


class Population(NamedTuple):
    """People of one country and language; ``share`` is their part of all customers in per mille."""

    share: int
    country: str
    languages: tuple[str, ...]
    women: tuple[tuple[Name, ...], ...]
    men: tuple[tuple[Name, ...], ...]
    families: tuple[Name, ...]
    places: tuple[Place, ...]
    streets: tuple[str, ...]
    housing: customs.Housing
    phones: customs.PhoneRange
    domains: tuple[str, ...]
    business: customs.Business


def _read_names(text: str, letters: Letters) -> tuple[Name, ...]:
    spelling = str.maketrans(letters)
    return ranked([Name(word, word.lower().translate(spelling)) for word in text.split()])


def _read_generations(
    generations: names.Generations, letters: Letters
) -> tuple[tuple[Name, ...], ...]:
    return tuple(_read_names(text, letters) for text in generations)


def _read_streets(text: str) -> tuple[str, ...]:
    return tuple(street.strip() for street in text.split(","))


def _read_places(text: str, country: str) -> tuple[Place, ...]:
    rows = []
    for line in text.strip().splitlines():
        city, province, zips, shop, weight = (cell.strip() for cell in line.split("|"))
        zip_codes = _british_zip_codes(zips) if country == "GB" else _zip_codes(zips)
        if country == "SE":
            zip_codes = tuple(f"{code[:3]} {code[3:]}" for code in zip_codes)
        rows.append((Place(city, province, zip_codes, shop), int(weight)))
    return weighted(rows)


def _zip_codes(text: str) -> tuple[str, ...]:
    """Return the codes of ``first-last/step``."""
    bounds, step = text.split("/")
    first, last = bounds.split("-")
    return tuple(f"{code:05d}" for code in range(int(first), int(last) + 1, int(step)))


def _british_zip_codes(text: str) -> tuple[str, ...]:
    """Return 60 full codes for each outward code in ``text``, spread over the inward ones."""
    letters = _INWARD_LETTERS
    return tuple(
        f"{outward} {turn % 9 + 1}{letters[turn * 7 % 20]}{letters[turn * 11 // 3 % 20]}"
        for outward in text.split()
        for turn in range(60)
    )


FINNISH: Final = Population(
    share=422,
    country="FI",
    languages=weighted([("fi", 97), ("en", 3)]),
    women=_read_generations(names.FINNISH_WOMEN, _NORDIC_LETTERS),
    men=_read_generations(names.FINNISH_MEN, _NORDIC_LETTERS),
    families=_read_names(names.FINNISH_FAMILIES, _NORDIC_LETTERS),
    places=_read_places(places.FINNISH_TOWNS, "FI"),
    streets=_read_streets(places.FINNISH_STREETS),
    housing=customs.FINNISH_HOUSING,
    phones=customs.FINNISH_PHONES,
    domains=customs.FINNISH_DOMAINS,
    business=customs.FINNISH_BUSINESS,
)
FINLAND_SWEDISH: Final = Population(
    share=28,
    country="FI",
    languages=("sv",),
    women=_read_generations(names.SWEDISH_WOMEN, _NORDIC_LETTERS),
    men=_read_generations(names.SWEDISH_MEN, _NORDIC_LETTERS),
    families=_read_names(names.FINLAND_SWEDISH_FAMILIES, _NORDIC_LETTERS),
    places=_read_places(places.FINLAND_SWEDISH_TOWNS, "FI"),
    streets=_read_streets(places.FINLAND_SWEDISH_STREETS),
    housing=customs.FINNISH_HOUSING,
    phones=customs.FINNISH_PHONES,
    domains=customs.FINNISH_DOMAINS,
    business=customs.FINLAND_SWEDISH_BUSINESS,
)
SWEDISH: Final = Population(
    share=250,
    country="SE",
    languages=weighted([("sv", 95), ("en", 4), ("fi", 1)]),
    women=_read_generations(names.SWEDISH_WOMEN, _NORDIC_LETTERS),
    men=_read_generations(names.SWEDISH_MEN, _NORDIC_LETTERS),
    families=_read_names(names.SWEDISH_FAMILIES, _NORDIC_LETTERS),
    places=_read_places(places.SWEDISH_TOWNS, "SE"),
    streets=_read_streets(places.SWEDISH_STREETS),
    housing=customs.SWEDISH_HOUSING,
    phones=customs.SWEDISH_PHONES,
    domains=customs.SWEDISH_DOMAINS,
    business=customs.SWEDISH_BUSINESS,
)
BRITISH: Final = Population(
    share=150,
    country="GB",
    languages=("en",),
    women=_read_generations(names.BRITISH_WOMEN, _NORDIC_LETTERS),
    men=_read_generations(names.BRITISH_MEN, _NORDIC_LETTERS),
    families=_read_names(names.BRITISH_FAMILIES, _NORDIC_LETTERS),
    places=_read_places(places.BRITISH_TOWNS, "GB"),
    streets=_read_streets(places.BRITISH_STREETS),
    housing=customs.BRITISH_HOUSING,
    phones=customs.BRITISH_PHONES,
    domains=customs.BRITISH_DOMAINS,
    business=customs.BRITISH_BUSINESS,
)
GERMAN: Final = Population(
    share=150,
    country="DE",
    languages=weighted([("de", 96), ("en", 4)]),
    women=_read_generations(names.GERMAN_WOMEN, _GERMAN_LETTERS),
    men=_read_generations(names.GERMAN_MEN, _GERMAN_LETTERS),
    families=_read_names(names.GERMAN_FAMILIES, _GERMAN_LETTERS),
    places=_read_places(places.GERMAN_TOWNS, "DE"),
    streets=_read_streets(places.GERMAN_STREETS),
    housing=customs.GERMAN_HOUSING,
    phones=customs.GERMAN_PHONES,
    domains=customs.GERMAN_DOMAINS,
    business=customs.GERMAN_BUSINESS,
)

POPULATIONS: Final = (FINNISH, FINLAND_SWEDISH, SWEDISH, BRITISH, GERMAN)
