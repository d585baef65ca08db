"""The bodies of replies, as the OpenAPI description shows them.

Owns names and order of keys: clients in use rest on both.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from regulars.api.plan_replies import PlanReply
from regulars.domain.records.problem import Problem, Severity
from regulars.services.import_reports import Progress, measure_progress

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun


class ProblemReply(msgspec.Struct):
    """Something wrong with one record. Never holds a value of a person."""

    record: int
    field: str | None
    code: str
    severity: Literal["error", "warning"]
    message: str
    suggestion: str
    count: int
    """How often it occurs, where a code is listed once for each field."""
    line: int | None
    """Where the record begins in a CSV file."""


class ImportReply(msgspec.Struct):
    """What an import did so far."""

    id: str
    status: str
    records: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    ignored: int
    customers_changed: int
    warnings: int
    problems: list[ProblemReply]
    url: str


class ProblemGroupReply(msgspec.Struct):
    """All problems of one code and field in an import."""

    code: str
    field: str | None
    severity: Literal["error", "warning"]
    message: str
    suggestion: str
    count: int
    first_record: int


class ImportDetailReply(ImportReply):
    """An import with its times and all groups of its problems."""

    format: str | None
    """Of its body, as `size_bytes` is; both null where it undoes another import, and has none."""
    size_bytes: int | None
    actor: str
    undoes: str | None
    """Id of the import that this one undoes."""
    removed: int
    """Customers that an undo removed."""
    accepted_at: str
    started_at: str | None
    ended_at: str | None
    progress: Progress
    error_groups: list[ProblemGroupReply]
    """What rejected records, most frequent first."""
    warning_groups: list[ProblemGroupReply]
    """All other problems, most frequent first."""
    problems_url: str
    rejected_url: str | None
    """Of the file of rejected records, where any are kept."""
    plan: PlanReply | None = None
    """Of an import that is planned or held, where it is asked for alone."""


class ProblemPageReply(msgspec.Struct, omit_defaults=True):
    """Problems in the order in which they came; `next_url` only where more follow."""

    problems: list[ProblemReply]
    next_url: str | None = None


class UploadReply(msgspec.Struct):
    """The answer to an accepted upload."""

    response: Literal["ok"]
    import_: ImportReply = msgspec.field(name="import")


class ImportFoundReply(msgspec.Struct):
    """One import."""

    import_: ImportDetailReply = msgspec.field(name="import")


class ImportListReply(msgspec.Struct, omit_defaults=True):
    """Imports, newest first; `next_url` only where more follow."""

    imports: list[ImportDetailReply]
    next_url: str | None = None


class RejectedError(msgspec.Struct, omit_defaults=True):
    """Why an upload failed; `import` where its records were all rejected."""

    reason: str
    import_: ImportReply | None = msgspec.field(name="import", default=None)


class RejectedReply(msgspec.Struct):
    """The answer to an upload that failed."""

    error: RejectedError


def import_reply(run: ImportRun) -> ImportReply:
    """An import as the answer to its upload shows it."""
    return ImportReply(**_reply_values(run))  # type: ignore[arg-type]


def import_detail_reply(run: ImportRun, now: datetime, *, has_rejected: bool) -> ImportDetailReply:
    """An import as it is shown when somebody asks for it; whether rejected records are kept."""
    return ImportDetailReply(
        **_reply_values(run),  # type: ignore[arg-type]
        format=None if run.options.undoes else run.options.form.format,
        size_bytes=None if run.options.undoes else run.size_bytes,
        actor=run.actor,
        undoes=run.options.undoes,
        removed=run.report.removed,
        accepted_at=show_instant(run.accepted_at),
        started_at=show_instant(run.started_at) if run.has_started else None,
        ended_at=None if run.ended_at is None else show_instant(run.ended_at),
        progress=measure_progress(run, now),
        error_groups=_groups(run, "error"),
        warning_groups=_groups(run, "warning"),
        problems_url=f"/api/imports/{run.id}/problems/",
        rejected_url=f"/api/imports/{run.id}/rejected/" if has_rejected else None,
    )


def _groups(run: ImportRun, severity: Severity) -> list[ProblemGroupReply]:
    return [
        ProblemGroupReply(
            group.code,
            group.field,
            group.severity,
            group.kind.message,
            group.kind.suggestion,
            group.count,
            group.first_record,
        )
        for group in run.report.list_groups(severity)
    ]


def problem_reply(problem: Problem, count: int = 1) -> ProblemReply:
    """A problem as it is shown."""
    kind = problem.kind
    return ProblemReply(
        problem.record,
        problem.field,
        problem.code,
        problem.severity,
        kind.message,
        kind.suggestion,
        count,
        problem.line,
    )


def show_instant(instant: datetime) -> str:
    """An instant by RFC 3339, to the second, in UTC."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _reply_values(run: ImportRun) -> dict[str, object]:
    report = run.report
    return {
        "id": run.id,
        "status": run.status,
        "records": report.records,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "rejected": report.rejected,
        "ignored": report.ignored,
        "customers_changed": report.customers_changed,
        "warnings": report.warnings,
        "problems": [
            problem_reply(problem, report.count_of(problem)) for problem in report.problems
        ],
        "url": f"/api/imports/{run.id}/",
    }
