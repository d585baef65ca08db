"""`regulars suppression`: addresses of forgotten people, known by their hashes only."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation
from regulars.services.suppressions import lift_suppression


@click.group()
def suppression() -> None:
    """Look at the suppression list, lift an entry."""


@suppression.command("list")
@click.argument("company")
def list_suppressions(company: str) -> None:
    """List the entries: id, state, since when, kind of address."""
    with installation() as opened:
        for each in opened.open_register(company).store.load_suppressions():
            since = each.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            state = "in force" if each.lifted_at is None else "lifted"
            click.echo(f"{each.id}\t{state}\t{since}\t{each.kind}")


@suppression.command("lift")
@click.argument("company")
@click.argument("suppression_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="Why; kept in the audit log.")
def lift(company: str, suppression_id: int, reason: str) -> None:
    """Let records with a suppressed address apply again."""
    with installation() as opened:
        lift_suppression(opened, opened.open_register(company), suppression_id, reason, actor=ACTOR)
    click.echo("suppression lifted", err=True)
