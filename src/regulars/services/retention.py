"""Purging customers that were deleted long ago (SPEC section 6).

Owns what is left of them: external_id, state, and the times of their history.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from regulars.domain.customers.customer import encode_fields
from regulars.domain.identity.identifiers import identifier_entries
from regulars.services.import_batch import erase_rows
from regulars.store.contract.retention import Purge
from regulars.store.contract.values import STATE_NUMBERS

if TYPE_CHECKING:
    from regulars.domain.customers.customer import Customer, Fields
    from regulars.services.installation import Installation, Register

ACTOR: Final = "retention"
PAGE_CUSTOMERS: Final = 1_000
"""Purged in one transaction."""
_KEPT: Final = ("external_id", "is_deleted")

_DELETED: Final = STATE_NUMBERS["deleted"]


def purge_deleted(installation: Installation, register: Register) -> int:
    """Purge the customers that were deleted longer ago than they are kept; gives how many.

    The caller holds the company's lock.
    """
    store = register.store
    before = installation.now() - timedelta(days=register.settings.deleted_days)
    purged = 0
    while ids := store.retention.find_purgeable(before, PAGE_CUSTOMERS):
        customers = store.load_customers(ids)
        store.retention.save_purge(_plan_purge(installation, register, customers))
        purged += len(customers)
    return purged


def _plan_purge(installation: Installation, register: Register, customers: list[Customer]) -> Purge:
    ids = [customer.id for customer in customers]
    return Purge(
        updated=[
            (each.id, each.version, _DELETED, encode_fields(_kept(each.fields)), None)
            for each in customers
        ],
        identifiers_removed=[
            (each.id, [entry for entry in identifier_entries(each.fields) if entry not in kept])
            for each in customers
            for kept in [identifier_entries(_kept(each.fields))]
        ],
        blanked=erase_rows(register.store.load_changes(ids), register.hash_address),
        audit_entry=installation.audit_entry(
            ACTOR, "customer:purge", f"{len(customers)} customers", "deleted long ago"
        ),
        last_version=max(customer.version for customer in customers),
    )


def _kept(fields: Fields) -> Fields:
    return {name: fields[name] for name in _KEPT if name in fields}
