"""What every store must be able to do, method by method.

Two roles: the store of the installation (companies, users, tokens, the line of waiting imports)
and the store of one company (its customers, history, imports, audit log). Each company's data is
apart from all others': a file, or a schema, of its own. Instants are datetimes with zone UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

import msgspec

from regulars.domain.imports.report import Report

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from regulars.domain.access.credentials import Integration, Token, User
    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.company_field import CompanyField
    from regulars.domain.identity.identifiers import Entry
    from regulars.domain.imports.decide import Position

ImportStatus = Literal["queued", "running", "held", "planned", "done", "failed", "cancelled"]
ImportFormat = Literal["json", "ndjson"]
AddressKind = Literal["email", "phone_number"]


class Company(msgspec.Struct, frozen=True):
    """One tenant. `timezone` is an IANA name, `country` an ISO 3166-1 alpha-2 code."""

    short_name: str
    name: str
    timezone: str
    country: str


class QueuedImport(msgspec.Struct, frozen=True):
    """An accepted upload that has not ended. `sequence` rises in the order of acceptance."""

    sequence: int
    id: str
    company: str
    accepted_at: datetime
    actor: str
    format: ImportFormat
    size_bytes: int
    is_spooled: bool
    """Whether the store holds the body; otherwise the command that accepted it reads a file."""


class ImportRun(msgspec.Struct):
    """An import once it has started: its progress and its report."""

    number: int
    """Number within the company; a change's cause. 0 before it is stored."""
    id: str
    status: ImportStatus
    actor: str
    format: ImportFormat
    size_bytes: int
    accepted_at: datetime
    started_at: datetime
    ended_at: datetime | None
    began_at_version: int
    """The company's last version before this import."""
    report: Report


class ChangeRow(msgspec.Struct, gc=False):
    """A change of a customer as it is stored: JSON of its values."""

    version: int
    customer_id: int
    record: int
    before: bytes | None
    after: bytes
    proofs: bytes | None


class Batch(msgspec.Struct):
    """What one batch of records writes, all of it or nothing.

    Customers are (id, version, state, canonical JSON); identifiers (customer id, entries).
    """

    created: list[tuple[int, int, int, bytes]]
    updated: list[tuple[int, int, int, bytes]]
    identifiers_added: list[tuple[int, list[Entry]]]
    identifiers_removed: list[tuple[int, list[Entry]]]
    changes: list[ChangeRow]
    blanked: list[ChangeRow]
    """Stored changes of forgotten customers, without their values."""
    suppressed: list[tuple[AddressKind, str]]
    """Keyed hashes of addresses that are suppressed from now on."""
    fields: list[CompanyField]
    """Company fields that are new or changed."""
    audit_entries: list[AuditEntry]
    position: Position
    import_run: ImportRun
    at: datetime


class Suppression(msgspec.Struct, frozen=True):
    """One entry of the suppression list; the address itself is not known."""

    id: int
    kind: AddressKind
    created_at: datetime
    import_number: int
    lifted_at: datetime | None
    lifted_by: str | None
    lift_reason: str | None


