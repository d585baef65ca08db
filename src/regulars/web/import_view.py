"""The values of an import's page: how it goes, what it did, and what can be done with it.

Owns which of its report is shown, and who may do what. Must not know forms.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.access.scopes import allows
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_reports import Progress, find_with_rejected, measure_progress
from regulars.services.import_undo import ENDED
from regulars.web.field_labels import label_field
from regulars.web.import_wording import (
    MOVED,
    STATUSES,
    Actors,
    write_choices,
    write_kind,
    write_message,
    write_reason,
    write_seconds,
    write_suggestion,
)

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.domain.imports.plan import Conflict, Sample
    from regulars.domain.imports.report import ProblemGroup, Report
    from regulars.domain.records.problem import ProblemKind
    from regulars.edge.services import Services
    from regulars.services.kept_imports import FoundPlan
    from regulars.store.contract import ImportRun
    from regulars.web.context import Visitor

LIVE: Final = ("queued", "running")
_FIRST_RECORDS: Final = 5
_SEARCHED_IMPORTS: Final = 200
"""So many of the newest imports are looked at for the undo of one."""


class Figure(msgspec.Struct, frozen=True):
    """A number of the report. `tone` is problem or warning where it asks to be looked at."""

    label: str
    number: int
    hint: str
    tone: str = ""


class ProblemRow(msgspec.Struct, frozen=True):
    """All problems of one code and field."""

    code: str
    field: str
    count: int
    message: str
    suggestion: str
    records: list[int]


class FieldChange(msgspec.Struct, frozen=True):
    """A field of an example: its former and new value, empty where there is none."""

    label: str
    before: str
    after: str


class SampleRow(msgspec.Struct, frozen=True):
    """An example of what an import would change."""

    record: int
    customer: str
    is_new: bool
    changes: list[FieldChange]


class PlanView(msgspec.Struct, frozen=True):
    """What is known of an import before it is applied."""

    expires_at: datetime
    reasons: list[str]
    samples: list[SampleRow]


class Moved(msgspec.Struct, frozen=True):
    """A record that would not do what was planned."""

    record: int
    reason: str


class ImportPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    id: str
    kind: str
    status: str
    status_label: str
    who: str
    accepted_at: datetime
    ended_at: datetime | None
    duration: str
    size_bytes: int
    choices: list[str]
    progress: Progress
    share: int | None
    left: str
    figures: list[Figure]
    errors: list[ProblemRow]
    warnings: list[ProblemRow]
    plan: PlanView | None
    moved: list[Moved]
    undoes: str | None
    undone_by: str | None
    draft_id: str | None
    is_live: bool
    has_rejected: bool
    may_cancel: bool
    may_apply: bool
    may_release: bool
    may_undo: bool
    may_restart: bool


def may_release(visitor: Visitor, import_id: str) -> bool:
    """Whether somebody may let a held import take effect."""
    return visitor.principal.may("POST", f"/api/imports/{import_id}/release/")


def may_cancel(visitor: Visitor, run: ImportRun) -> bool:
    """Whether somebody may cancel an import: their own, and all if their role says so."""
    may_all = allows(visitor.principal.scopes, "POST", f"/api/imports/{run.id}/cancel/")
    return visitor.may_edit and (may_all or run.actor == visitor.actor)


def make_import_page(
    services: Services,
    visitor: Visitor,
    run: ImportRun,
    draft_id: str | None,
    conflicts: list[Conflict],
) -> ImportPage:
    """The page of an import. `draft_id` is the file that a dry run came from; `conflicts` is what
    keeps a plan from being applied.
    """
    register, report = visitor.register, run.report
    schema, now = register.load_schema(), services.installation.now()
    found = services.imports.kept.find_plan(register, run)
    progress = measure_progress(run, now)
    is_applicable = found is not None and (
        not found.plan.hold_reasons or may_release(visitor, run.id)
    )
    is_ended, edits = run.status in ENDED, visitor.may_edit
    undone_by = _find_undo(services, visitor, run) if is_ended else None
    return ImportPage(
        id=run.id,
        kind=write_kind(run),
        status=run.status,
        status_label=STATUSES[run.status],
        who=Actors(services.access, register.company.short_name).name(run.actor),
        accepted_at=run.accepted_at,
        ended_at=run.ended_at,
        duration=_duration(run),
        size_bytes=run.size_bytes,
        choices=write_choices(schema, run.options),
        progress=progress,
        share=_share(progress),
        left="" if progress.seconds_left is None else write_seconds(progress.seconds_left),
        figures=_undo_figures(report) if run.options.undoes else _figures(report),
        errors=_problem_rows(schema, report, report.list_groups("error")),
        warnings=_problem_rows(schema, report, report.list_groups("warning")),
        plan=None if found is None else _plan_view(schema, found),
        moved=[Moved(each.record, MOVED[each.reason]) for each in conflicts],
        undoes=run.options.undoes,
        undone_by=undone_by,
        draft_id=draft_id,
        is_live=run.status in LIVE,
        has_rejected=run.id in find_with_rejected(register, [run]),
        may_cancel=run.status in (*LIVE, "planned", "held") and may_cancel(visitor, run),
        may_apply=run.status == "planned" and edits and is_applicable,
        may_release=run.status == "held" and may_release(visitor, run.id),
        may_undo=is_ended and edits and undone_by is None and report.customers_changed > 0,
        may_restart=run.status == "failed" and edits,
    )


def _duration(run: ImportRun) -> str:
    if run.ended_at is None or not run.has_started:
        return ""
    return write_seconds((run.ended_at - run.started_at).total_seconds())


def _share(progress: Progress) -> int | None:
    total = progress.records_total
    return min(100, 100 * progress.records_done // total) if total else None


def _find_undo(services: Services, visitor: Visitor, run: ImportRun) -> str | None:
    line = services.installation.store.line
    runs, _ = load_page(line, visitor.register, ImportPlace(), _SEARCHED_IMPORTS)
    return next((each.id for each in runs if each.options.undoes == run.id), None)


# The report


def _figures(report: Report) -> list[Figure]:
    return [
        Figure("Records", report.records, "read from the file"),
        Figure("New", report.created, "made a customer"),
        Figure("Updated", report.updated, "changed customers"),
        Figure("Unchanged", report.unchanged, "said nothing new"),
        Figure(
            "Ignored", report.ignored, "left out, see below", "warning" if report.ignored else ""
        ),
        Figure("Rejected", report.rejected, "not imported", "problem" if report.rejected else ""),
    ]


def _undo_figures(report: Report) -> list[Figure]:
    tone = "warning" if report.ignored else ""
    return [
        Figure("Customers", report.records, "looked at"),
        Figure("Put back", report.updated - report.removed, "have their former values"),
        Figure("Removed", report.removed, "the import had made them"),
        Figure("Unchanged", report.unchanged, "nothing to put back"),
        Figure("Left", report.ignored, "as they are, see below", tone),
    ]


def _problem_rows(schema: Schema, report: Report, groups: list[ProblemGroup]) -> list[ProblemRow]:
    records: dict[tuple[ProblemKind, str | None], list[int]] = {}
    for problem in (*report.errors, *report.other_problems):
        listed = records.setdefault((problem.kind, problem.field), [])
        if len(listed) < _FIRST_RECORDS:
            listed.append(problem.record)
    return [
        ProblemRow(
            group.code,
            label_field(schema, group.field) if group.field else "",
            group.count,
            write_message(group.kind),
            write_suggestion(group.kind),
            records.get((group.kind, group.field)) or [group.first_record],
        )
        for group in groups
    ]


# Plans


def _plan_view(schema: Schema, found: FoundPlan) -> PlanView:
    return PlanView(
        found.plan.expires_at,
        [write_reason(schema, reason) for reason in found.plan.hold_reasons],
        [_sample_row(schema, sample) for sample in found.samples],
    )


def _sample_row(schema: Schema, sample: Sample) -> SampleRow:
    before = sample.before or {}
    names = ("external_id", "email", "phone_number")
    customer = next((str(sample.customer[name]) for name in names if name in sample.customer), "")
    changes = [
        FieldChange(label_field(schema, name), _show(before.get(name)), _show(value))
        for name, value in sample.after.items()
    ]
    return SampleRow(sample.record, customer, sample.before is None, changes)


def _show(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case list():
            return ", ".join(map(str, value))
        case dict():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)
