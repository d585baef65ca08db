"""Accepting uploads: checked to their end, kept durably, and each of them once (SPEC section 4).

Owns what happens between the first byte of a body and its place in the company's line. Must not
know where the bytes come from, nor what becomes of the import.
"""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.hold import HoldCounter
from regulars.domain.imports.sources import open_records
from regulars.errors import (
    BrokenBodyError,
    MalformedBodyError,
    RegularsError,
    ReusedKeyError,
)
from regulars.services.incoming_import import PIECE_BYTES, IncomingImport
from regulars.services.plan_settings import read_hold_limits
from regulars.store.contract import IdempotencyKey, ImportRun, QueuedImport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from regulars.domain.imports.options import ImportOptions
    from regulars.services.installation import Installation, Register

    ApplyAtOnce = Callable[[Register, QueuedImport], ImportRun | None]
    """Applies an upload that nobody has accepted yet; gives None where it has to wait."""

KEY_DAYS: Final = 7
"""So long an idempotency key is kept."""
LINE_BYTES: Final = 64 * 1024
"""Bodies up to this size stand in the line themselves: accepting one is a single commit."""
_ID_BYTES: Final = 8
_REUSED_KEY: Final = "the idempotency key was used for another request"


class RequestKey(msgspec.Struct, frozen=True):
    """A client's name for a request that must take effect once."""

    key: str
    request: bytes
    """Method, query and content type: what besides the body makes two requests equal."""


class Accepted(msgspec.Struct, frozen=True):
    """The import that an upload led to; `is_replay` where an earlier, equal one had led to it.
    `run` is how it went, where it was applied as it was accepted.
    """

    id: str
    is_replay: bool = False
    run: ImportRun | None = None


