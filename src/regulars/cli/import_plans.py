"""`regulars imports apply` and `regulars imports release`; plans and holds on the terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

import click
import msgspec

from regulars.cli.context import ACTOR, installation
from regulars.cli.import_bar import import_bar
from regulars.cli.import_report import print_report
from regulars.errors import TooBusyError
from regulars.services.file_import import run_to_its_end
from regulars.services.import_plan import tell_reason
from regulars.services.imports import Imports
from regulars.services.kept_imports import BUSY, PlanMovedError

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.services.kept_imports import FoundPlan
    from regulars.store.contract import ImportRun

_SHOWN_CHANGES: Final = 20
_WAIT_SECONDS: Final = 3.0
_TRY_SECONDS: Final = 0.1


@click.command("apply")
@click.argument("company")
@click.argument("import_id", metavar="ID")
@click.pass_context
def apply_import(context: click.Context, company: str, import_id: str) -> None:
    """Have a dry run take effect, once: only where every record would do what was planned."""
    with installation() as opened:
        register = opened.open_register(company)
        imports = Imports(opened)
        run = imports.find(register, import_id)
        try:
            _apply(imports, register, run)
        except PlanMovedError as error:
            for each in error.conflicts:
                click.echo(f"record {each.record}: {each.reason}", err=True)
            raise
        with import_bar() as watcher:
            run = run_to_its_end(imports, register, run.id, watcher)
    _finish(context, run)


@click.command("release")
@click.argument("company")
@click.argument("import_id", metavar="ID")
@click.pass_context
def release_import(context: click.Context, company: str, import_id: str) -> None:
    """Let a held import take effect. It leaves alone, and lists, every field that was written since
    it was accepted.
    """
    with installation() as opened:
        register = opened.open_register(company)
        imports = Imports(opened)
        run = _release(imports, register, imports.find(register, import_id))
    _finish(context, run)


def settle(imports: Imports, register: Register, run: ImportRun) -> ImportRun:
    """Show a plan; ask whether a held import is to be applied, where there is somebody to ask."""
    found = imports.kept.find_plan(register, run)
    if found is None or run.status not in ("planned", "held"):
        return run
    print_reasons(run, found)
    if run.status == "planned":
        print_changes(found)
    if run.status == "held" and _can_ask() and click.confirm("Apply it all the same?", err=True):
        return _release(imports, register, run)
    verb = "apply" if run.status == "planned" else "release"
    company = register.company.short_name
    click.echo(f"nothing was changed; to apply it: regulars imports {verb} {company} {run.id}")
    return run


def print_reasons(run: ImportRun, found: FoundPlan) -> None:
    """Print why an import is held, or would be."""
    for reason in found.plan.hold_reasons:
        click.echo(f"{'held' if run.status == 'held' else 'would be held'}: {tell_reason(reason)}")


def print_changes(found: FoundPlan) -> None:
    """Print the first changes that an import would make."""
    for sample in found.samples[:_SHOWN_CHANGES]:
        click.echo(msgspec.json.encode(sample).decode())


def _apply(imports: Imports, register: Register, run: ImportRun) -> None:
    until = time.monotonic() + _WAIT_SECONDS
    while imports.kept.apply(register, run, actor=ACTOR, may_release=True) is None:
        if time.monotonic() > until:
            raise TooBusyError(BUSY)
        time.sleep(_TRY_SECONDS)


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _release(imports: Imports, register: Register, run: ImportRun) -> ImportRun:
    imports.kept.release(register, run, actor=ACTOR)
    with import_bar() as watcher:
        return run_to_its_end(imports, register, run.id, watcher)


def _finish(context: click.Context, run: ImportRun) -> None:
    print_report(run)
    context.exit(0 if run.status == "done" else 1)
