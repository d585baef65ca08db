"""`regulars company`: the companies of the installation."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation


@click.group()
def company() -> None:
    """Make companies."""


@company.command("create")
@click.argument("short_name")
@click.option("--name", required=True, help="Name to show, such as “Acme Oy”.")
@click.option("--timezone", required=True, help="IANA timezone, such as Europe/Helsinki.")
@click.option("--country", required=True, help="Default country, such as FI.")
def create(short_name: str, name: str, timezone: str, country: str) -> None:
    """Make a company. Its short name is never changed."""
    with installation() as opened:
        made = opened.create_company(
            short_name, name=name, timezone=timezone, country=country, actor=ACTOR
        )
    click.echo(f"company {made.short_name} made", err=True)


@company.command("list")
def list_companies() -> None:
    """List the companies."""
    with installation() as opened:
        for each in opened.store.load_companies():
            click.echo(f"{each.short_name}\t{each.name}\t{each.timezone}\t{each.country}")
