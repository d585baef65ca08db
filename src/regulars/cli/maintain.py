"""`regulars maintain`: what the worker does from time to time, by hand."""

from __future__ import annotations

import click

from regulars.app import nearest_indexes
from regulars.cli.context import installation
from regulars.cli.patience import PatientIndexes
from regulars.services.daily_counts import count_segments
from regulars.services.maintenance import Maintenance


@click.command()
@click.argument("company", required=False)
def maintain(company: str | None) -> None:
    """Do what a worker does from time to time, for a company or all: remove what is kept for a
    while only, and count the segments that have not been counted today.
    """
    with installation() as opened:
        maintenance = Maintenance(opened)
        if company is None:
            companies = [each.short_name for each in opened.store.load_companies()]
        else:
            companies = [company]
        registers = [opened.open_register(short_name) for short_name in companies]
        _print("installation", maintenance.maintain_installation())
        with nearest_indexes(opened) as nearest:
            for register in registers:
                done = maintenance.maintain(register, wait=True) or {}
                counts = count_segments(opened, register, PatientIndexes(nearest))
                done["segments counted"] = counts.counted
                if counts.broken:
                    done["segments whose condition has a problem"] = counts.broken
                _print(register.company.short_name, done)


def _print(subject: str, done: dict[str, int]) -> None:
    what = ", ".join(f"{count} {name}" for name, count in done.items())
    click.echo(f"{subject}: {what}")
