"""One number for each customer: which permissions they gave, and which addresses they have.

Owns what its bits mean. Who can be reached is asked with almost every count: one small column is
read for it, and not five with texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from regulars.domain.fields.catalogue import PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMN: Final = "flags"
"""Its name; no field has it, as names of company fields begin with the company's."""

_ADDRESSES: Final = {
    "email": ("email",),
    "sms": ("phone_number",),
    "post": ("street_address", "street_name"),
}
"""By channel: fields of which one is enough to write to."""
_CHANNEL_OF: Final = {
    "can_email": "email", "can_sms": "sms", "can_post": "post", "can_push": "push",
}  # fmt: skip

PERMISSION_BITS: Final = {name: 1 << place for place, name in enumerate(PERMISSIONS)}
"""Set where the permission is given."""
_ADDRESS_BITS: Final = {
    channel: 1 << place for place, channel in enumerate(_ADDRESSES, start=len(PERMISSIONS))
}

REACH_BITS: Final = {
    channel: PERMISSION_BITS[permission] | _ADDRESS_BITS.get(channel, 0)
    for permission, channel in _CHANNEL_OF.items()
}
"""By channel: all of them set where it reaches the customer."""


def make_flags(arrays: Mapping[str, pa.Array], count: int) -> pa.Array:
    """The column for `count` customers, of whose fields those arrays are there that have values."""
    flags = pa.nulls(count, pa.int16()).fill_null(0)
    for name, bit in PERMISSION_BITS.items():
        if name in arrays:
            flags = _with_bit(flags, pc.fill_null(arrays[name], False), bit)  # noqa: FBT003 - its own
    for channel, names in _ADDRESSES.items():
        for name in names:
            if name in arrays:
                flags = _with_bit(flags, pc.is_valid(arrays[name]), _ADDRESS_BITS[channel])
    return flags


def is_set(bits: int) -> str:
    """That all of these bits are set, as SQL."""
    return f"{COLUMN} & {bits} = {bits}"


def add_up(counted: Iterable[tuple[int, int]], wanted: Mapping[str, int]) -> dict[str, int]:
    """How many customers have all bits of each of the wanted, where it was counted how many have
    the very same flags.
    """
    sums = dict.fromkeys(wanted, 0)
    for flags, customers in counted:
        for name, bits in wanted.items():
            if flags & bits == bits:
                sums[name] += customers
    return sums


def _with_bit(flags: pa.Array, where: pa.Array, bit: int) -> pa.Array:
    number = pc.multiply(where.cast(pa.int16()), pa.scalar(bit, pa.int16()))
    return pc.bit_wise_or(flags, number)
