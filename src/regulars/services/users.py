"""The users of a company, as its admins look after them (SPEC section 13).

Owns what keeps a company from being left without an admin. Passwords are those of `Access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from msgspec.structs import replace

from regulars.domain.access.credentials import Role
from regulars.errors import ConflictError, InvalidValueError, UnknownNameError

if TYPE_CHECKING:
    from regulars.domain.access.credentials import User
    from regulars.services.installation import Installation, Register


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
    _save(installation, changed, actor, is_less=user.role == "admin")
    _note(installation, user, actor, "user:role", f"{user.role} → {role}")
    return changed


def disable(installation: Installation, register: Register, email: str, *, actor: str) -> User:
    """End a user's access, and sign them out everywhere. Raises `UnknownNameError`, and
    `ConflictError` where it is the actor's own, or that of the last admin.
    """
    user = _find(installation, register, email)
    if user.disabled_at is not None:
        return user
    changed = replace(user, disabled_at=installation.now())
    _save(installation, changed, actor, is_less=True, is_admin=user.role == "admin")
    installation.store.visits.delete_visits_of(user.email)
    _note(installation, user, actor, "user:disable")
    return changed


def enable(installation: Installation, register: Register, email: str, *, actor: str) -> User:
    """Let a user sign in again. Raises `UnknownNameError`."""
    user = _find(installation, register, email)
    if user.disabled_at is None:
        return user
    changed = replace(user, disabled_at=None)
    installation.store.save_user(changed)
    _note(installation, user, actor, "user:enable")
    return changed


def _find(installation: Installation, register: Register, email: str) -> User:
    users = installation.store.load_users(register.company.short_name)
    found = next((user for user in users if user.email == email), None)
    if found is None:
        raise UnknownNameError("user of that address in this company")
    return found


def _save(
    installation: Installation, user: User, actor: str, *, is_less: bool, is_admin: bool = True
) -> None:
    """Store a user, who may do less from now on."""
    if is_less and actor == f"user:{user.email}":
        raise ConflictError("nobody can take their own access away; another admin can")
    if not (is_less and is_admin):
        installation.store.save_user(user)
    elif not installation.store.save_user_beside_admin(user):
        raise ConflictError("this is the only admin; make another user an admin first")


def _note(
    installation: Installation, user: User, actor: str, action: str, details: str = ""
) -> None:
    installation.add_audit_entry(user.company, actor, action, user.email, details)
