"""`regulars imports list` and `regulars imports show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from regulars.cli.context import installation
from regulars.cli.import_plans import print_changes, print_reasons
from regulars.cli.import_report import print_groups, print_table, printable
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_reports import (
    find_with_rejected,
    iterate_problems,
    measure_progress,
    write_rejected_file,
)
from regulars.services.imports import Imports

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.services.import_reports import Progress
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun

_LISTED_IMPORTS: Final = 50


@click.command("list")
@click.argument("company")
@click.option("--limit", type=click.IntRange(1, 100_000), default=_LISTED_IMPORTS)
def list_imports(company: str, limit: int) -> None:
    """List imports, newest first."""
    with installation() as opened:
        runs, _ = load_page(opened.store.line, opened.open_register(company), ImportPlace(), limit)
    print_table(
        ("id", "status", "accepted", "by", "records", "created", "updated", "unchanged",
         "rejected", "ignored", "warnings"),
        (_row(run) for run in runs),
        left_out=("warnings", "ignored", "unchanged", "updated", "created", "by", "rejected",
                  "records", "accepted"),
    )  # fmt: skip


def _row(run: ImportRun) -> tuple[object, ...]:
    report = run.report
    return (
        run.id, run.status, _show(run.accepted_at), run.actor, report.records, report.created,
        report.updated, report.unchanged, report.rejected, report.ignored, report.warnings,
    )  # fmt: skip


@click.command("show")
@click.argument("company")
@click.argument("import_id", metavar="ID")
@click.option("--problems", is_flag=True, help="Every problem, a line each, in place of groups.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rejected records to this file, to mend and import again.",
)
def show_import(company: str, import_id: str, rejected: Path | None, *, problems: bool) -> None:
    """Show how far an import has come, what its records did, and what was wrong; of one that is
    planned or held also why it is held, and the first changes that it would make.
    """
    with installation() as opened:
        register = opened.open_register(company)
        imports = Imports(opened)
        run = imports.find(register, import_id)
        if rejected is not None:
            _check_rejected(register, run)
        _print_import(run, measure_progress(run, opened.now()))
        plan = imports.kept.find_plan(register, run)
        if plan is not None:
            click.echo(f"kept until {_show(plan.plan.expires_at)}")
            print_reasons(run, plan)
        if problems:
            _print_problems(register, run)
        else:
            print_groups(run)
        if plan is not None:
            # Behind what is wrong, which they would hide.
            print_changes(plan)
        if rejected is not None:
            _write_rejected(register, run, rejected)


def _print_import(run: ImportRun, progress: Progress) -> None:
    report = run.report
    click.echo(f"import {run.id} {run.status}, by {run.actor}")
    times = [("accepted", run.accepted_at), ("ended", run.ended_at)]
    if run.has_started:
        times.insert(1, ("started", run.started_at))
    click.echo(", ".join(f"{name} {_show(time)}" for name, time in times if time is not None))
    click.echo(_describe(progress))
    click.echo(
        f"{report.created:,} created, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.rejected:,} rejected, {report.ignored:,} ignored"
    )


def _describe(progress: Progress) -> str:
    total = "" if progress.records_total is None else f" of {progress.records_total:,}"
    count = progress.records_done if progress.records_total is None else progress.records_total
    text = f"{progress.records_done:,}{total} {'record' if count == 1 else 'records'}"
    if progress.records_per_second is not None:
        text += f", {progress.records_per_second:,.0f} a second"
    if progress.seconds_left:
        text += f", about {progress.seconds_left:,} s left"
    return text


def _print_problems(register: Register, run: ImportRun) -> None:
    for problem in iterate_problems(register, run):
        line = "" if problem.line is None else f", line {problem.line}"
        of_field = "" if problem.field is None else f" {printable(problem.field)}"
        count = run.report.count_of(problem)
        times = "" if count == 1 else f" ({count} times)"
        click.echo(
            f"record {problem.record}{line}: {problem.severity}: {problem.code}{of_field}: "
            f"{problem.kind.message}{times}"
        )


def _check_rejected(register: Register, run: ImportRun) -> None:
    if run.id not in find_with_rejected(register, [run]):
        was_rejected = bool(run.report.rejected)
        why = "they are not kept any more" if was_rejected else "no record was rejected"
        raise click.ClickException(f"there are no rejected records to write: {why}")


def _write_rejected(register: Register, run: ImportRun, path: Path) -> None:
    # Written whole or not at all: nobody mends half of them and takes that for all.
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as stream:
        for piece in write_rejected_file(register, run):
            stream.write(piece)
    draft.replace(path)
    click.echo(f"rejected records written to {path}", err=True)


def _show(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%SZ")
