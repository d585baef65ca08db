"""Reads a body of which most was applied before as it stands, such as a nightly file.

Owns telling records that are known again from those that must be read. A customer remembers the
hash of the record that made it what it is: where the same record comes again, it changes nothing,
whatever it says.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.records.read_record import ReadRecord
from regulars.services.hashed_records import HashedRecords, hash_records
from regulars.services.reading_process import hash_in_process
from regulars.services.record_reading import RecordReading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.sources.contract import Given
    from regulars.store.contract import ImportingStore

_LEAST_SHARE: Final = 0.5
"""From this share of known records on it is quicker to look for them than to read them all."""


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
    """The records of a body, of which the known ones are not read.

    `hash_elsewhere` has the records hashed in a process of its own: two processors are used then.
    """

    def __init__(
        self,
        store: ImportingStore,
        body: BinaryIO,
        options: ImportOptions,
        schema: Schema,
        batch_records: int,
        *,
        hash_elsewhere: bool = False,
    ) -> None:
        self._store: Final = store
        self._body: Final = body
        self._options: Final = options
        self._schema: Final = schema
        self._batch_records: Final = batch_records
        # The rows of CSV are read by their header, which stands in the body.
        self._hash_elsewhere: Final = hash_elsewhere and options.form.format != "csv"
        self._hashes: Final = store.identifier_keys.hashes
        if self._hash_elsewhere:
            # Here, single records are read; the body is gone through elsewhere.
            form = msgspec.structs.replace(options.form, content_encoding="identity")
            body, options = BytesIO(), msgspec.structs.replace(options, form=form)
        self._reading: Final = RecordReading(body, options, schema, self._hashes.secret)

    def are_many(self) -> bool:
        """Whether most of the first records are known. Uses them up."""
        first = list(islice(self._reading.given, self._batch_records))
        known = self._find_known(hash_records(first, self._reading, self._hashes))
        return len(known) >= max(1, len(first) * _LEAST_SHARE)

    def read(self, done: int) -> Iterator[ReadRecord]:
        """The records, but for the first `done`. They must be asked for a batch at a time, and each
        batch be applied before the next: what is known is looked up for a batch.
        """
        number = done
        with self._hash_all(done) as batches:
            for batch in batches:
                known = self._find_known(batch)
                for place, each in enumerate(batch.given):
                    number += 1
                    customer = known.get(place)
                    if customer is None:
                        yield self._reading.read(number, each)
                    else:
                        yield KnownRecord(number, customer, self._reading, each)

    @contextmanager
    def _hash_all(self, done: int) -> Iterator[Iterator[HashedRecords]]:
        if self._hash_elsewhere:
            with hash_in_process(
                self._body, self._options, self._schema, done, self._hashes, self._batch_records
            ) as batches:
                yield batches
        else:
            given = islice(self._reading.given, done, None)
            rest = iter(lambda: list(islice(given, self._batch_records)), [])
            yield (hash_records(batch, self._reading, self._hashes) for batch in rest)

    def _find_known(self, batch: HashedRecords) -> dict[int, int]:
        """The customers of known records, by their place in a batch."""
        external_ids, record_hashes = batch.external_ids, batch.hashes
        self._hashes.remember([external_ids], [batch.identifier_hashes])
        found = self._store.find_record_hashes([each for each in external_ids if each is not None])
        if self._hash_elsewhere and self._reading.schema is not self._schema:
            # A record has declared or widened a field since: then the same bytes may mean another
            # thing than they did, and the other process does not know of it.
            record_hashes = [self._reading.hash(each) for each in batch.given]
        known: dict[int, int] = {}
        for place, external_id in enumerate(external_ids):
            if external_id in found:
                customer, record_hash = found[external_id]
                if record_hashes[place] == record_hash:
                    known[place] = customer
        return known
