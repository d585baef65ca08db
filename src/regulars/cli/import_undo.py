"""`regulars imports undo`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from regulars.cli.context import ACTOR, installation
from regulars.cli.import_report import print_report
from regulars.services.import_undo import ENDED, accept_undo
from regulars.services.imports import Imports

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun

_LOOK_SECONDS: Final = 0.2


@click.command("undo")
@click.argument("company")
@click.argument("import_id", metavar="ID")
@click.pass_context
def undo_import(context: click.Context, company: str, import_id: str) -> None:
    """Put back what an import replaced, where nothing wrote it since, and remove the customers that
    it made and nothing else changed. It takes its turn behind what waits already.
    """
    with installation() as opened:
        register = opened.open_register(company)
        line = Imports(opened)
        undone = line.find(register, import_id)
        queued = accept_undo(opened, register, undone, ACTOR)
        run = _run_to_its_end(line, register, queued.id)
    print_report(run)
    click.echo(
        f"{run.report.customers_changed - run.report.removed} customers put back, "
        f"{run.report.removed} removed"
    )
    context.exit(0 if run.status == "done" else 1)


def _run_to_its_end(line: Imports, register: Register, import_id: str) -> ImportRun:
    """Run what waits; where a server is at work on it already, wait for it."""
    while True:
        line.run_waiting(register)
        run = line.find(register, import_id)
        if run.status in ENDED:
            return run
        time.sleep(_LOOK_SECONDS)
