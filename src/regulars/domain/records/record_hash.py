"""Knowing a record again that was applied before, by a hash of it as it came.

Owns what the hash depends on: whatever may make the same bytes mean something else. Must not know
where hashes are kept.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.body_form import BodyForm

_READING: Final = 1
"""Rises when a record is read in another way than before: then no old hash counts any more."""
_HASH_BITS: Final = 63


def compile_record_hash(
    secret: bytes, schema: Schema, form: BodyForm, names: tuple[str, ...] | None
) -> Callable[[bytes], int]:
    """The function record -> hash, of 63 bits, for the records of one body; `names` are the keys
    that the cells of CSV are read as.

    The hash is BLAKE2b (RFC 7693) over the secret, the company's fields, timezone and country, how
    the body is written, and the record's own bytes.
    """
    context = schema.context
    meaning = msgspec.json.encode(
        (
            _READING,
            context.timezone.key,
            context.country,
            sorted(schema.company_fields.items()),
            (form.format, form.clear_empty_cells, names, *form.keys, *form.delimiter),
        )
    )
    begun = blake2b(meaning, key=secret, digest_size=8)

    def record_hash(record: bytes) -> int:
        hashing = begun.copy()
        hashing.update(record)
        return int.from_bytes(hashing.digest(), "big") >> (64 - _HASH_BITS)

    return record_hash
