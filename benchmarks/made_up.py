"""Made-up customers in the shape of the API's example record: twelve fields, one a company field.

Owns the records that benchmarks import. Every record follows from its index alone, so that any
slice of the same endless population can be written, and no two customers share an identifier.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Final, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.domain.imports.body_form import Format

Order = Literal["ordered", "unordered"]

COMPANY: Final = "company"
MOST_CUSTOMERS: Final = 10_000_000
"""As many as there are phone numbers below."""

_IDS: Final = 10**10
# Odd and no multiples of five: multiplying by them permutes the numbers below a power of ten.
_ID_STEP: Final = 6_180_339_887
_PHONE_STEP: Final = 7_320_509
_MIX: Final = 0x9E37_79B9_7F4A_7C15

_FIRST_NAMES: Final = (
    "Aino", "Alice", "Anton", "Björn", "Clara", "Daniel", "Ella", "Emil", "Eva", "Frank",
    "Hanna", "Henrik", "Ida", "James", "Joshua", "Karin", "Lauri", "Maria", "Nils", "Oliver",
    "Paula", "Ronja", "Sofia", "Tomas", "Väinö",
)  # fmt: skip
_LAST_NAMES: Final = (
    "Ahlberg", "Bergman", "Carroll", "Dahl", "Ek", "Fors", "Grant", "Hill", "Isaksson", "Jones",
    "Korhonen", "Lind", "Mäkinen", "Nieminen", "Olsen", "Palm", "Quist", "Roos", "Stewart",
    "Toivonen", "Ulfsson", "Virtanen", "Wilson",
)  # fmt: skip
_TAGS: Final = ("kitchenware", "vip", "garden", "newsletter", "outlet", "toys", "tools")
_LANGUAGES: Final = ("EN", "FI", "SV")
_SWITCH: Final = ("false", "true")

_RECORD: Final = (
    '{"external_id": "%010d", "first_name": "%s", "last_name": "%s",'
    ' "email": "%s.%d@example.org", "can_email": %s, "phone_number": "+35840%07d", "can_sms": %s,'
    ' "date_joined": "20%02d-%02d-%02dT%02d:11:23Z", "last_login": "2025-%02d-%02dT13:%02d:23Z",'
    ' "language": "%s", "tags": ["%s", "%s"], "COMPANY__customer_group": %d}\n'
)


def records(order: Order, start: int, count: int, *, changed: int | None = None) -> Iterator[str]:
    """Lines of NDJSON. `ordered` identifiers rise from record to record. One record of a hundred,
    another for each value of `changed`, has changed in one field.
    """
    if start + count > MOST_CUSTOMERS:
        raise ValueError(f"there are only {MOST_CUSTOMERS} made-up customers")
    for index in range(start, start + count):
        number, phone = index, index
        if order == "unordered":
            number, phone = index * _ID_STEP % _IDS, index * _PHONE_STEP % MOST_CUSTOMERS
        dice = (index * _MIX & 0xFFFF_FFFF_FFFF_FFFF) >> 16
        first_name = _FIRST_NAMES[dice % 25]
        yield _RECORD % (
            number,
            first_name,
            _LAST_NAMES[dice // 25 % 23],
            first_name.replace("ö", "o").replace("ä", "a"),
            number,
            _SWITCH[dice >> 10 & 1],
            phone,
            _SWITCH[dice >> 11 & 1],
            dice % 24,
            dice // 7 % 12 + 1,
            dice // 11 % 28 + 1,
            dice // 13 % 24,
            dice // 17 % 12 + 1,
            dice // 19 % 28 + 1,
            (dice // 23 + (index % 100 == changed)) % 60,
            _LANGUAGES[dice // 29 % 3],
            _TAGS[dice // 31 % 7],
            _TAGS[dice // 37 % 7],
            dice // 41 % 5,
        )


def write_records(
    path: Path,
    order: Order,
    start: int,
    count: int,
    *,
    file_format: Format = "ndjson",
    changed: int | None = None,
) -> None:
    """A file of `count` customers from `start` on."""
    lines = records(order, start, count, changed=changed)
    with path.open("w", encoding="utf-8", buffering=1024 * 1024, newline="") as file:
        if file_format == "ndjson":
            file.writelines(lines)
        elif file_format == "json":
            file.write('{"customers": [\n')
            file.writelines(line if not at else f",{line}" for at, line in enumerate(lines))
            file.write("]}\n")
        else:
            _write_csv(file, lines)


def _write_csv(file: TextIO, lines: Iterator[str]) -> None:
    writer = csv.writer(file)
    for at, line in enumerate(lines):
        record = json.loads(line)
        record["tags"] = ",".join(record["tags"])
        if not at:
            writer.writerow(record)
        writer.writerow(
            str(value).lower() if isinstance(value, bool) else value for value in record.values()
        )
