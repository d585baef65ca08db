"""The permission ledger: who allowed what, when, for which address, and by what (SPEC section 8).

Owns how it is read out of a customer's history; it is kept nowhere else. Must not know how history
is stored, nor who made a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.customers.change import PermissionProof
from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION, PERMISSIONS

if TYPE_CHECKING:
    from regulars.domain.fields.types import Value

_decode_proofs: Final = msgspec.json.Decoder(dict[str, PermissionProof]).decode


class Decision(msgspec.Struct, frozen=True):
    """One decision on one permission.

    `decision` is None where a permission was made unset again, which counts as a withdrawal.
    `address` is the one that it was given for, of the permissions that belong to one; after the
    person is forgotten, its keyed hash stands in its place.
    """

    version: int
    permission: str
    decision: bool | None
    address: str | None = None
    address_hash: str | None = None


def read_decisions(
    version: int, after: Mapping[str, Value | None], proofs: bytes | None
) -> list[Decision]:
    """The decisions in one change, from what it wrote and the proofs that are kept with it."""
    known = {} if proofs is None else _decode_proofs(proofs)
    decisions = []
    for permission in PERMISSIONS:
        if permission in known:
            proof = known[permission]
            decisions.append(
                Decision(version, permission, proof.decision, proof.address, proof.address_hash)
            )
        elif permission in after:
            value = after[permission]
            address = after.get(ADDRESS_OF_PERMISSION.get(permission, ""))
            decisions.append(
                Decision(
                    version,
                    permission,
                    value if isinstance(value, bool) else None,
                    address if isinstance(address, str) else None,
                )
            )
    return decisions
