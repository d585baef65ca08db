"""Files of the embedded engine are nobody else's to read."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

from regulars.store.sqlite.database import Database

if TYPE_CHECKING:
    from pathlib import Path


def test_only_the_owner_may_read_the_files_of_a_database(tmp_path: Path) -> None:
    database = Database(tmp_path / "installation.db", "installation")
    with database.write() as connection:
        connection.execute("INSERT INTO secret_check (value) VALUES (x'00')")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    database.close()
    assert modes == {
        "installation.db": 0o600,
        "installation.db-wal": 0o600,
        "installation.db-shm": 0o600,
    }
