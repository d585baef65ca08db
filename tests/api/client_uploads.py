"""What ten clients send to five companies: uploads that contend for the same customers.

Owns the making of bodies. The order in which they are applied shows in the result.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from dataclasses import dataclass
from typing import Final

Record = dict[str, object]

LARGE_RECORDS: Final = 5_000
LARGE_CUSTOMERS: Final = 1_500
SMALL_RECORDS: Final = 12
SMALL_CUSTOMERS: Final = 60
_LISTS: Final = ("0", "1", "2", "a,b", 'q"q')
_LEVELS: Final = (7, 7.5, True, "gold", " 7 ")
_GZIP: Final = {"Content-Encoding": "gzip"}


@dataclass(frozen=True)
class Sent:
    """An upload as it goes over the wire, so that it can be sent again."""

    body: bytes
    headers: dict[str, str]
    query: str


def make_upload(dice: random.Random, company: str, sender: str, *, is_large: bool) -> Sent:
    """One upload of a sender to a company."""
    made = _large_records(dice, sender) if is_large else _small_records(dice, company, sender)
    query = ""
    match dice.choice(("json", "json", "ndjson", "csv")):
        case "json":
            media_type, body = "application/json", json.dumps({"customers": made}).encode()
        case "ndjson":
            media_type = "application/x-ndjson"
            body = b"".join(json.dumps(record).encode() + b"\n" for record in made)
        case _:
            media_type, body = "text/csv", _as_csv(made)
            query = dice.choice(("", "", "?empty_cells=clear")) if not is_large else ""
    headers = {"Content-Type": media_type}
    if dice.random() < 0.2:
        return Sent(gzip.compress(body), headers | _GZIP, query)
    return Sent(body, headers, query)


def _large_records(dice: random.Random, sender: str) -> list[Record]:
    return [
        _record(dice, dice.randrange(LARGE_CUSTOMERS), f"{sender}-{number}")
        for number in range(LARGE_RECORDS)
    ]


def _small_records(dice: random.Random, company: str, sender: str) -> list[Record]:
    numbers = [dice.randrange(SMALL_CUSTOMERS) for _ in range(dice.randint(1, SMALL_RECORDS))]
    made = [_small_record(dice, number, company, sender) for number in numbers]
    # At least one that is not rejected: otherwise the answer would be a 400.
    return [{"external_id": str(numbers[0]), "city": sender}, *made]


def _small_record(dice: random.Random, number: int, company: str, sender: str) -> Record:
    external_id = str(number)
    levels: list[Record] = [
        {"external_id": external_id, f"{company}__level": level} for level in _LEVELS
    ]
    seldom: list[Record] = [
        {"external_id": external_id, "is_forgotten": True},
        {"email": _email(number), "is_forgotten": True},
        {"external_id": external_id, "is_deleted": True},
        {"email": _email(number), "is_deleted": "yes"},
        {"external_id": "no such id", "city": sender},
        *levels,
    ]
    return dice.choice(seldom) if dice.random() < 0.1 else _record(dice, number, sender)


def _record(dice: random.Random, number: int, mark: str) -> Record:
    external_id, email = str(number), _email(number)
    cleared = dice.choice(("email", "phone_number", "first_name", "tags", "can_email"))
    usual: list[Record] = [
        {"external_id": external_id, "email": email, "first_name": mark},
        {"external_id": external_id, "email": email, "can_sms": True},
        {"email": email, "city": mark, "can_email": dice.random() < 0.9},
        {"phone_number": _phone_number(number), "last_name": mark},
        # Two customers have each phone number.
        {"external_id": external_id, "phone_number": _phone_number(number // 2)},
        {"external_id": external_id, "mailing_lists.add": [dice.choice(_LISTS), mark]},
        {"external_id": external_id, "mailing_lists.remove": list(_LISTS[:3])},
        {"external_id": external_id, "tags": [mark, dice.choice(_LISTS)], "city": ""},
        {"external_id": external_id, cleared: ""},
        {"external_id": external_id, "birth_date": "1991-06-31", "zip_code": mark},
    ]
    return dice.choice(usual)


def _email(number: int) -> str:
    return f"p{number}@example.org"


def _phone_number(number: int) -> str:
    return f"+35840{1_234_000 + number}"


def _as_csv(made: list[Record]) -> bytes:
    names = list(dict.fromkeys(name for record in made for name in record))
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(names)
    for record in made:
        writer.writerow([_cell(record.get(name, "")) for name in names])
    return lines.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, list):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(value)
        return line.getvalue()
    return str(value)
