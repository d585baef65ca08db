"""Where a test's installation is stored: a folder for SQLite, a database for PostgreSQL.

Owns the opening of either engine, from the test's process and from others.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from regulars.store.postgres.installation_store import PostgresInstallationStore
from regulars.store.sqlite.installation_store import SqliteInstallationStore

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore


class Place(NamedTuple):
    """One engine, and the folder or URL that it is opened with."""

    engine: Literal["sqlite", "postgres"]
    address: str

    def open(self) -> InstallationStore:
        if self.engine == "sqlite":
            return SqliteInstallationStore(Path(self.address), derive_secret)
        return PostgresInstallationStore(self.address, derive_secret)


def derive_secret(short_name: str) -> bytes:
    return b"secret of " + short_name.encode()
