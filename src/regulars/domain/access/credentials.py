"""Users and tokens, as values (SPEC section 13).

Owns their shapes, and how secrets of tokens are hashed. Must not know HTTP or the store.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, Literal

import msgspec

if TYPE_CHECKING:
    from datetime import datetime

Role = Literal["admin", "planner", "viewer"]
ROLES: Final[tuple[Role, ...]] = ("admin", "planner", "viewer")


class User(msgspec.Struct, frozen=True):
    """A person of one company. `email` is in canonical form, unique in the installation."""

    email: str
    company: str
    role: Role
    password_hash: str
    created_at: datetime
    disabled_at: datetime | None = None


class Token(msgspec.Struct, frozen=True):
    """A secret for programs of one company; only its hash is kept.

    Without scopes it may upload, read, and follow imports, nothing else.
    """

    id: str
    company: str
    name: str
    secret_hash: bytes
    scopes: tuple[str, ...]
    owner_id: str
    """Whom the token belongs to, such as `integrations/ID`."""
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Integration(msgspec.Struct, frozen=True):
    """A program that tokens can be made for."""

    id: str
    company: str
    name: str
    description: str
    created_by: str
    created_at: datetime


def hash_token_secret(secret: str) -> bytes:
    """The hash under which a secret is kept. A secret is random, so that a fast hash is safe."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
