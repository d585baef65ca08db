"""The records of a JSON body whose keys are read as others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.imports.lenient_json import read_keys
from regulars.domain.records.spellings import fold_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from regulars.domain.imports.sources.contract import Given, Records


class RenamedRecords:
    """The records of another source: what they mean differs, how they came does not.

    `keys` are in lower case, each with the key that it is read as, or "" where it is not read.
    """

    header: tuple[str, ...] | None = None
    names: tuple[str, ...] | None = None
    delimiter = ""
    is_renamed = True

    def __init__(self, records: Records, keys: Iterable[tuple[str, str]]) -> None:
        self._records: Final = records
        self._keys: Final = dict(keys)

    def __iter__(self) -> Iterator[Given]:
        """See `Records`."""
        return iter(self._records)

    def decode(self, given: Given) -> object:
        """See `Records.decode`."""
        record = self._records.decode(given)
        if not isinstance(record, dict):
            return record
        read_as = {key: self._read_as(key) for key in record}
        kept = [key for key in record if read_as[key]]
        last_keys = {fold_key(read_as[key]): key for key in kept}
        if len(last_keys) < len(kept) and isinstance(given, bytes):
            # Of equal ones the last counts, and only what is written tells which that is.
            last_keys = {fold_key(read_as[key]): key for key in read_keys(given) if read_as[key]}
        return {read_as[key]: record[key] for key in last_keys.values()}

    def _read_as(self, key: str) -> str:
        return self._keys.get(fold_key(key), key)

    def original(self, given: Given) -> bytes | None:
        """See `Records.original`."""
        return self._records.original(given)

    def line(self, given: Given) -> int | None:
        """See `Records.line`."""
        return self._records.line(given)
