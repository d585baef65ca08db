"""Visits: users signed in with a browser (SPEC section 13).

Owns how long a visit lasts. Must not know cookies.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.access.credentials import hash_token_secret
from regulars.store.contract.visits import Visit

if TYPE_CHECKING:
    from regulars.domain.access.credentials import User
    from regulars.services.access import Access
    from regulars.services.installation import Installation

LONGEST: Final = timedelta(days=30)
"""From sign-in, however busy the visit."""
IDLE: Final = timedelta(hours=12)
"""From the last page that was asked for."""
VIEWS_KEPT: Final = timedelta(days=90)
"""Since somebody last looked at them (SPEC section 12)."""
_SEEN_EVERY: Final = timedelta(minutes=5)
"""Not each page is worth a commit."""


class Visits:
    """The visits of an installation's users."""

    def __init__(self, installation: Installation, access: Access) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store
        self._access: Final = access

    def begin(self, email: str, password: str, network_address: str) -> str:
        """Sign a user in; gives the secret that the browser is to hold.

        Raises `AuthenticationError`, `TooManyAttemptsError`.
        """
        user = self._access.authenticate_user(email, password, network_address)
        secret = secrets.token_urlsafe(32)
        now = self._installation.now()
        self._store.visits.save_visit(Visit(hash_token_secret(secret), user.email, now, now))
        return secret

    def find_user(self, secret: str) -> User | None:
        """The user whose browser holds this secret, as long as the visit lasts."""
        visit = self._store.visits.find_visit(hash_token_secret(secret))
        if visit is None:
            return None
        now = self._installation.now()
        if visit.seen_at + IDLE <= now or visit.began_at + LONGEST <= now:
            return None
        user = self._store.find_user(visit.email)
        if user is None or user.disabled_at is not None:
            return None
        if visit.seen_at + _SEEN_EVERY <= now:
            self._store.visits.save_visit(msgspec.structs.replace(visit, seen_at=now))
        return user

    def delete_unseen(self) -> None:
        """Let go of visits that have ended by themselves, and of views that nobody looks at."""
        now = self._installation.now()
        self._store.visits.delete_unseen(now - IDLE, now - VIEWS_KEPT)

    def end(self, secret: str) -> None:
        """Sign a user out, with this browser."""
        self._store.visits.delete_visit(hash_token_secret(secret))
