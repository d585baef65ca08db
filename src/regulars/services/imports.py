"""Imports: accepting uploads, running them in order, telling how they went (SPEC section 4).

Owns the line of waiting imports of each company. An upload is kept durably before anything of it
is applied; whoever holds the company's lock applies what waits, in the order of acceptance.
"""

from __future__ import annotations

import time
from io import BytesIO
from math import inf
from threading import Event
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.domain.imports.sources import check_records, open_records
from regulars.errors import RegularsError
from regulars.services.import_acceptance import Accepted, ImportAcceptance
from regulars.services.import_at_once import ImportsAtOnce
from regulars.services.import_restart import begin_again, find_restartable, keep_body, log_failure
from regulars.services.import_run import read_import_settings
from regulars.services.import_status import KEPT, MAY_GO_ON, find_run, is_overtaken, waiting_run
from regulars.services.import_undo import run_undo
from regulars.services.kept_bodies import keep_if_needed, may_be_kept
from regulars.services.kept_imports import KeptImports, make_runner
from regulars.services.plan_parts import drop_plan
from regulars.services.plan_settings import read_plan_settings
from regulars.store.contract import ImportRun, QueuedImport

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from regulars.services.import_acceptance import RequestKey
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportStatus

_CANCEL_SECONDS: Final = 0.2
"""A running import looks so often whether it was cancelled."""
_ACCEPTING_SECONDS: Final = 60 * 60
"""However slow, no upload takes longer from one piece kept to the next, or to its acceptance."""


DRAFT_SECONDS: Final = 6 * 60 * 60
"""So long a file is kept that somebody sent and has not imported yet."""


class Stopped(Exception):  # noqa: N818 - it is no error
    """The process ends: an import stopped between two batches."""


class Cancelled(Exception):  # noqa: N818 - it is no error
    """Somebody cancelled an import: it stopped between two batches."""


