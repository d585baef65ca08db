"""Bodies of accepted uploads, as files beside the company's database.

A body is on the disk before its upload is accepted, and gone when its import has ended.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.errors import StorageFullError
from regulars.store.contract.company import DRAFT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from io import BufferedWriter
    from pathlib import Path

_ID: Final = re.compile(r"[0-9a-z]+")
_CANNOT_WRITE: Final = "the disk is full or cannot be written"
_SYNC_BYTES: Final = 32 * 1024 * 1024
"""So much is made durable on the way, so that the end of a large body need not wait for all."""


class Spool:
    """The folder of one company's bodies."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    @contextmanager
    def create(self, import_id: str) -> Iterator[_Writer]:
        """Keep a body: durable when the block ends, gone if it raises."""
        path = self._path(import_id)
        try:
            file = path.open("xb")
        except FileExistsError:
            raise  # another upload's, which must stay
        except OSError as error:
            raise StorageFullError(_CANNOT_WRITE) from error
        writer = _Writer(file)
        try:
            yield writer
            writer.finish()
            self._sync_folder()
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise
        finally:
            # What cannot be written any more was told above.
            with suppress(OSError):
                file.close()

    def open(self, import_id: str) -> BinaryIO:
        """The body from its beginning. Raises `FileNotFoundError`."""
        return self._path(import_id).open("rb")

    def remove(self, import_id: str) -> None:
        """Let go of the body, if it is there."""
        with suppress(FileNotFoundError):
            self._path(import_id).unlink()

    def sweep(self, import_ids: Collection[str], age_seconds: int, draft_age_seconds: int) -> None:
        """Let go of bodies older than that which belong to none of these imports."""
        now = time.time()
        for path in self._folder.iterdir():
            age = draft_age_seconds if path.name.startswith(DRAFT) else age_seconds
            with suppress(FileNotFoundError):
                if path.name not in import_ids and path.stat().st_mtime < now - age:
                    path.unlink()

    def _path(self, import_id: str) -> Path:
        if not _ID.fullmatch(import_id):
            raise ValueError(import_id)
        return self._folder / import_id

    def _sync_folder(self) -> None:
        # The name of a new file is durable only when its folder is.
        with _translated_errors():
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


class _Writer:
    """A file that is written."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file: Final = file
        self._unsynced_bytes = 0
        with _translated_errors():
            os.fchmod(file.fileno(), 0o600)

    def write(self, part: bytes) -> None:
        with _translated_errors():
            self._file.write(part)
            self._unsynced_bytes += len(part)
            if self._unsynced_bytes >= _SYNC_BYTES:
                self._sync()

    def finish(self) -> None:
        with _translated_errors():
            self._sync()

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsynced_bytes = 0


@contextmanager
def _translated_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFullError(_CANNOT_WRITE) from error
