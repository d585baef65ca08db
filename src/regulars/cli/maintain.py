"""`regulars maintain`: what the worker does from time to time, by hand."""

from __future__ import annotations

import click

from regulars.cli.context import installation
from regulars.services.maintenance import Maintenance


@click.command()
@click.argument("company", required=False)
def maintain(company: str | None) -> None:
    """Remove what is kept for a while only, as a worker does every hour: for a company, or all."""
    with installation() as opened:
        maintenance = Maintenance(opened)
        if company is None:
            companies = [each.short_name for each in opened.store.load_companies()]
        else:
            companies = [company]
        registers = [opened.open_register(short_name) for short_name in companies]
        _print("installation", maintenance.maintain_installation())
        for register in registers:
            done = maintenance.maintain(register, wait=True)
            _print(register.company.short_name, done or {})


def _print(subject: str, done: dict[str, int]) -> None:
    what = ", ".join(f"{count} {name}" for name, count in done.items())
    click.echo(f"{subject}: {what}")
