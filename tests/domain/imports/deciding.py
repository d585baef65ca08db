"""Records decided from an empty register, without any store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from regulars.domain.fields.schema import Schema
from regulars.domain.fields.types import ReadingContext
from regulars.domain.identity.register import Facts
from regulars.domain.imports.decide import Decider
from regulars.domain.imports.decision import Decision, Position
from regulars.domain.records.reader import RecordReader

if TYPE_CHECKING:
    from regulars.domain.records.read_record import ReadRecord

CONTEXT: Final = ReadingContext(ZoneInfo("Europe/Helsinki"), "FI")


def read_records(*given: object, field_limit: int = 300) -> list[ReadRecord]:
    """The records as the reader of one import of the company `acme` reads them."""
    reader = RecordReader(Schema("acme", CONTEXT, field_limit=field_limit))
    return [reader.read(number, record) for number, record in enumerate(given, start=1)]


def decide_on(*given: object, limit: int = 100) -> Decision:
    """What the records do to a company without customers. `limit` is for customers a record."""
    records = read_records(*given)
    addresses = {
        address for each in records for address in (each.email, each.phone_number) if address
    }
    facts = Facts(holders_known=addresses, no_suppressions=True)
    decider = Decider(facts, Position(0, 0, 0), 0, limit, lambda address: f"hash of {len(address)}")
    return decider.decide_all(records)


def codes_of(decision: Decision) -> list[str]:
    """The codes of all problems, in order."""
    return [problem.code for problem in decision.problems]
