"""What every store must be able to do.

Two roles: the store of the installation, and the store of one company. Instants are datetimes with
zone UTC.
"""

from __future__ import annotations

from regulars.store.contract.company import CompanyStore, SpoolWriter
from regulars.store.contract.importing import ImportingStore
from regulars.store.contract.installation import InstallationStore
from regulars.store.contract.line import ImportLine
from regulars.store.contract.reports import ProblemCodes, RejectedRow, ReportStore
from regulars.store.contract.values import (
    GONE,
    AddressKind,
    AuditEntry,
    Batch,
    ChangedRow,
    ChangeRow,
    Company,
    CompanyLimits,
    IdempotencyKey,
    ImportRun,
    ImportStatus,
    QueuedImport,
    QueueStep,
    Suppression,
)

__all__ = [
    "GONE",
    "AddressKind",
    "AuditEntry",
    "Batch",
    "ChangeRow",
    "ChangedRow",
    "Company",
    "CompanyLimits",
    "CompanyStore",
    "IdempotencyKey",
    "ImportLine",
    "ImportRun",
    "ImportStatus",
    "ImportingStore",
    "InstallationStore",
    "ProblemCodes",
    "QueueStep",
    "QueuedImport",
    "RejectedRow",
    "ReportStore",
    "SpoolWriter",
    "Suppression",
]
