"""What forgetting takes from a customer, and which addresses it suppresses (SPEC section 7).

Owns what is left of a forgotten customer. Must not know outcomes, nor how anything is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.domain.customers.change import FieldValues, PermissionProof, erase_proof
from regulars.domain.customers.customer import Fields
from regulars.domain.fields.catalogue import ADDRESS_OF_PERMISSION, PERMISSIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.domain.customers.change import HashAddress
    from regulars.domain.customers.customer import WorkingCustomer
    from regulars.domain.fields.types import Value
    from regulars.domain.identity.register import Register
    from regulars.domain.records.read_record import ReadRecord


class Emptying(msgspec.Struct, frozen=True):
    """The fields that a forgotten customer keeps, and its last change: names without values, and
    the proofs of its permissions without addresses.
    """

    fields: Fields
    before: FieldValues
    after: FieldValues
    proofs: dict[str, PermissionProof] | None


def find_addresses(
    record: ReadRecord, meant: list[WorkingCustomer], register: Register
) -> set[str]:
    """The addresses that a forget request names, and all that the customers it means ever had."""
    named = {address for address in (record.email, record.phone_number) if address is not None}
    return named.union(*(register.find_former_addresses(customer) for customer in meant))


def plan_emptying(
    fields: Mapping[str, Value], external_id: str | None, hash_address: HashAddress
) -> Emptying:
    """Take every value but the external_id from a customer with `fields`.

    An unregistered customer becomes registered by the `external_id` of the request, so that later
    records for it are known.
    """
    kept: Fields = {"is_forgotten": True}
    external_id = fields.get("external_id", external_id)  # type: ignore[assignment]
    if external_id is not None:
        kept["external_id"] = external_id
    lost: FieldValues = {name: None for name in fields if name not in kept}
    after: FieldValues = lost | {name: kept[name] for name in kept if name not in fields}
    return Emptying(kept, lost, after, _proofs(fields, hash_address) or None)


def _proofs(fields: Mapping[str, Value], hash_address: HashAddress) -> dict[str, PermissionProof]:
    """Each permission that the customer had is withdrawn for the address it was given for."""
    proofs = {}
    for permission in PERMISSIONS:
        if permission in fields:
            address = fields.get(ADDRESS_OF_PERMISSION.get(permission, ""))
            proof = PermissionProof(None, address if isinstance(address, str) else None)
            proofs[permission] = erase_proof(proof, hash_address)
    return proofs
