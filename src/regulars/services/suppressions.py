"""The suppression list: looking at it, and lifting an entry (SPEC section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.errors import InvalidValueError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.domain.customers.change import HashAddress
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportingStore

_HIGHEST_ID: Final = 2**63 - 1


def find_suppressed(
    store: ImportingStore, hash_address: HashAddress, addresses: Iterable[str]
) -> set[str]:
    """Those of some canonical addresses that are suppressed now."""
    hashes = {hash_address(address): address for address in addresses}
    return {hashes[digest] for digest in store.find_suppressed(hashes)} if hashes else set()


def lift_suppression(
    installation: Installation,
    register: Register,
    suppression_id: int,
    reason: str,
    *,
    actor: str,
) -> None:
    """Let records with a suppressed address apply again. Raises `InvalidValueError` without a
    reason, `UnknownNameError` where there is no such entry in force.
    """
    reason = " ".join(reason.split())
    if not reason or not reason.isprintable():
        raise InvalidValueError("reason", "say why the suppression is lifted")
    subject = f"suppression {suppression_id}"
    entry = installation.audit_entry(actor, "suppression:lift", subject, reason)
    with register.store.lock():
        is_id = 0 < suppression_id <= _HIGHEST_ID
        if not is_id or not register.store.lift_suppression(suppression_id, entry, reason):
            raise UnknownNameError("suppression in force", str(suppression_id))
