"""The values that go into stores and come out of them. Instants are datetimes with zone UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple

import msgspec

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.identity.identifiers import Entry
from regulars.domain.imports.decision import Position
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.domain.records.problem import Problem
from regulars.store.contract.reports import RejectedRow

ImportStatus = Literal["queued", "running", "held", "planned", "done", "failed", "cancelled"]
QueueStep = Literal["start", "apply", "release", "restart"]
"""Why an import stands in the line: it is new; its plan is to be applied; it is released from hold;
it failed and goes on."""
AddressKind = Literal["email", "phone_number"]


class CompanyLimits(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a company has settled for itself, named as the installation's settings are; None where
    it has nothing of its own, and the installation's counts.
    """

    deleted_days: int | None = None
    rejected_days: int | None = None
    hold_permission_customers: int | None = None
    hold_permission_percent: int | None = None
    hold_gone_customers: int | None = None
    hold_gone_percent: int | None = None
    hold_address_records: int | None = None


class Company(msgspec.Struct, frozen=True):
    """One tenant. `timezone` is an IANA name, `country` an ISO 3166-1 alpha-2 code."""

    short_name: str
    name: str
    timezone: str
    country: str
    limits: CompanyLimits = CompanyLimits()


class QueuedImport(msgspec.Struct, frozen=True):
    """An upload that has not ended. `sequence` rises in the order of acceptance; before it, 0."""

    sequence: int
    id: str
    company: str
    accepted_at: datetime
    actor: str
    options: ImportOptions
    size_bytes: int
    records: int | None
    """How many records it has; None where nobody counted them."""
    is_spooled: bool
    """Whether the store holds the body; otherwise the command that accepted it reads a file."""
    step: QueueStep = "start"
    is_cancelled: bool = False
    """Whether somebody asked it to stop."""
    body: bytes | None = None
    """A small body, kept with the import itself; given to whoever runs it, and to nobody else."""


class IdempotencyKey(msgspec.Struct, frozen=True):
    """A client's name for a request that must take effect once."""

    company: str
    key: str
    fingerprint: bytes
    """Equal for equal requests only."""
    import_id: str | None
    """None where the body could not be read."""
    created_at: datetime


class ImportRun(msgspec.Struct):
    """An import once it has started: its progress and its report."""

    number: int
    """Number within the company; a change's cause. 0 before it is stored."""
    id: str
    status: ImportStatus
    actor: str
    options: ImportOptions
    size_bytes: int
    records: int | None
    """How many records it has; None where nobody counted them."""
    accepted_at: datetime
    started_at: datetime
    ended_at: datetime | None
    began_at_version: int
    """The company's last version before this import."""
    report: Report

    @property
    def has_started(self) -> bool:
        """Whether it was ever begun: one that was cancelled while it waited was not, and has the
        time of its acceptance as that of its start.
        """
        is_unbegun = self.status == "cancelled" and self.started_at == self.accepted_at
        return self.status != "queued" and not is_unbegun


class ChangeRow(msgspec.Struct, gc=False):
    """A change of a customer as it is stored: JSON of its values."""

    version: int
    customer_id: int
    record: int
    before: bytes | None
    after: bytes
    proofs: bytes | None


STATE_NUMBERS: Final = {"living": 0, "deleted": 1, "forgotten": 2}
"""How states are stored."""
GONE: Final = -1
"""In place of a state: there is no such customer any more, as an undo took it out."""


class ChangedRow(NamedTuple):
    """A change, and what its customer is now. A named tuple, as there may be millions of them."""

    version: int
    customer_id: int
    changed_at: int
    """Microseconds since 1970 UTC."""
    before: bytes | None
    after: bytes | None
    """JSON of the values before and after; both None where the change made the customer."""
    state: int | None
    """That of the customer now, or `GONE`; None where a later change tells of it."""
    document: bytes | None
    """Canonical JSON of the customer now; None where it is gone, or a later change tells of it."""

    @property
    def is_creation(self) -> bool:
        """Whether the change made the customer."""
        return self.before is None


CustomerRow = tuple[int, int, int, bytes, int | None]
"""Id, version, state, canonical JSON, and the hash of the record that says all of it, if one
does."""


class Batch(msgspec.Struct):
    """What one batch of records writes, all of it or nothing.

    Identifiers are (customer id, entries).
    """

    created: list[CustomerRow]
    updated: list[CustomerRow]
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
    problems: list[Problem] = msgspec.field(default_factory=list)
    """Those that the import's report keeps."""
    rejected: list[RejectedRow] = msgspec.field(default_factory=list)
    header: tuple[str, ...] | None = None
    """Of the body that the rejected records came in, where it had one."""
    erased: set[Entry] = msgspec.field(default_factory=set)
    """Identifiers of forgotten persons: the rejected records that name them go."""


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
