"""The composition root: from settings to an open installation and to the ASGI application.

The only module that knows every ring.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

from regulars.domain.privacy.secret import check_value, identifier_secret
from regulars.errors import SecretKeyError, StorageFullError
from regulars.index_socket.nearest import NearestIndexes
from regulars.index_socket.server import IndexSocket
from regulars.index_socket.server_lock import ServerLock
from regulars.services.access import Access
from regulars.services.daily_counts import AT_ONCE, OTHERS_FIRST, count_segments
from regulars.services.imports import Imports
from regulars.services.installation import FollowedRegister, Installation
from regulars.services.segments import Segments
from regulars.services.visits import Visits
from regulars.settings import Settings, data_folder
from regulars.store.sqlite.installation_store import SqliteInstallationStore
from regulars.worker.process import WorkerProcess
from regulars.worker.program import Worker

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from regulars.edge.answers import AsgiApp
    from regulars.index.awaited_indexes import AwaitedIndexes
    from regulars.index.company_indexes import CompanyIndexes
    from regulars.services.index_access import IndexAccess
    from regulars.services.open_indexes import OpenIndexes
    from regulars.store.contract import InstallationStore
    from regulars.worker.channel import Channel

_LEAST_KEY_CHARACTERS: Final = 32
_INDEX_FOLDER: Final = "index"
_INDEX_CLOSE_SECONDS: Final = 1.0
"""After the worker has ended. A file that is not closed by then is brought in order when it is
opened the next time.
"""


def open_installation(settings: Settings) -> Installation:
    """Open the installation that the settings name, making it if it is new.

    Raises `SecretKeyError`, `SettingsError`, `StorageFullError`, `StoreUnavailableError`.
    """
    folder = data_folder(settings)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"the data folder {folder} cannot be made"
        raise StorageFullError(msg) from error
    key, is_new = _load_secret_key(settings, folder / "secret.key")
    store = _open_store(settings, folder, key)
    if not store.check_secret_key(check_value(key)):
        store.close()
        if is_new:
            (folder / "secret.key").unlink()
            msg = "the secret key that the data was made with is missing"
            raise SecretKeyError(msg)
        msg = "the secret key is not the one that the data was made with"
        raise SecretKeyError(msg)
    return Installation(store, settings, key, lambda: datetime.now(UTC))


def create_app(installation: Installation) -> AsgiApp:
    """The ASGI application, with what runs beside it: a worker process for the imports that it
    accepts, the indexes, and the socket by which commands ask them.

    Raises `ConflictError` where another server runs on the data folder.
    """
    # Commands need no web framework and no index, which take long to load.
    from regulars.api.application import create_api  # noqa: PLC0415
    from regulars.edge.front import Front  # noqa: PLC0415
    from regulars.edge.services import Services  # noqa: PLC0415
    from regulars.index.awaited_indexes import AwaitedIndexes  # noqa: PLC0415
    from regulars.services.customer_search import CustomerSearch  # noqa: PLC0415
    from regulars.services.open_indexes import OpenIndexes  # noqa: PLC0415
    from regulars.web.application import create_pages  # noqa: PLC0415

    folder = data_folder(installation.settings)
    lock = ServerLock(folder)
    indexes = AwaitedIndexes(lambda: _open_indexes(installation))
    segments = Segments(installation)
    socket = IndexSocket(folder, OpenIndexes(installation, indexes, segments))
    worker = WorkerProcess(installation.store, _worker_command)
    beside = _Beside(lock, indexes, socket, worker)
    access = Access(installation)
    services = Services(
        installation,
        access,
        Visits(installation, access),
        Imports(installation),
        segments,
        CustomerSearch(installation, indexes, segments),
        worker.run,
    )
    return Front(create_api(services, beside.start, beside.stop), create_pages(services))


class _Beside:
    """What runs beside the web application, from its start to its end."""

    def __init__(
        self, lock: ServerLock, indexes: AwaitedIndexes, socket: IndexSocket, worker: WorkerProcess
    ) -> None:
        self._lock: Final = lock
        self._indexes: Final = indexes
        self._socket: Final = socket
        self._worker: Final = worker

    def start(self) -> None:
        self._indexes.start()
        self._socket.start()
        self._worker.start()

    def stop(self) -> None:
        self._socket.stop()
        closing = Thread(target=self._indexes.close, name="index-close", daemon=True)
        closing.start()
        self._worker.stop()
        closing.join(_INDEX_CLOSE_SECONDS)
        self._lock.release()


def create_worker(installation: Installation, channel: Channel | None) -> Worker:
    """What a worker process runs; `channel` leads to the web process that started it."""
    delay = OTHERS_FIRST if channel is None else AT_ONCE

    def count(company: str) -> None:
        register = installation.open_register(company)
        with nearest_indexes(installation) as indexes:
            count_segments(installation, register, indexes, delay=delay)

    return Worker(installation, channel, count)


@contextmanager
def nearest_indexes(installation: Installation) -> Iterator[IndexAccess]:
    """The indexes for the block: those of the running server, else opened by this process."""
    folder = data_folder(installation.settings)
    nearest = NearestIndexes(folder, lambda: own_indexes(installation))
    try:
        yield nearest
    finally:
        nearest.close()


def own_indexes(installation: Installation) -> OpenIndexes:
    """The indexes, opened by this process. Raises `ConflictError` where another one has them."""
    from regulars.services.open_indexes import OpenIndexes  # noqa: PLC0415 - as above

    return OpenIndexes(installation, _open_indexes(installation), Segments(installation))


def _open_indexes(installation: Installation) -> CompanyIndexes:
    """Hold the folder of the indexes. Raises `ConflictError` where another process does."""
    from regulars.index.company_index import IndexSettings  # noqa: PLC0415
    from regulars.index.company_indexes import CompanyIndexes  # noqa: PLC0415
    from regulars.index.database import Resources  # noqa: PLC0415

    settings = installation.settings
    return CompanyIndexes(
        data_folder(settings) / _INDEX_FOLDER,
        partial(FollowedRegister, installation),
        IndexSettings(_build_command, Resources(settings.index_memory_mib)),
    )


def _build_command(company: str, path: Path) -> list[str]:
    return [sys.executable, "-m", "regulars.cli.index_build", company, str(path)]


def _worker_command(file: int) -> list[str]:
    return [sys.executable, "-m", "regulars.cli.worker", str(file)]


def http_connection() -> type[asyncio.Protocol]:
    """What speaks HTTP with a client, for the server that the application runs in."""
    from regulars.api.connection import Connection  # noqa: PLC0415 - as above

    return Connection


def _open_store(settings: Settings, folder: Path, key: bytes) -> InstallationStore:
    def derive(company: str) -> bytes:
        return identifier_secret(key, company)

    if settings.database_url:
        # The driver is loaded only where it is used: it takes longer than all else.
        from regulars.store.postgres.installation_store import (  # noqa: PLC0415
            PostgresInstallationStore,
        )

        return PostgresInstallationStore(settings.database_url, derive)
    return SqliteInstallationStore(folder, derive)


def _load_secret_key(settings: Settings, path: Path) -> tuple[bytes, bool]:
    """The secret key, and whether it was made just now."""
    is_new = False
    text = settings.secret_key
    if not text:
        if not path.exists():
            _write_secret_key(path)
            is_new = True
        try:
            text = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeError) as error:
            msg = "the file secret.key cannot be read"
            raise SecretKeyError(msg) from error
    if len(text) < _LEAST_KEY_CHARACTERS:
        msg = f"the secret key has fewer than {_LEAST_KEY_CHARACTERS} characters"
        raise SecretKeyError(msg)
    return text.encode(), is_new


def _write_secret_key(path: Path) -> None:
    """Make a key file under another name first: whoever finds the file finds it whole."""
    draft = path.with_name(f"secret.key.{secrets.token_hex(4)}")
    try:
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as stream:
            stream.write(f"{secrets.token_hex(32)}\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was quicker: its key is the key.
        finally:
            draft.unlink()
    except OSError as error:
        msg = "the file secret.key cannot be written"
        raise StorageFullError(msg) from error
