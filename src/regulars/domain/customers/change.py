"""One entry of a customer's history (SPEC section 8).

Owns what a change keeps, and what is left of it once the person is forgotten. Must not know how
history is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.domain.customers.customer import decode_fields
from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION, PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from regulars.domain.fields.types import Value

    HashAddress = Callable[[str], str]

FieldValues = dict[str, "Value | None"]


class PermissionProof(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a change of a permission is proved by, where the change itself does not say it.

    `decision` None is a withdrawal by removal. After a person is forgotten the address is replaced
    by its keyed hash.
    """

    decision: bool | None
    address: str | None = None
    address_hash: str | None = None


class Change(msgspec.Struct, gc=False):
    """A change of one customer.

    `before` holds the former values of the fields that it wrote, `after` the new ones, None for a
    removed field. `before` is None where the change made the customer.
    """

    version: int
    customer_id: int
    record: int
    before: FieldValues | None
    after: FieldValues
    proofs: dict[str, PermissionProof] | None = None
    document: bytes | None = None
    """Canonical JSON in place of `after`, where that was never taken apart."""

    @property
    def written(self) -> FieldValues:
        """`after`, wherever it stands."""
        return self.after if self.document is None else decode_fields(self.document)


def permission_proofs(
    after: Mapping[str, Value | None], fields: Mapping[str, Value]
) -> dict[str, PermissionProof] | None:
    """Proofs to keep with a change that writes `after`, leaving the customer with `fields`.

    None where the change says itself for which address a permission was given.
    """
    proofs = {
        permission: PermissionProof(_decision(after[permission]), _text(fields.get(address)))
        for permission, address in ADDRESS_OF_PERMISSION.items()
        if permission in after and address not in after and address in fields
    }
    return proofs or None


def erase_change(change: Change, hash_address: HashAddress) -> Change:
    """What is left of a change once its customer is forgotten: names of fields, and for
    permissions the decision with the hash of the address (SPEC section 7).
    """
    proofs = dict(change.proofs or {})
    after = change.written
    for permission in PERMISSIONS:
        if permission not in after or after[permission] is None:
            continue
        if permission not in proofs:
            address = after.get(ADDRESS_OF_PERMISSION.get(permission, ""))
            proofs[permission] = PermissionProof(_decision(after[permission]), _text(address))
    erased = {permission: erase_proof(proof, hash_address) for permission, proof in proofs.items()}
    return Change(
        change.version,
        change.customer_id,
        change.record,
        None if change.before is None else _names_only(change.before),
        _names_only(after),
        erased or None,
    )


def erase_proof(proof: PermissionProof, hash_address: HashAddress) -> PermissionProof:
    """A proof with the hash of its address in place of the address."""
    if proof.address is None:
        return proof
    return PermissionProof(proof.decision, None, hash_address(proof.address))


def _names_only(values: FieldValues) -> FieldValues:
    # What a forgotten customer still has stands in its history too.
    kept = ("external_id", "is_forgotten", "is_deleted")
    return {name: value if name in kept else None for name, value in values.items()}


def _decision(value: Value | None) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: Value | None) -> str | None:
    return value if isinstance(value, str) else None
