"""`regulars index`: the copy of the customers in which conditions are answered."""

from __future__ import annotations

import click

from regulars.app import nearest_indexes
from regulars.cli.context import installation
from regulars.cli.patience import PatientIndexes, progress_bar


@click.group()
def index() -> None:
    """The index, in which conditions are answered."""


@index.command("rebuild")
@click.argument("company")
def rebuild(company: str) -> None:
    """Make a company's index anew from the store. Nothing is lost by it; the present one answers
    meanwhile. It happens by itself where a file is missing or damaged.
    """
    with installation() as opened, nearest_indexes(opened) as nearest:
        opened.open_register(company)
        with progress_bar("Making the index") as on_progress:
            PatientIndexes(nearest).rebuild(company, on_progress)
    click.echo(f"index of {company} made", err=True)
