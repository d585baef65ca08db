"""What an applied plan has left alone, kept for the case that it is interrupted.

Stored among the parts of the plan, before its first record, and goes with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.left_alone import LeftAlone, LeftAlonePart

if TYPE_CHECKING:
    from regulars.domain.customers.change import HashAddress
    from regulars.store.contract import CompanyStore, ImportRun

_FIRST: Final = -(2**62)
_LAST: Final = -1
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(LeftAlonePart).decode


def load_left_alone(
    store: CompanyStore, import_number: int, hash_address: HashAddress
) -> LeftAlone:
    """What an import has left alone so far."""
    left_alone = LeftAlone(hash_address)
    for part in store.plans.load_parts(import_number, _FIRST, _LAST):
        left_alone.give_part(_decode(part))
    return left_alone


def save_left_alone(store: CompanyStore, run: ImportRun, left_alone: LeftAlone) -> None:
    """Store what is new, in the transaction of the batches that left it alone."""
    part = left_alone.take_part()
    if part is not None:
        place = -run.report.records
        store.plans.add_part(run.number, place, place, _encode(part))
