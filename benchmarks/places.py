"""Where measured runs keep their data: a fresh place for each, gone afterwards."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tests.postgres_server import own_database, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

Engine = Literal["sqlite", "postgres"]


class Places:
    """Gives out places for runs on one engine."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self.folder = folder
        """For files that several runs read."""
        self.server_url = server_url
        """Empty for SQLite."""

    @contextmanager
    def fresh(self) -> Iterator[tuple[str, str]]:
        """A data folder and the URL of an empty database; with SQLite the URL is empty."""
        with tempfile.TemporaryDirectory(prefix="run-", dir=self.folder) as folder:
            if not self.server_url:
                yield folder, ""
                return
            with own_database(self.server_url) as database_url:
                yield folder, database_url


@contextmanager
def places(engine: Engine) -> Iterator[Places]:
    """Places in a folder of our own below `TMPDIR`, which must be on a disk that is like the one
    that data will lie on; for PostgreSQL also a server that waits for its disk.
    """
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as name:
        if engine == "sqlite":
            yield Places(Path(name), "")
            return
        with running_server(durable=True) as server_url:
            yield Places(Path(name), server_url)
