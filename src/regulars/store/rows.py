"""How values of the contract become columns and come back, alike for both engines.

Owns what is stored as JSON or as a number in place of a richer value. Must not know SQL.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from regulars.domain.access.credentials import Integration, Token, User
from regulars.domain.customers.customer import Customer, decode_fields
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.domain.imports.undo_traces import PastChange
from regulars.store.contract import AuditEntry, IdempotencyKey, ImportRun, QueuedImport, Suppression
from regulars.store.contract.history import HistoryRow
from regulars.store.contract.visits import View, Visit

Row = tuple[Any, ...]
"""Columns as a driver gives them, in the order in which the statement names them."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_encode_report: Final = msgspec.json.Encoder().encode
_decode_report: Final = msgspec.json.Decoder(Report).decode
_decode_options: Final = msgspec.json.Decoder(ImportOptions).decode


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(microseconds: int) -> datetime:
    """The instant, with zone UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def optional_microseconds(instant: datetime | None) -> int | None:
    """`to_microseconds`, for an instant that may be missing."""
    return None if instant is None else to_microseconds(instant)


def optional_instant(microseconds: int | None) -> datetime | None:
    """`from_microseconds`, for an instant that may be missing."""
    return None if microseconds is None else from_microseconds(microseconds)


def read_customer(row: tuple[int, int, bytes | str]) -> Customer:
    """A customer from its id, version and document."""
    number, version, document = row
    return Customer(number, version, document.encode() if isinstance(document, str) else document)


def page_of_changes(after_version: int, limit: int, until_version: int | None) -> dict[str, int]:
    """The parameters of `CompanyStore.load_changed`, for its statement."""
    last_version = after_version + limit
    return {
        "after_version": after_version,
        "last_version": last_version,
        "until_version": max(last_version, until_version or 0),
    }


def read_history_row(row: Row) -> HistoryRow:
    """A change of a customer from its columns, in the order of the struct."""
    version, changed_at, import_id, actor, record, *documents = row
    before, after, proofs = map(_optional_bytes, documents)
    at = from_microseconds(changed_at)
    return HistoryRow(version, at, import_id, actor, record, before, after or b"{}", proofs)


def _optional_bytes(document: bytes | str | None) -> bytes | None:
    return document.encode() if isinstance(document, str) else document


def read_past_change(row: Row) -> PastChange:
    """A change of the history from its columns, in the order of the struct."""
    version, customer_id, import_number, record, before, after = row
    return PastChange(
        version,
        customer_id,
        import_number,
        record,
        None if before is None else decode_fields(before),
        decode_fields(after),
    )


def is_storable(text: str) -> bool:
    """Whether text can stand in a column at all, so that a name from outside may be looked up.

    PostgreSQL holds no NUL, neither engine a lone surrogate.
    """
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def import_columns(run: ImportRun) -> dict[str, Any]:
    """The columns of a started import; its report is JSON, as bytes."""
    return msgspec.structs.asdict(run) | {
        "options": msgspec.json.encode(run.options).decode(),
        "accepted_at": to_microseconds(run.accepted_at),
        "started_at": to_microseconds(run.started_at),
        "ended_at": optional_microseconds(run.ended_at),
        "report": _encode_report(run.report),
    }


def read_import(row: Row) -> ImportRun:
    """A started import from its columns, in the order of the struct."""
    (number, import_id, status, actor, options, size_bytes, records, accepted_at, started_at,
     ended_at, began_at_version, report) = row  # fmt: skip
    return ImportRun(
        number,
        import_id,
        status,
        actor,
        _decode_options(options),
        size_bytes,
        records,
        from_microseconds(accepted_at),
        from_microseconds(started_at),
        optional_instant(ended_at),
        began_at_version,
        _decode_report(report),
    )


def read_suppression(row: Row) -> Suppression:
    """An entry of the suppression list from its columns, in the order of the struct."""
    number, kind, created_at, import_number, lifted_at, lifted_by, reason = row
    return Suppression(
        number,
        kind,
        from_microseconds(created_at),
        import_number,
        optional_instant(lifted_at),
        lifted_by,
        reason,
    )


def audit_columns(entry: AuditEntry) -> dict[str, object]:
    """The columns of a line of the audit log."""
    return msgspec.structs.asdict(entry) | {"at": to_microseconds(entry.at)}


def read_audit_entry(row: Row) -> AuditEntry:
    """A line of the audit log from its columns, in the order of the struct."""
    at, actor, action, subject, details = row
    return AuditEntry(from_microseconds(at), actor, action, subject, details)


def user_columns(user: User) -> dict[str, object]:
    """The columns of a user."""
    return msgspec.structs.asdict(user) | {
        "created_at": to_microseconds(user.created_at),
        "disabled_at": optional_microseconds(user.disabled_at),
    }


def read_user(row: Row) -> User:
    """A user from its columns, in the order of the struct."""
    email, company, role, password_hash, created_at, disabled_at = row
    return User(
        email,
        company,
        role,
        password_hash,
        from_microseconds(created_at),
        optional_instant(disabled_at),
    )


def integration_columns(integration: Integration) -> dict[str, object]:
    """The columns of an integration."""
    created_at = to_microseconds(integration.created_at)
    return msgspec.structs.asdict(integration) | {"created_at": created_at}


def read_integration(row: Row) -> Integration:
    """An integration from its columns, in the order of the struct."""
    number, company, name, description, created_by, created_at = row
    return Integration(
        number, company, name, description, created_by, from_microseconds(created_at)
    )


def token_columns(token: Token) -> dict[str, object]:
    """The columns of a token; its scopes are JSON."""
    return msgspec.structs.asdict(token) | {
        "scopes": msgspec.json.encode(token.scopes).decode(),
        "created_at": to_microseconds(token.created_at),
        "expires_at": optional_microseconds(token.expires_at),
        "revoked_at": optional_microseconds(token.revoked_at),
    }


def read_token(row: Row) -> Token:
    """A token from its columns, in the order of the struct."""
    (number, company, name, secret_hash, scopes, owner_id, created_by, created_at, expires_at,
     revoked_at) = row  # fmt: skip
    return Token(
        number,
        company,
        name,
        secret_hash,
        msgspec.json.decode(scopes, type=tuple[str, ...]),
        owner_id,
        created_by,
        from_microseconds(created_at),
        optional_instant(expires_at),
        optional_instant(revoked_at),
    )


def queued_import_columns(queued: QueuedImport) -> dict[str, object]:
    """The columns of an import that has not ended."""
    return msgspec.structs.asdict(queued) | {
        "accepted_at": to_microseconds(queued.accepted_at),
        "options": msgspec.json.encode(queued.options).decode(),
    }


def read_queued_import(row: Row) -> QueuedImport:
    """An import that has not ended from its columns, in the order of the struct."""
    (sequence, number, company, accepted_at, actor, options, size_bytes, records, is_spooled, step,
     is_cancelled, body) = row  # fmt: skip
    return QueuedImport(
        sequence,
        number,
        company,
        from_microseconds(accepted_at),
        actor,
        _decode_options(options),
        size_bytes,
        records,
        bool(is_spooled),
        step,
        bool(is_cancelled),
        body,
    )


def visit_columns(visit: Visit) -> dict[str, object]:
    """The columns of a visit."""
    return msgspec.structs.asdict(visit) | {
        "began_at": to_microseconds(visit.began_at),
        "seen_at": to_microseconds(visit.seen_at),
    }


def read_visit(row: Row) -> Visit:
    """A visit from its columns, in the order of the struct."""
    secret_hash, email, began_at, seen_at = row
    return Visit(secret_hash, email, from_microseconds(began_at), from_microseconds(seen_at))


def view_columns(view: View) -> dict[str, object]:
    """The columns of a view."""
    return msgspec.structs.asdict(view) | {"seen_at": to_microseconds(view.seen_at)}


def read_view(row: Row) -> View:
    """A view from its columns, in the order of the struct."""
    view_id, company, state, seen_at = row
    return View(view_id, company, state, from_microseconds(seen_at))


def idempotency_key_columns(key: IdempotencyKey) -> dict[str, object]:
    """The columns of a key of a request."""
    return msgspec.structs.asdict(key) | {"created_at": to_microseconds(key.created_at)}


def read_idempotency_key(row: Row) -> IdempotencyKey:
    """A key of a request from its columns, in the order of the struct."""
    company, key, fingerprint, import_id, created_at = row
    return IdempotencyKey(company, key, fingerprint, import_id, from_microseconds(created_at))