class AuditEntry(msgspec.Struct, frozen=True):
    """One line of a company's audit log. `action` is `subject:verb`, such as `token:create`."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: str


class CompanyStore(Protocol):
    """The register of one company.

    Methods that write raise `RuntimeError` where nobody in this process holds `lock`, except
    `add_audit_entry` and the spool.
    """

    def lock(self) -> AbstractContextManager[None]:
        """Be the only one, of all processes and threads, that writes the company's register.

        Waits for others. Raises `RuntimeError` in a thread that holds it already. Where a
        connection is needed to hold it and breaks, writing raises `StoreUnavailableError`.
        """

    # Customers

    def read_position(self) -> Position:
        """The highest numbers given so far, and the number of living customers."""

    def find_customers(
        self, entries: Collection[Entry], most_for_each: int
    ) -> tuple[list[Customer], set[Entry]]:
        """The customers under any of the entries, each once, in order of id.

        Also the entries that have more than `most_for_each`, of which only the oldest
        `most_for_each` are given. May give more customers than asked for; never fewer.
        """

    def load_customers(self, ids: Collection[int]) -> list[Customer]:
        """The customers with these ids, in order of id."""

    def load_living_customers(self, after_id: int, limit: int) -> list[Customer]:
        """The next living customers in order of id."""

    def load_changes(self, customer_ids: Collection[int]) -> list[ChangeRow]:
        """The stored history of these customers, in order of version."""

    def group_batches(self) -> AbstractContextManager[None]:
        """What this thread writes in the block is durable when it ends, undone if it raises."""

    def save_batch(self, batch: Batch) -> None:
        """Write a batch and the import's progress in one transaction, durable unless grouped."""

    # Suppression

    def has_suppressions(self) -> bool:
        """Whether anything is suppressed now."""

    def find_suppressed(self, hashes: Collection[str]) -> set[str]:
        """Those of the hashes that are suppressed now."""

    def load_suppressions(self) -> list[Suppression]:
        """The suppression list, lifted entries included, in order of id."""

    def lift_suppression(self, suppression_id: int, entry: AuditEntry, reason: str) -> bool:
        """Lift a suppression, with its audit entry; False if there is none such in force."""

    # Fields

    def load_fields(self) -> list[CompanyField]:
        """The company's own fields."""

    def save_field(self, field: CompanyField, entry: AuditEntry) -> None:
        """Add or replace a field, with its audit entry."""

    # Imports

    def start_import(self, run: ImportRun) -> int:
        """Store an import that starts, with its `began_at_version`; gives its number."""

    def save_import(self, run: ImportRun) -> None:
        """Store status, times and report of a started import."""

    def find_import(self, import_id: str) -> ImportRun | None:
        """A started import."""

    def load_imports(self, before_number: int | None, limit: int) -> list[ImportRun]:
        """Started imports, newest first."""

    # Audit

    def add_audit_entry(self, entry: AuditEntry) -> None:
        """Append to the audit log."""

    def load_audit_log(self) -> list[AuditEntry]:
        """The audit log in order of time."""

    # Spool

    def write_spool(self, import_id: str, parts: Iterable[bytes]) -> None:
        """Keep the body of an upload, durably. Raises `StorageFullError`."""

    def open_spool(self, import_id: str) -> BinaryIO:
        """The kept body, from its beginning. Raises `FileNotFoundError` if there is none."""

    def remove_spool(self, import_id: str) -> None:
        """Let go of the body; nothing happens if it is gone already."""

    def sweep_spool(self, import_ids: Collection[str], age_seconds: int) -> None:
        """Let go of bodies that are older than that and belong to none of these imports: whoever
        wrote them died before the upload was accepted.
        """

    def close(self) -> None:
        """Give back connections and files."""


class InstallationStore(Protocol):
    """What belongs to no single company, and the way to each company's store."""

    def check_secret_key(self, check_value: bytes) -> bool:
        """Whether the value equals the one stored; the first one ever given is stored."""

    def create_company(self, company: Company, created_at: datetime) -> None:
        """Make a company and its store. Raises `NameTakenError`."""

    def find_company(self, short_name: str) -> Company | None:
        """The company of that short name."""

    def load_companies(self) -> list[Company]:
        """All companies by short name."""

    def open_company(self, short_name: str) -> CompanyStore:
        """The store of a company; the same object each time. Raises `UnknownNameError`."""

    def create_user(self, user: User) -> None:
        """Raises `NameTakenError` if the address is in use in the installation."""

    def find_user(self, email: str) -> User | None:
        """The user with that address."""

    def save_user(self, user: User) -> None:
        """Store a user's password hash and whether it is disabled."""

    def create_integration(self, integration: Integration) -> None:
        """Store a new integration."""

    def find_integration(self, company: str, integration_id: str) -> Integration | None:
        """An integration of a company."""

    def create_token(self, token: Token) -> None:
        """Store a new token."""

    def find_token(self, secret_hash: bytes) -> Token | None:
        """The token with that hash of its secret."""

    def load_tokens(self, company: str) -> list[Token]:
        """The tokens of a company in order of creation."""

    def revoke_token(self, company: str, token_id: str, revoked_at: datetime) -> bool:
        """Revoke a token; False if the company has none such in force."""

    def enqueue_import(self, queued: QueuedImport) -> QueuedImport:
        """Accept an import: durable once this returns. Gives it with its sequence."""

    def next_import(self, company: str) -> QueuedImport | None:
        """The oldest import of a company that has not ended."""

    def find_queued_import(self, company: str, import_id: str) -> QueuedImport | None:
        """An import that has not ended."""

    def load_queued_imports(self, company: str) -> list[QueuedImport]:
        """Imports of a company that have not ended, in order of acceptance."""

    def dequeue_import(self, import_id: str) -> None:
        """The import has ended."""

    def check(self) -> None:
        """Raises `StoreUnavailableError` or `StorageFullError` if the store cannot be written."""

    def close(self) -> None:
        """Give back connections and files."""
