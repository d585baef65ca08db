"""Small uploads that nothing stands before: applied as they are accepted (SPEC section 4).

Owns which those are. The transaction that applies such an upload is also what accepts it: before
its end there is nothing of it, and afterwards all. So it takes one commit, where the line takes one
to enter, one to be applied, and one to leave; and no other process is needed.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.errors import RegularsError
from regulars.services.import_restart import log_failure
from regulars.services.import_run import SMALL_BYTES, ImportRunner, read_import_settings

if TYPE_CHECKING:
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportRun, QueuedImport

MOST_RECORDS: Final = 100
"""Each of which may mean a hundred customers: nobody who waits for the company, or for this
process, is to notice."""


class ImportsAtOnce:
    """Applies small uploads of all companies of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._one: Final = Lock()
        """Held by the one that is applied. Where several come at once, two processes get on
        faster than one.
        """

    def apply(self, register: Register, upload: QueuedImport) -> ImportRun | None:
        """Apply an upload that nobody has accepted yet; gives the import, which has ended.

        None where it has to wait in the line: it is not small, or only to be counted; something
        stands before it; others come at the same time; or it fails by our fault, so that its body
        must be kept. Raises `StorageFullError`, `StoreUnavailableError`; then nothing was accepted.
        """
        options, body = upload.options, upload.body
        if options.is_dry_run or options.may_be_held or body is None or len(body) >= SMALL_BYTES:
            return None
        if (upload.records or 0) > MOST_RECORDS or not self._one.acquire(blocking=False):
            return None
        try:
            return self._apply(register, upload, body)
        finally:
            self._one.release()

    def _apply(self, register: Register, upload: QueuedImport, body: bytes) -> ImportRun | None:
        if self._is_awaited(register):
            return None
        with register.store.try_lock(briefly=True) as is_ours:
            # Now that nobody else can be at work: it may have come since.
            if not is_ours or self._is_awaited(register):
                return None
            upload = msgspec.structs.replace(upload, accepted_at=self._installation.now())
            settings = read_import_settings(self._installation, register)
            runner = ImportRunner(register.store, register.load_schema(), settings)
            try:
                return runner.run(upload, BytesIO(body))
            except RegularsError:
                raise
            except Exception as error:  # noqa: BLE001 - in the line it is kept, and may be restarted
                log_failure(upload, error)
                return None

    def _is_awaited(self, register: Register) -> bool:
        """Whether an import stands in the company's line, or is running."""
        return self._installation.store.line.next_import(register.company.short_name) is not None
