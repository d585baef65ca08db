"""The key under which an identifier is stored: 4 bits of kind, 59 bits of keyed hash.

Keys are short and alike for both engines, and say nothing without the installation's secret key.
Two identifiers may share a key: whoever looks up compares with the customer's own values.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.identity.identifiers import Entry

HASH_BITS: Final = 59
MANY_ENTRIES: Final = 100
"""From here on it pays to ask first which kinds of entries there are at all. Most companies have no
customer without an external_id, and then two of the three identifiers of every new customer cannot
be found."""
_HASH_MASK: Final = (1 << HASH_BITS) - 1
_MEMO_ENTRIES: Final = 10_000


class IdentifierHashes(dict[str, int]):
    """The hashes of values, remembered: what a batch looks up it mostly stores a moment later.

    The hash is BLAKE2b (RFC 7693) over the company's secret and the value. A full memo is emptied:
    it holds the values of a few batches, so that it stays in the processor's cache.
    """

    __slots__ = ("_begun", "secret")

    def __init__(self, secret: bytes) -> None:
        super().__init__()
        self.secret: Final = secret
        self._begun: Final = blake2b(secret, digest_size=8)

    def __missing__(self, value: str) -> int:
        hashing = self._begun.copy()
        hashing.update(value.encode())
        digest = int.from_bytes(hashing.digest(), "big") & _HASH_MASK
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        self[value] = digest
        return digest

    def make(self, values: Iterable[str | None]) -> list[int]:
        """The hashes of many values, for somebody else to remember: quicker than one by one. That
        of None is 0.
        """
        begin, from_bytes = self._begun.copy, int.from_bytes
        hashes = []
        for value in values:
            if value is None:
                hashes.append(0)
                continue
            hashing = begin()
            hashing.update(value.encode())
            hashes.append(from_bytes(hashing.digest(), "big") & _HASH_MASK)
        return hashes

    def remember(
        self, columns: Iterable[Iterable[str | None]], hashes: Iterable[Iterable[int]]
    ) -> None:
        """Take over hashes that another process made, by `make` of each column, with the same
        secret.
        """
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        for values, of_values in zip(columns, hashes, strict=True):
            self.update(zip(values, of_values, strict=True))  # type: ignore[arg-type] # None hurts nobody


class IdentifierKeys:
    """The keys of one company's identifiers."""

    def __init__(self, secret: bytes) -> None:
        self.hashes: Final = IdentifierHashes(secret)

    def __call__(self, kind: int, value: str) -> int:
        """The key of one entry."""
        return kind << HASH_BITS | self.hashes[value]

    def by_key(self, entries: Iterable[Entry]) -> dict[int, Entry]:
        """Entries by their keys."""
        hashes = self.hashes
        return {entry[0] << HASH_BITS | hashes[entry[1]]: entry for entry in entries}

    def values_by_key(self, kind: int, values: Iterable[str]) -> dict[int, str]:
        """Values of one kind by their keys."""
        hashes, high = self.hashes, int(kind) << HASH_BITS
        return {high | hashes[value]: value for value in values}

    def rows(self, identifiers: Iterable[tuple[int, list[Entry]]]) -> list[tuple[int, int]]:
        """Rows of key and customer, from the entries of each customer."""
        hashes = self.hashes
        return [
            (kind << HASH_BITS | hashes[value], number)
            for number, entries in identifiers
            for kind, value in entries
        ]
