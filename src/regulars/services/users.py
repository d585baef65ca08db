"""The users of a company, as its admins look after them (SPEC section 13).

Owns what keeps a company from being left without an admin. Passwords are those of `Access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from msgspec.structs import replace

from regulars.domain.access.credentials import Role
from regulars.errors import ConflictError, InvalidValueError, UnknownNameError
from regulars.services.due_audit import carry_over_soon

if TYPE_CHECKING:
    from regulars.domain.access.credentials import User
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import AuditEntry


def change_role(
    installation: Installation, register: Register, email: str, role: str, *, actor: str
) -> User:
    """Give a user another role. Raises `InvalidValueError`, `UnknownNameError`, and
    `ConflictError` where it is the actor's own, or that of the last admin.
    """
    if role not in get_args(Role):
        raise InvalidValueError("role", f"one of {', '.join(get_args(Role))}")
    user = _find(installation, register, email)
    if user.role == role:
        return user
    changed = replace(user, role=role)
    entry = installation.audit_entry(actor, "user:role", email, f"{user.role} → {role}")
    _save(installation, changed, entry, is_less=user.role == "admin")
    return changed


def disable(installation: Installation, register: Register, email: str, *, actor: str) -> User:
    """End a user's access, and sign them out everywhere. Raises `UnknownNameError`, and
    `ConflictError` where it is the actor's own, or that of the last admin.
    """
    user = _find(installation, register, email)
    if user.disabled_at is not None:
        return user
    changed = replace(user, disabled_at=installation.now())
    entry = installation.audit_entry(actor, "user:disable", email)
    _save(installation, changed, entry, is_less=True, is_admin=user.role == "admin")
    installation.store.visits.delete_visits_of(user.email)
    return changed


def enable(installation: Installation, register: Register, email: str, *, actor: str) -> User:
    """Let a user sign in again. Raises `UnknownNameError`."""
    user = _find(installation, register, email)
    if user.disabled_at is None:
        return user
    changed = replace(user, disabled_at=None)
    _save(installation, changed, installation.audit_entry(actor, "user:enable", email))
    return changed


def _find(installation: Installation, register: Register, email: str) -> User:
    users = installation.store.load_users(register.company.short_name)
    found = next((user for user in users if user.email == email), None)
    if found is None:
        raise UnknownNameError("user of that address in this company")
    return found


def _save(
    installation: Installation,
    user: User,
    entry: AuditEntry,
    *,
    is_less: bool = False,
    is_admin: bool = True,
) -> None:
    """Store a user, who may do less from now on where `is_less`."""
    if is_less and entry.actor == f"user:{user.email}":
        raise ConflictError("nobody can take their own access away; another admin can")
    if not (is_less and is_admin):
        installation.store.save_user(user, entry)
    elif not installation.store.save_user_beside_admin(user, entry):
        raise ConflictError("this is the only admin; make another user an admin first")
    carry_over_soon(installation.store, user.company)
