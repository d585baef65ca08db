"""Importing a file that lies here, as commands do: at once, or by way of a plan or a hold.

Owns which way a file takes. One that may have to wait is spooled first: nobody can say whether the
file will still be there.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, BinaryIO, Final

from regulars.domain.imports.hold import HoldCounter
from regulars.domain.imports.sources import open_records
from regulars.errors import RegularsError
from regulars.services.import_status import KEPT
from regulars.services.plan_settings import read_hold_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.report import Report
    from regulars.services.imports import Imports
    from regulars.services.installation import Register
    from regulars.settings import Settings
    from regulars.store.contract import ImportRun

_PIECE_BYTES: Final = 1024 * 1024
_LOOK_SECONDS: Final = 0.2


class Watcher:
    """Whoever wants to know how far an import has come; this one does not."""

    def count(self, records: int) -> None:
        """A file that is imported at once has so many records."""

    def show(self, report: Report) -> None:
        """It has come so far."""

    def follow(self, run: ImportRun) -> None:
        """An import that takes its turn in the line is as it is now. Called by another thread."""


def import_file(  # noqa: PLR0913 - a file, how, and on whose behalf
    imports: Imports,
    register: Register,
    file: BinaryIO,
    options: ImportOptions,
    *,
    size_bytes: int,
    actor: str,
    watcher: Watcher,
) -> ImportRun:
    """Import a file from its beginning, in its turn; gives the import, which may be planned or
    held. Raises `MalformedBodyError`; then nothing was applied.
    """
    is_to_wait = options.is_dry_run
    if not is_to_wait:
        is_to_wait, options = _look_through(file, options, register.settings, watcher.count)
    file.seek(0)
    if not is_to_wait:
        return imports.run_file(register, file, options, size_bytes, actor, watcher.show)
    accepted = imports.acceptance.receive(register, _pieces(file), options, actor)
    return run_to_its_end(imports, register, accepted.id, watcher)


def run_to_its_end(
    imports: Imports, register: Register, import_id: str, watcher: Watcher
) -> ImportRun:
    """Run what waits until an import has left the line; where a server is at work, wait for it."""
    with _followed(imports, register, import_id, watcher):
        while True:
            imports.run_waiting(register)
            run = imports.find(register, import_id)
            if run.status in KEPT or run.status not in ("queued", "running"):
                return run
            time.sleep(_LOOK_SECONDS)


@contextmanager
def _followed(
    imports: Imports, register: Register, import_id: str, watcher: Watcher
) -> Iterator[None]:
    """Have a watcher told how an import is getting on, whoever runs it."""
    is_over = Event()

    def look() -> None:
        while not is_over.wait(_LOOK_SECONDS):
            # What fails here fails for whoever runs it as well, who says so.
            with suppress(RegularsError):
                watcher.follow(imports.find(register, import_id))

    looking = Thread(target=look, name=f"watch {import_id}", daemon=True)
    looking.start()
    try:
        yield
    finally:
        is_over.set()
        looking.join()


def _look_through(
    file: BinaryIO,
    options: ImportOptions,
    settings: Settings,
    on_count: Callable[[int], None],
) -> tuple[bool, ImportOptions]:
    """Whether an import of a file might be held, and its options with what the file told."""
    counter = HoldCounter(
        read_hold_limits(settings), customers_per_record=settings.customers_per_record
    )
    records = open_records(file, options.form, unpacked_bytes_limit=settings.unpacked_bytes)
    on_count(counter.feed_all(records))
    return counter.could_hold(), options.with_delimiter(records.delimiter)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece
