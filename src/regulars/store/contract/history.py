"""What the store of one company must be able to tell of the past of a customer.

It is an attribute of the company's store.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class HistoryRow(msgspec.Struct, frozen=True):
    """A change of a customer: when it was, what made it, and what it wrote."""

    version: int
    at: datetime
    import_id: str
    actor: str
    """Who sent the import."""
    record: int
    before: bytes | None
    """JSON of the values that it replaced; None where it made the customer."""
    after: bytes
    """JSON of the values that it wrote."""
    proofs: bytes | None
    """JSON of what permissions were given for, where the change itself does not say it."""


class HistoryStore(Protocol):
    """The past of customers."""

    def load(self, customer_id: int) -> list[HistoryRow]:
        """All changes of a customer, in order of version."""
