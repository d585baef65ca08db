"""The program `regulars`: its commands, and how it fails: one line, and a status that is not 0."""

from __future__ import annotations

import sys

import click

from regulars.cli.companies import company
from regulars.cli.conditions import count_customers
from regulars.cli.exports import export_customers
from regulars.cli.fields import field
from regulars.cli.import_cancel import stop_import
from regulars.cli.import_group import imports
from regulars.cli.import_plans import apply_import, release_import
from regulars.cli.import_restart import restart_failed
from regulars.cli.import_show import list_imports, show_import
from regulars.cli.import_undo import undo_import
from regulars.cli.imports import import_file
from regulars.cli.index import index
from regulars.cli.maintain import maintain
from regulars.cli.segments import segments
from regulars.cli.serve import serve
from regulars.cli.suppressions import suppression
from regulars.cli.tokens import token
from regulars.cli.users import user
from regulars.cli.worker import worker
from regulars.errors import RegularsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars", prog_name="regulars")
def program() -> None:
    """Regulars: a self-hosted customer data platform.

    Settings come from the environment: REGULARS_DATA is the folder of the data,
    REGULARS_DATABASE_URL names a PostgreSQL database in place of SQLite.
    """


for command in (
    company,
    user,
    token,
    suppression,
    field,
    serve,
    worker,
    maintain,
    import_file,
    imports,
    export_customers,
    count_customers,
    segments,
    index,
):
    program.add_command(command)

for command in (
    list_imports,
    show_import,
    undo_import,
    stop_import,
    restart_failed,
    apply_import,
    release_import,
):
    imports.add_command(command)


def main() -> None:
    """Run the program."""
    status: object = None
    try:
        status = program.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except (RegularsError, OSError) as error:
        _fail(str(error) or type(error).__name__, 1)
    sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str, status: int) -> None:
    line = " ".join(message.split())
    click.echo(f"regulars: {line}", err=True)
    sys.exit(status)
