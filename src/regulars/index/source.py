"""What an index is a copy of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.store.contract import CompanyStore


class Source(Protocol):
    """The register of one company."""

    @property
    def store(self) -> CompanyStore:
        """Where its customers are."""

    @property
    def sample_salt(self) -> bytes:
        """What the numbers of customers for samples are made with."""

    def load_schema(self) -> Schema:
        """The company's fields as they are now."""
