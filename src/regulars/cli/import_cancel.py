"""`regulars imports cancel`."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation
from regulars.services.import_cancel import cancel_import
from regulars.services.imports import Imports


@click.command("cancel")
@click.argument("company")
@click.argument("import_id", metavar="ID")
def stop_import(company: str, import_id: str) -> None:
    """Cancel an import: one that waits never starts, one that runs stops after its batch. What it
    has applied stays, and can be undone.
    """
    with installation() as opened:
        register = opened.open_register(company)
        run = cancel_import(opened, Imports(opened), register, import_id, actor=ACTOR)
    if run.status == "running":
        click.echo(f"import {run.id} stops after its batch")
    else:
        click.echo(f"import {run.id} {run.status}")
