"""`regulars export`, and how every command writes customers to a file or to standard output."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from regulars.app import nearest_indexes
from regulars.cli.conditions import read_choice
from regulars.cli.context import ACTOR, installation
from regulars.cli.patience import PatientIndexes
from regulars.services.chosen_customers import choose_customers
from regulars.services.exports import EXPORT_FORMATS, write_export

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from regulars.domain.segments.tree import Condition
    from regulars.services.installation import Installation, Register

FORMAT_OPTION = click.option(
    "--format", "export_format", type=click.Choice(EXPORT_FORMATS), default=EXPORT_FORMATS[0],
    show_default=True,
)  # fmt: skip
OUT_OPTION = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Without: stdout."
)


@click.command("export")
@click.argument("company")
@click.option("--where", metavar="EXPRESSION", help="Only customers that meet this condition.")
@click.option("--segment", metavar="NAME", help="Only customers in this segment.")
@FORMAT_OPTION
@OUT_OPTION
def export_customers(
    company: str, where: str | None, segment: str | None, export_format: str, out: Path | None
) -> None:
    """Write all customers, or those that are asked for. NDJSON and CSV can be uploaded again."""
    with installation() as opened:
        register = opened.open_register(company)
        condition = read_choice(opened, register, where, segment)
        export_to(opened, register, condition, export_format, out)


def export_to(
    opened: Installation,
    register: Register,
    condition: Condition | None,
    export_format: str,
    out: Path | None,
) -> None:
    """Write the customers that meet a condition, or all, and say how many."""
    with nearest_indexes(opened) as nearest:
        chosen = None
        if condition is not None:
            chosen = choose_customers(register, PatientIndexes(nearest), condition)
        with _stream(out) as stream:
            count = write_export(
                opened, register, export_format, stream, actor=ACTOR, chosen=chosen
            )
    click.echo(f"{count} customers exported", err=True)


@contextmanager
def _stream(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        yield sys.stdout.buffer
        return
    # Written whole or not at all: nobody takes half an export for a whole one.
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
