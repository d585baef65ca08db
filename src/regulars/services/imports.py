"""Imports: accepting uploads, running them in order, telling how they went (SPEC section 4).

Owns the line of waiting imports of each company. An upload is kept durably before anything of it
is applied; whoever holds the company's lock applies what waits, in the order of acceptance.
"""

from __future__ import annotations

import logging
import secrets
from threading import Event
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.report import Report
from regulars.domain.imports.sources import read_json_records, read_ndjson_records
from regulars.errors import RegularsError, UnknownNameError
from regulars.services.import_run import ImportRunner, ImportSettings
from regulars.store.contract import ImportRun, QueuedImport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import BinaryIO

    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportFormat

_ID_BYTES: Final = 8
_SPOOL_PART_BYTES: Final = 1024 * 1024


log: Final = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 - it is no error
    """The process ends: an import stopped between two batches."""


class Imports:
    """The imports of all companies of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store
        self._stop: Final = Event()

    def stop(self) -> None:
        """Have every running import stop after its batch; it goes on at the next start."""
        self._stop.set()

    def accept(
        self, register: Register, body: bytes, import_format: ImportFormat, actor: str
    ) -> QueuedImport:
        """Accept an upload: checked to its end, and durable once this returns.

        Raises `MalformedBodyError`, `StorageFullError`; then nothing was accepted.
        """
        if import_format == "json":
            read_json_records(body)
        queued = self._queued(register, import_format, len(body), actor, is_spooled=True)
        register.store.write_spool(queued.id, _parts(body))
        try:
            return self._store.enqueue_import(queued)
        except RegularsError:
            register.store.remove_spool(queued.id)
            raise

    def run_waiting(
        self, register: Register, on_end: Callable[[str], None] = lambda _: None
    ) -> None:
        """Apply what waits for a company, oldest first. `on_end` is told the id of each import
        that has ended.
        """
        company = register.company.short_name
        with register.store.lock():
            while (queued := self._store.next_import(company)) is not None:
                if queued.is_spooled:
                    try:
                        self._run_spooled(register, queued)
                    except Stopped:
                        return
                else:
                    self._give_up(register, queued)
                # The body goes last: after a crash in between, a body without an import is swept
                # away, while an import without its body could not tell that it has ended.
                self._store.dequeue_import(queued.id)
                register.store.remove_spool(queued.id)
                on_end(queued.id)

    def run_file(
        self,
        register: Register,
        file: BinaryIO,
        import_format: ImportFormat,
        size_bytes: int,
        actor: str,
        on_progress: Callable[[Report], None],
    ) -> ImportRun:
        """Accept a file and apply it at once, in its turn behind what waits already.

        Raises `MalformedBodyError`; then nothing was applied.
        """
        records = _records(import_format, file)
        self.run_waiting(register)
        with register.store.lock():
            queued = self._store.enqueue_import(
                self._queued(register, import_format, size_bytes, actor, is_spooled=False)
            )
            try:
                run = self._run(register, queued, records, on_progress)
            except BaseException:
                self._give_up(register, queued)
                raise
            finally:
                self._store.dequeue_import(queued.id)
        return run

    def find(self, register: Register, import_id: str) -> ImportRun:
        """An import of a company, waiting or started. Raises `UnknownNameError`."""
        run = register.store.find_import(import_id)
        if run is None:
            queued = self._store.find_queued_import(register.company.short_name, import_id)
            # It may have started between the two looks.
            run = register.store.find_import(import_id)
            if run is None and queued is not None:
                run = _waiting(queued)
        if run is None:
            raise UnknownNameError("import", "of that id")
        return run

    def load(self, register: Register, before: int | None, limit: int) -> list[ImportRun]:
        """Imports of a company, newest first: on the first page also those that wait."""
        runs = register.store.load_imports(before, limit)
        if before is not None:
            return runs
        started = {run.id for run in runs}
        waiting = [
            _waiting(queued)
            for queued in self._store.load_queued_imports(register.company.short_name)
            if queued.id not in started
        ]
        return waiting[::-1] + runs

    # Parts

    def _run_spooled(self, register: Register, queued: QueuedImport) -> None:
        try:
            with register.store.open_spool(queued.id) as body:
                self._run(register, queued, _records(queued.format, body), self._check_stop)
        except (RegularsError, Stopped):
            raise
        except Exception as error:
            # Our fault: it must not keep the imports behind it from running. The message of the
            # exception might hold values of a person: the log has its kind and place only.
            log.exception(
                "import %s failed", queued.id, exc_info=(
                    RuntimeError, RuntimeError(type(error).__name__), error.__traceback__
                )
            )  # fmt: skip
            self._give_up(register, queued)

    def _check_stop(self, _: Report) -> None:
        if self._stop.is_set():
            raise Stopped

    def _queued(
        self,
        register: Register,
        import_format: ImportFormat,
        size_bytes: int,
        actor: str,
        *,
        is_spooled: bool,
    ) -> QueuedImport:
        return QueuedImport(
            0,
            secrets.token_hex(_ID_BYTES),
            register.company.short_name,
            self._installation.now(),
            actor,
            import_format,
            size_bytes,
            is_spooled,
        )

    def _run(
        self,
        register: Register,
        queued: QueuedImport,
        records: Iterable[object],
        on_progress: Callable[[Report], None] = lambda _: None,
    ) -> ImportRun:
        settings = ImportSettings(
            register.hash_address,
            self._installation.settings.customers_per_record,
            self._installation.now,
        )
        runner = ImportRunner(register.store, register.load_schema(), settings)
        return runner.run(queued, records, on_progress)

    def _give_up(self, register: Register, queued: QueuedImport) -> None:
        """An import whose command ended on the way: nobody else has its file."""
        run = register.store.find_import(queued.id)
        if run is not None and run.status == "running":
            run.status = "failed"
            run.ended_at = self._installation.now()
            register.store.save_import(run)


def _parts(body: bytes) -> Iterable[bytes]:
    view = memoryview(body)
    for start in range(0, len(body), _SPOOL_PART_BYTES):
        yield bytes(view[start : start + _SPOOL_PART_BYTES])


def _records(import_format: ImportFormat, body: BinaryIO) -> Iterable[object]:
    if import_format == "json":
        return read_json_records(body.read())
    return read_ndjson_records(body)


def _waiting(queued: QueuedImport) -> ImportRun:
    return ImportRun(
        0, queued.id, "queued", queued.actor, queued.format, queued.size_bytes,
        queued.accepted_at, queued.accepted_at, None, 0, Report(),
    )  # fmt: skip
