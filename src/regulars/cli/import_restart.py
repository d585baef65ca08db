"""`regulars imports restart`."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation
from regulars.services.import_restart import restart_import
from regulars.services.imports import Imports


@click.command("restart")
@click.argument("company")
@click.argument("import_id", metavar="ID")
def restart_failed(company: str, import_id: str) -> None:
    """Let an import that failed go on where it stopped, once the fault is mended. It takes its turn
    behind what waits already, and is run by the server or a worker.
    """
    with installation() as opened:
        register = opened.open_register(company)
        run = Imports(opened).find(register, import_id)
        restart_import(opened, register, run, actor=ACTOR)
    click.echo(f"import {import_id} waits for its turn", err=True)
