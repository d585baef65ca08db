"""`regulars imports undo`."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation
from regulars.cli.import_bar import import_bar
from regulars.cli.import_plans import settle
from regulars.cli.import_report import print_report
from regulars.services.file_import import run_to_its_end
from regulars.services.import_undo import accept_undo
from regulars.services.imports import Imports


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
        with import_bar() as watcher:
            run = run_to_its_end(line, register, queued.id, watcher)
        run = settle(line, register, run)
    print_report(run)
    if run.status != "held":
        click.echo(
            f"{run.report.customers_changed - run.report.removed} customers put back, "
            f"{run.report.removed} removed"
        )
    context.exit(0 if run.status == "done" else 1)
