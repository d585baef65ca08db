"""Bodies of accepted uploads, as files beside the company's database.

A body is on the disk before its upload is answered, and gone when its import has ended.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.errors import StorageFullError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from io import BufferedWriter
    from pathlib import Path

_ID: Final = re.compile(r"[0-9a-z]+")
_CANNOT_WRITE: Final = "the disk is full or cannot be written"


class Spool:
    """The folder of one company's bodies."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder
        folder.mkdir(mode=0o700, exist_ok=True)

    def write(self, import_id: str, parts: Iterable[bytes]) -> None:
        """Keep a body, durably. Raises `StorageFullError`, with nothing kept."""
        path = self._path(import_id)
        try:
            file = path.open("xb")
        except FileExistsError:
            raise  # another upload's, which must stay
        except OSError as error:
            raise StorageFullError(_CANNOT_WRITE) from error
        try:
            self._fill(file, parts)
        except BaseException as error:
            with suppress(OSError):
                path.unlink()
            if isinstance(error, OSError):
                raise StorageFullError(_CANNOT_WRITE) from error
            raise

    def _fill(self, file: BufferedWriter, parts: Iterable[bytes]) -> None:
        with file:
            os.fchmod(file.fileno(), 0o600)
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        self._sync_folder()

    def open(self, import_id: str) -> BinaryIO:
        """The body from its beginning. Raises `FileNotFoundError`."""
        return self._path(import_id).open("rb")

    def remove(self, import_id: str) -> None:
        """Let go of the body, if it is there."""
        with suppress(FileNotFoundError):
            self._path(import_id).unlink()

    def sweep(self, import_ids: Collection[str], age_seconds: int) -> None:
        """Let go of bodies older than that which belong to none of these imports."""
        newest = time.time() - age_seconds
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if path.name not in import_ids and path.stat().st_mtime < newest:
                    path.unlink()

    def _path(self, import_id: str) -> Path:
        if not _ID.fullmatch(import_id):
            raise ValueError(import_id)
        return self._folder / import_id

    def _sync_folder(self) -> None:
        # The name of a new file is durable only when its folder is.
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
