"""`regulars field`: a company's own fields."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation
from regulars.services.fields import DECLARABLE_TYPES, declare_field


@click.group()
def field() -> None:
    """Declare and list company fields."""


@field.command("declare")
@click.argument("company")
@click.argument("name")
@click.argument("type_name", metavar="TYPE", type=click.Choice(DECLARABLE_TYPES))
def declare(company: str, name: str, type_name: str) -> None:
    """Declare a field: from now on its type stays, and an unfit value is a problem."""
    with installation() as opened:
        declared = declare_field(
            opened, opened.open_register(company), name, type_name, actor=ACTOR
        )
    click.echo(f"{declared.name} is {declared.type}", err=True)


@field.command("list")
@click.argument("company")
def list_fields(company: str) -> None:
    """List a company's own fields: name, type, declared or inferred."""
    with installation() as opened:
        for each in opened.open_register(company).store.load_fields():
            click.echo(f"{each.name}\t{each.type}\t{each.origin}")
