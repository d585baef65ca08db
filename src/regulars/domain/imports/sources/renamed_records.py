"""The records of a JSON body whose keys are read as others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
        renamed: dict[object, object] = {}
        for key, value in record.items():
            read_as = self._keys.get(key.strip().lower(), key)
            if read_as:
                renamed[read_as] = value
        return renamed

    def original(self, given: Given) -> bytes | None:
        """See `Records.original`."""
        return self._records.original(given)

    def line(self, given: Given) -> int | None:
        """See `Records.line`."""
        return self._records.line(given)
