"""How the demo's countries write a house, a phone number, an e-mail address and a company.

Owns the patterns; which customer gets what is drawn elsewhere.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from regulars.demo.dice import weighted


class Housing(NamedTuple):
    """How a country writes a house: a template, and what may stand beside the number."""

    template: str
    additions: tuple[str, ...]


class PhoneRange(NamedTuple):
    """Mobile numbers: each prefix is followed by ``digits`` free digits."""

    prefixes: tuple[str, ...]
    digits: int


class Business(NamedTuple):
    """How companies of a country are called and what their VAT numbers look like.

    In ``vat_number`` every ``#`` is any digit; check digits are not computed.
    """

    forms: tuple[str, ...]
    vat_number: str


FINNISH_HOUSING: Final = Housing(
    "{street} {number}{addition}",
    weighted(
        [("", 70), *((f" {stair} {door}", 1) for stair in "AABBCD" for door in range(1, 41, 3))]
    ),
)
SWEDISH_HOUSING: Final = Housing(
    "{street} {number}{addition}",
    weighted(
        [("", 60), *((f" {letter}", 3) for letter in "AABBCD")]
        + [(f" lgh {floor}{door:02d}", 1) for floor in (10, 11, 12, 13) for door in range(1, 6)]
    ),
)
BRITISH_HOUSING: Final = Housing(
    "{addition}{number} {street}",
    weighted([("", 90), *((f"Flat {flat}, ", 1) for flat in range(1, 21))]),
)
GERMAN_HOUSING: Final = Housing(
    "{street} {number}{addition}",
    weighted([("", 84), ("a", 8), ("b", 5), ("c", 3)]),
)

# Mobile prefixes that libphonenumber calls valid and under which its carrier table lists no
# operator, so that a demo shows no number that rings. Ranges kept for films are not used: those of
# Finland do not exist, the British ones are not valid to libphonenumber, the others are too small.
FINNISH_PHONES: Final = PhoneRange(("430", "431", "433", "434", "437", "439", "459"), 6)
SWEDISH_PHONES: Final = PhoneRange(("792", "794", "796", "797", "798"), 6)
BRITISH_PHONES: Final = PhoneRange(("7308", "7309", "7312", "7325", "7991", "7994", "7997"), 6)
GERMAN_PHONES: Final = PhoneRange(("1524", "1527", "1528", "1572", "1574", "1576"), 7)

FINNISH_DOMAINS: Final = (
    "posti.example.org",
    "kotiposti.example.net",
    "mail.example.com",
    "netti.example.org",
    "laatikko.example.com",
    "webmail.example.net",
    "perhe.example.org",
)
SWEDISH_DOMAINS: Final = (
    "epost.example.org",
    "brevlada.example.net",
    "mail.example.com",
    "hemma.example.org",
    "post.example.com",
    "webmail.example.net",
    "familjen.example.org",
)
BRITISH_DOMAINS: Final = (
    "mail.example.com",
    "inbox.example.org",
    "post.example.net",
    "webmail.example.net",
    "home.example.org",
    "letterbox.example.com",
    "broadband.example.net",
)
GERMAN_DOMAINS: Final = (
    "post.example.org",
    "mail.example.com",
    "briefkasten.example.net",
    "email.example.org",
    "webmail.example.net",
    "zuhause.example.com",
    "netz.example.org",
)

FINNISH_BUSINESS: Final = Business(
    (
        "Rakennus {family} Oy",
        "Kahvila {family} Oy",
        "Tilitoimisto {family} Oy",
        "Sisustus {family} Oy",
        "Kukkakauppa {family} Oy",
        "Leipomo {family} Oy",
        "Kiinteistöpalvelu {family} Oy",
        "{family} Consulting Oy",
        "{family} & Pojat Oy",
        "Tmi {family}",
    ),
    "FI########",
)
FINLAND_SWEDISH_BUSINESS: Final = Business(
    ("{family} Bygg Ab", "{family} Trädgård Ab", "Bokföring {family} Ab", "Ab {family} & Co"),
    "FI########",
)
SWEDISH_BUSINESS: Final = Business(
    (
        "{family} Bygg AB",
        "{family} Konsult AB",
        "{family} Redovisning AB",
        "Café {family} AB",
        "{family} & Söner AB",
        "{family} Fastigheter AB",
        "{family} Trädgård HB",
    ),
    "SE55########01",
)
BRITISH_BUSINESS: Final = Business(
    (
        "{family} & Sons Ltd",
        "{family} Interiors Ltd",
        "{family} Joinery Ltd",
        "The {family} Tea Rooms",
        "{family} Lettings Ltd",
        "{family} Catering Ltd",
    ),
    "GB#########",
)
GERMAN_BUSINESS: Final = Business(
    (
        "{family} Haustechnik GmbH",
        "Bäckerei {family} GmbH",
        "{family} & Partner mbB",
        "Gasthof {family} OHG",
        "{family} Innenausbau GmbH",
        "Blumen {family} e. K.",
    ),
    "DE#########",
)
