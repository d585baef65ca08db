"""The key under which an identifier is stored: 4 bits of kind, 59 bits of keyed hash.

Keys are short and alike for both engines, and say nothing without the installation's secret key.
Two identifiers may share a key: whoever looks up compares with the customer's own values.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_HASH_BITS: Final = 59
_HASH_MASK: Final = (1 << _HASH_BITS) - 1
_MEMO_ENTRIES: Final = 100_000


class _Hashes(dict[str, int]):
    """The hashes of values, remembered: what a batch looks up it mostly stores a moment later.

    A full memo is emptied: it holds the values of a few batches, about 20 MB.
    """

    __slots__ = ("_begun",)

    def __init__(self, secret: bytes) -> None:
        super().__init__()
        self._begun: Final = blake2b(secret, digest_size=8)

    def __missing__(self, value: str) -> int:
        hashing = self._begun.copy()
        hashing.update(value.encode())
        digest = int.from_bytes(hashing.digest(), "big") & _HASH_MASK
        if len(self) >= _MEMO_ENTRIES:
            self.clear()
        self[value] = digest
        return digest


def compile_identifier_key(secret: bytes) -> Callable[[int, str], int]:
    """The function (kind, value) -> key of one company.

    The hash is BLAKE2b (RFC 7693) over secret and value.
    """
    hashes = _Hashes(secret)

    def identifier_key(kind: int, value: str) -> int:
        return kind << _HASH_BITS | hashes[value]

    return identifier_key
