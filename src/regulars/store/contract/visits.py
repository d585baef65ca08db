"""What the store of the installation must be able to do for people in a browser: who is signed in,
and which view of a page an address means.

It is an attribute of the installation's store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Visit(msgspec.Struct, frozen=True):
    """A user signed in with one browser, from sign-in to sign-out; `email` is the user's."""

    secret_hash: bytes
    """Of the secret that the browser holds, which is not stored."""
    email: str
    began_at: datetime
    seen_at: datetime
    """When the browser last came, to a few minutes."""


class View(msgspec.Struct, frozen=True):
    """The state of a page, kept so that its address need not hold it (SPEC section 12)."""

    id: str
    company: str
    state: bytes
    """JSON; of values of customers it may hold what was searched for."""
    seen_at: datetime


class VisitStore(Protocol):
    """Visits and views."""

    def save_visit(self, visit: Visit) -> None:
        """Keep a visit, or when it was last seen."""

    def find_visit(self, secret_hash: bytes) -> Visit | None:
        """The visit of a browser."""

    def find_last_seen(self, emails: Collection[str]) -> dict[str, datetime]:
        """When each of these users last came, of those who are signed in somewhere."""

    def delete_visit(self, secret_hash: bytes) -> None:
        """The user signs out; nothing happens if there is no such visit."""

    def delete_visits_of(self, email: str) -> None:
        """A user is signed out everywhere."""

    def save_view(self, view: View) -> None:
        """Keep a view, or what has become of it and when it was last seen."""

    def find_view(self, company: str, view_id: str) -> View | None:
        """A view of a company."""

    def load_views(self, company: str) -> list[View]:
        """All views of a company, in no order."""

    def delete_view(self, company: str, view_id: str) -> None:
        """Let go of a view; nothing happens if there is no such view."""

    def delete_unseen(self, visits_before: datetime, views_before: datetime) -> None:
        """Let go of visits and views that nobody has seen since."""
