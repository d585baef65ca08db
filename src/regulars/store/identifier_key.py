"""The key under which an identifier is stored: 4 bits of kind, 59 bits of keyed hash.

Keys are short and alike for both engines, and say nothing without the installation's secret key.
Two identifiers may share a key: whoever looks up compares with the customer's own values.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_HASH_BITS = 59
_HASH_MASK = (1 << _HASH_BITS) - 1


def compile_identifier_key(secret: bytes) -> Callable[[int, str], int]:
    """The function (kind, value) -> key of one company.

    The hash is BLAKE2b (RFC 7693) over secret and value.
    """
    from_bytes = int.from_bytes

    def identifier_key(kind: int, value: str) -> int:
        digest = blake2b(secret + value.encode(), digest_size=8).digest()
        return kind << _HASH_BITS | from_bytes(digest, "big") & _HASH_MASK

    return identifier_key
