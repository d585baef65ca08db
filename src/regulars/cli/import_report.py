"""Reports of imports on the terminal, errors apart from warnings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regulars.domain.imports.report import ProblemGroup
    from regulars.domain.records.problem import Severity
    from regulars.store.contract import ImportRun

SEVERITIES: Final[tuple[Severity, Severity]] = ("error", "warning")
_LISTED_GROUPS: Final = 50
_COLUMNS: Final = 200
"""Of a table that goes to a file or another program."""
_GAP: Final = 2
"""Between two columns."""


def print_report(run: ImportRun) -> None:
    """Print what an import did, a line each group of problems, errors first."""
    report = run.report
    click.echo(
        f"import {run.id} {run.status}: {report.records} "
        f"{'record' if report.records == 1 else 'records'}, {report.created} created, "
        f"{report.updated} updated, {report.unchanged} unchanged, {report.rejected} rejected, "
        f"{report.ignored} ignored"
    )
    for severity in SEVERITIES:
        groups = report.list_groups(severity)
        for group in groups[:_LISTED_GROUPS]:
            of_field = f" {printable(group.field)}" if group.field else ""
            click.echo(
                f"{severity}: {group.code}{of_field}: {group.count}, first in record "
                f"{group.first_record}"
            )
        if len(groups) > _LISTED_GROUPS:
            click.echo(f"{severity}: {len(groups) - _LISTED_GROUPS} more kinds")


def print_groups(run: ImportRun) -> None:
    """Print tables of the groups of problems, errors first."""
    for severity in SEVERITIES:
        groups = run.report.list_groups(severity)
        if groups:
            print_table(
                ("code", "field", "count", "first record", "what is wrong", "what to do"),
                map(_group_row, groups),
                title="Errors" if severity == "error" else "Warnings",
            )


def _group_row(group: ProblemGroup) -> tuple[object, ...]:
    kind = group.kind
    return (
        group.code, group.field or "", group.count, group.first_record, kind.message,
        kind.suggestion,
    )  # fmt: skip


def print_table(
    columns: Sequence[str],
    rows: Iterable[tuple[object, ...]],
    *,
    title: str = "",
    left_out: Sequence[str] = (),
) -> None:
    """Print a table; whole numbers stand at the right. Where the terminal is too narrow, columns of
    `left_out` go, the first ones first, before any of the others is broken into lines.
    """
    console = Console(width=None if sys.stdout.isatty() else _COLUMNS)
    cells = [tuple(map(_write_cell, row)) for row in rows]
    widths = {
        name: max([len(name), *(each[place].cell_len for each in cells)])
        for place, name in enumerate(columns)
    }
    for name in left_out:
        if sum(widths.values()) + _GAP * (len(widths) - 1) <= console.width:
            break
        del widths[name]
    table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for name in widths:
        table.add_column(Text(name), overflow="fold")
    for each in cells:
        table.add_row(*(cell for name, cell in zip(columns, each, strict=True) if name in widths))
    console.print(table)


def _write_cell(cell: object) -> Text:
    if isinstance(cell, int):
        return Text(f"{cell:,}", justify="right")
    return Text(printable(str(cell)))


def printable(text: str) -> str:
    """A name from a file without the signs that would steer a terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)
