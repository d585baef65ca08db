"""Reads a body of which most was applied before as it stands, such as a nightly file.

Owns telling records that are known again from those that must be read. A customer remembers the
hash of the record that made it what it is: where the same record comes again, it changes nothing,
whatever it says.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.records.read_record import ReadRecord
from regulars.services.record_reading import RecordReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.sources.contract import Given
    from regulars.store.contract import CompanyStore

_LEAST_SHARE: Final = 0.5
"""From this share of known records on it is quicker to look for them than to read them all."""


class _Identified(msgspec.Struct):
    external_id: str | None = None


_decode: Final = msgspec.json.Decoder(_Identified).decode


class KnownRecord(ReadRecord):
    """A record that need not be read."""

    __slots__ = ("_given", "_reading", "known_customer", "number", "schema")

    external_id = None
    email = None
    phone_number = None
    document = None

    def __init__(self, number: int, customer: int, reading: RecordReading, given: Given) -> None:
        # Nothing else of it is ever asked for.
        self.number = number  # type: ignore[misc]
        self.schema = reading.schema
        self.known_customer = customer
        self._reading = reading
        self._given = given

    def read_again(self) -> ReadRecord:
        """See `ReadRecord.read_again`."""
        return self._reading.read(self.number, self._given)


class RepeatedRecords:
    """The records of a body, of which the known ones are not read."""

    def __init__(
        self,
        store: CompanyStore,
        body: BinaryIO,
        options: ImportOptions,
        schema: Schema,
        batch_records: int,
    ) -> None:
        self._store: Final = store
        self._batch_records: Final = batch_records
        self._reading: Final = RecordReading(
            body, options, schema, store.identifier_keys.hashes.secret
        )

    def are_many(self) -> bool:
        """Whether most of the first records are known. Uses them up."""
        first = list(islice(self._reading.given, self._batch_records))
        return len(self._find_known(first)) >= max(1, len(first) * _LEAST_SHARE)

    def read(self, done: int) -> Iterator[ReadRecord]:
        """The records, but for the first `done`. They must be asked for a batch at a time, and each
        batch be applied before the next: what is known is looked up for a batch.
        """
        given = islice(enumerate(self._reading.given, start=1), done, None)
        while batch := list(islice(given, self._batch_records)):
            known = self._find_known([each for _, each in batch])
            for place, (number, each) in enumerate(batch):
                customer = known.get(place)
                if customer is None:
                    yield self._reading.read(number, each)
                else:
                    yield KnownRecord(number, customer, self._reading, each)

    def _find_known(self, batch: list[Given]) -> dict[int, int]:
        """The customers of known records, by their place in a batch."""
        external_ids = [self._external_id(given) for given in batch]
        found = self._store.find_record_hashes([each for each in external_ids if each is not None])
        known: dict[int, int] = {}
        for place, external_id in enumerate(external_ids):
            if external_id in found:
                customer, record_hash = found[external_id]
                if self._reading.hash(batch[place]) == record_hash:
                    known[place] = customer
        return known

    def _external_id(self, given: Given) -> str | None:
        if isinstance(given, bytes):
            try:
                return _decode(given).external_id
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return None
        decoded = self._reading.given.decode(given)
        external_id = decoded.get("external_id") if isinstance(decoded, dict) else None
        return external_id if isinstance(external_id, str) else None