class ImportAcceptance:
    """Takes uploads into the lines of all companies of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store
        self._secret: Final = installation.derive_secret("request")

    def accept(
        self,
        register: Register,
        body: bytes,
        options: ImportOptions,
        actor: str,
        key: RequestKey | None = None,
        apply_at_once: ApplyAtOnce | None = None,
    ) -> Accepted:
        """Accept an upload that is here as a whole. See `receive`.

        Where it has no key, `apply_at_once` may apply it instead of having it wait in the line.
        """
        if len(body) > LINE_BYTES or _must_stay(options):
            return self.receive(register, _cut(body), options, actor, key)
        incoming = IncomingImport([body], None, self._hash(key), _hold_counter(register))
        records = self._check(incoming, register, options, key)
        options = _with_findings(options, incoming)
        queued = self.new_import(register, options, len(body), actor, is_spooled=True)
        queued = msgspec.structs.replace(queued, records=records, body=body)
        if key is None and apply_at_once is not None:
            run = apply_at_once(register, queued)
            if run is not None:
                return Accepted(queued.id, run=run)
        return self._enqueue(queued, incoming, key)

    def receive(
        self,
        register: Register,
        pieces: Iterable[bytes],
        options: ImportOptions,
        actor: str,
        key: RequestKey | None = None,
    ) -> Accepted:
        """Accept an upload piece by piece: checked to its end, and durable once this returns.

        Raises `MalformedBodyError`, `BodyTooLargeError`, `ReusedKeyError`, `StorageFullError`,
        `StoreUnavailableError`, and what `pieces` raises; then nothing was accepted.
        """
        queued = self.new_import(register, options, 0, actor, is_spooled=True)
        with register.store.create_spool(queued.id) as spool:
            incoming = IncomingImport(pieces, spool, self._hash(key), _hold_counter(register))
            records = self._check(incoming, register, options, key)
        queued = msgspec.structs.replace(
            queued,
            size_bytes=incoming.size_bytes,
            records=records,
            options=_with_findings(options, incoming),
        )
        try:
            accepted = self._enqueue(queued, incoming, key)
        except BaseException:
            self._drop(register, queued.id)
            raise
        if accepted.is_replay:
            self._drop(register, queued.id)
        return accepted

    def new_import(
        self,
        register: Register,
        options: ImportOptions,
        size_bytes: int,
        actor: str,
        *,
        is_spooled: bool,
        records: int | None = None,
    ) -> QueuedImport:
        """An import that nobody has accepted yet, under an id of its own."""
        return QueuedImport(
            0, secrets.token_hex(_ID_BYTES), register.company.short_name, self._installation.now(),
            actor, options, size_bytes, records, is_spooled,
        )  # fmt: skip

    def delete_keys(self) -> int:
        """Let go of idempotency keys that have been kept long enough; gives how many."""
        return self._store.line.delete_idempotency_keys(self._expired_before())

    # Parts

    def _check(
        self,
        incoming: IncomingImport,
        register: Register,
        options: ImportOptions,
        key: RequestKey | None,
    ) -> int:
        """Read a body to its end; gives how many records it has."""
        try:
            records = self._count_records(incoming, options)
            incoming.read_rest()
        except BrokenBodyError:
            raise
        except MalformedBodyError as error:
            if key is not None:
                # The same bytes would give the same answer; others must not use the key.
                incoming.read_rest()
                used = self._store.line.use_idempotency_key(
                    self._key(register.company.short_name, key, incoming, None),
                    self._expired_before(),
                )
                _check_same(used, incoming)
            raise error from None
        return records

    def _enqueue(
        self, queued: QueuedImport, incoming: IncomingImport, key: RequestKey | None
    ) -> Accepted:
        # The line tells the order of acceptance; the times of two at once may say otherwise.
        queued = msgspec.structs.replace(queued, accepted_at=self._installation.now())
        if key is None:
            self._store.line.enqueue_import(queued)
            return Accepted(queued.id)
        found = self._store.line.enqueue_import_once(
            queued, self._key(queued.company, key, incoming, queued.id), self._expired_before()
        )
        if isinstance(found, QueuedImport):
            return Accepted(queued.id)
        _check_same(found, incoming)
        if found.import_id is None:
            raise ReusedKeyError(_REUSED_KEY)
        return Accepted(found.import_id, is_replay=True)

    def _key(
        self, company: str, key: RequestKey, incoming: IncomingImport, import_id: str | None
    ) -> IdempotencyKey:
        return IdempotencyKey(
            company, key.key, incoming.fingerprint(), import_id, self._installation.now()
        )

    def _hash(self, key: RequestKey | None) -> hmac.HMAC | None:
        # Keyed: a plain hash of a small body would tell who guesses whom it names.
        return None if key is None else hmac.new(self._secret, key.request, "sha256")

    def _count_records(self, incoming: IncomingImport, options: ImportOptions) -> int:
        limit = self._installation.settings.unpacked_bytes
        records = open_records(incoming.open(), options.form, unpacked_bytes_limit=limit)
        incoming.delimiter = records.delimiter
        return incoming.hold_counter.feed_all(records)

    def _expired_before(self) -> datetime:
        return self._installation.now() - timedelta(days=KEY_DAYS)

    def _drop(self, register: Register, import_id: str) -> None:
        # What cannot be removed now is swept later.
        with suppress(RegularsError):
            register.store.remove_spool(import_id)


def _hold_counter(register: Register) -> HoldCounter:
    limits = read_hold_limits(register.settings)
    return HoldCounter(limits, customers_per_record=register.settings.customers_per_record)


def _must_stay(options: ImportOptions) -> bool:
    """Whether the body may be needed after the import has left the line."""
    return options.is_dry_run or options.may_be_held


def _check_same(used: IdempotencyKey | None, incoming: IncomingImport) -> None:
    if used is not None and used.fingerprint != incoming.fingerprint():
        raise ReusedKeyError(_REUSED_KEY)


def _with_findings(options: ImportOptions, incoming: IncomingImport) -> ImportOptions:
    options = options.with_delimiter(incoming.delimiter)
    counter = incoming.hold_counter
    if not counter.could_hold():
        return options
    return msgspec.structs.replace(
        options, may_be_held=True, may_repeat_addresses=counter.could_repeat()
    )


def _cut(body: bytes) -> Iterator[bytes]:
    view = memoryview(body)
    for start in range(0, len(body), PIECE_BYTES):
        yield bytes(view[start : start + PIECE_BYTES])