class Imports:
    """The imports of all companies of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store
        self._stop: Final = Event()
        self.acceptance: Final = ImportAcceptance(installation)
        self.kept: Final = KeptImports(installation, _open_kept)
        self._at_once: Final = ImportsAtOnce(installation)

    def stop(self) -> None:
        """Have every running import stop after its batch; it goes on at the next start."""
        self._stop.set()

    def accept(
        self,
        register: Register,
        body: bytes,
        options: ImportOptions,
        actor: str,
        key: RequestKey | None = None,
    ) -> Accepted:
        """Accept an upload that is here as a whole, and apply it at once where it is small and
        nothing stands before it. See `ImportAcceptance.accept`.
        """
        return self.acceptance.accept(register, body, options, actor, key, self._at_once.apply)

    def sweep(self, register: Register) -> None:
        """Let go of bodies whose upload was never accepted: their writer died on the way."""
        company = register.company.short_name
        needed = {queued.id for queued in self._store.line.load_queued_imports(company)}
        needed |= {run.id for run in register.store.plans.load_kept()}
        needed |= find_restartable(self._installation, register)
        # Those that have come back to the line while we looked elsewhere.
        needed |= {queued.id for queued in self._store.line.load_queued_imports(company)}
        register.store.sweep_spool(needed, _ACCEPTING_SECONDS, DRAFT_SECONDS)

    def run_waiting(
        self, register: Register, on_end: Callable[[str], None] = lambda _: None
    ) -> bool:
        """Apply what waits for a company, oldest first. `on_end` is told the id of each import
        that has ended, at least once. False where somebody else is at work on the company.
        """
        with register.store.try_lock() as is_ours:
            if not is_ours:
                return False
            while (queued := self._store.line.next_import(register.company.short_name)) is not None:
                if not self._run_accepted(register, queued, on_end):
                    break
            return True

    def run_file(
        self,
        register: Register,
        file: BinaryIO,
        options: ImportOptions,
        size_bytes: int,
        actor: str,
        on_progress: Callable[[Report], None],
    ) -> ImportRun:
        """Accept a file and apply it at once, in its turn behind what waits already.

        Raises `MalformedBodyError`; then nothing was applied.
        """
        # Checked to its end before anything of it is applied.
        limit = self._installation.settings.unpacked_bytes
        count = check_records(open_records(file, options.form, unpacked_bytes_limit=limit))
        file.seek(0)
        with register.store.lock():
            queued = self.acceptance.new_import(
                register, options, size_bytes, actor, is_spooled=False, records=count
            )
            own = self._store.line.enqueue_import(queued)
            try:
                while (older := self._store.line.next_import(own.company)) and older.id != own.id:
                    self._run_accepted(register, older)
                return self._run(register, own, file, self._stop_check(own, on_progress))
            except Cancelled:
                self._end(register, own, "cancelled")
                return self.find(register, own.id)
            except BaseException:
                self._end(register, own, "failed")
                raise
            finally:
                self._store.line.dequeue_import(own.id)

    def find(self, register: Register, import_id: str) -> ImportRun:
        """An import of a company, waiting or started. Raises `UnknownNameError`."""
        return find_run(self._store.line, register, import_id)

    def end_cancelled(self, register: Register, import_id: str) -> bool:
        """End an import that was cancelled while it waited, was planned or held. False where
        somebody is at work on the company: then it ends when its turn comes.
        """
        with register.store.try_lock(briefly=True) as is_ours:
            company = register.company.short_name
            queued = self._store.line.find_queued_import(company, import_id) if is_ours else None
            if queued is not None and queued.is_cancelled:
                self._run_accepted(register, queued)
            return is_ours

    # Parts

    def _run_accepted(
        self,
        register: Register,
        queued: QueuedImport,
        on_end: Callable[[str], None] = lambda _: None,
    ) -> bool:
        """Run an import that waits, to its end; False where it was stopped on the way."""
        if queued.is_cancelled:
            self._end(register, queued, "cancelled")
        elif queued.is_spooled:
            try:
                self._run_spooled(register, queued)
                if not may_be_kept(queued):
                    # All that it did is durable, and its status says so: whoever waits need not
                    # wait for the commit by which it leaves the line.
                    on_end(queued.id)
            except Stopped:
                return False
            except Cancelled:
                self._end(register, queued, "cancelled")
            except RegularsError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the line goes on
                self._fail(register, queued, error)
                on_end(queued.id)
                return True
        else:
            # A command accepted it, and ended on the way: nobody else has its file.
            self._end(register, queued, "failed")
        self._leave_line(register, queued, is_kept=keep_if_needed(register, queued))
        on_end(queued.id)
        return True

    def _fail(self, register: Register, queued: QueuedImport, error: Exception) -> None:
        """Our fault: the body is kept, and the import can be restarted."""
        log_failure(queued, error)
        if isinstance(error, FileNotFoundError) and self._is_cancelled(queued):
            # A body goes at once when its import is cancelled, perhaps while it was opened.
            self._end(register, queued, "cancelled")
            self._leave_line(register, queued, is_kept=False)
        else:
            self._end(register, queued, "failed")
            keep_body(register, queued)
            self._leave_line(register, queued, is_kept=True)

    def _leave_line(self, register: Register, queued: QueuedImport, *, is_kept: bool) -> None:
        """The body goes last: after a crash in between, a body without an import is swept away,
        while an import without its body could not tell that it has ended. One that could go on is
        cancelled, where somebody asked for that at the last moment.
        """
        if self._store.line.dequeue_import(queued.id, unless_cancelled=is_kept):
            if queued.body is None and not is_kept:
                register.store.remove_spool(queued.id)
        elif is_kept:
            self._end(register, queued, "cancelled")
            self._store.line.dequeue_import(queued.id)
            register.store.remove_spool(queued.id)

    def _run_spooled(self, register: Register, queued: QueuedImport) -> None:
        begin_again(register, queued)
        if is_overtaken(register, queued):
            return
        if queued.options.undoes is not None:
            run_undo(self._installation, register, queued, self._stop_check(queued))
            return
        with self._open_body(register, queued) as body:
            run = self._run(register, queued, body, self._stop_check(queued))
        if run.status == "running":
            # It was only counted, and may be applied.
            with self._open_body(register, queued) as body:
                self._run(register, queued, body, self._stop_check(queued), is_counted=True)

    def _open_body(self, register: Register, queued: QueuedImport) -> BinaryIO:
        if queued.body is not None:
            return BytesIO(queued.body)
        return register.store.open_spool(queued.id)

    def _stop_check(
        self, queued: QueuedImport, on_progress: Callable[[Report], None] = lambda _: None
    ) -> Callable[[Report], None]:
        """What looks, after each transaction of an import, whether it is to stop. The first time in
        any case: it may have been cancelled before it was seen to run.
        """
        looked_at = -inf

        def check(report: Report) -> None:
            nonlocal looked_at
            on_progress(report)
            if self._stop.is_set():
                raise Stopped
            if time.monotonic() - looked_at > _CANCEL_SECONDS:
                looked_at = time.monotonic()
                if self._is_cancelled(queued):
                    raise Cancelled

        return check

    def _is_cancelled(self, queued: QueuedImport) -> bool:
        now = self._store.line.find_queued_import(queued.company, queued.id)
        return now is not None and now.is_cancelled

    def _run(
        self,
        register: Register,
        queued: QueuedImport,
        body: BinaryIO,
        on_progress: Callable[[Report], None] = lambda _: None,
        *,
        is_counted: bool = False,
    ) -> ImportRun:
        settings = read_import_settings(self._installation, register)
        limits = read_plan_settings(register.settings)
        runner = make_runner(register, queued, settings, limits, is_counted=is_counted)
        return runner.run(queued, body, on_progress)

    def _end(self, register: Register, queued: QueuedImport, status: ImportStatus) -> None:
        """An import ends before its end: what it applied stays, and its status is told."""
        run = register.store.find_import(queued.id) or waiting_run(queued)
        if status == "cancelled" and run.status in KEPT:
            self.kept.drop(register, run)
        elif run.ended_at is None or (status == "cancelled" and run.status in MAY_GO_ON):
            run.status = status
            run.ended_at = self._installation.now()
            with register.store.group_batches():
                # One that never started is seen for the first time with the status of its end.
                run.number = run.number or register.store.start_import(run)
                if status == "cancelled":
                    drop_plan(register.store, run)
                register.store.save_import(run)


def _open_kept(register: Register, run: ImportRun) -> BinaryIO:
    return register.store.open_spool(run.id)
