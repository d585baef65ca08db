"""`regulars user`: people who may sign in."""

from __future__ import annotations

import click

from regulars.cli.context import ACTOR, installation, read_password
from regulars.domain.access.credentials import ROLES
from regulars.services.access import Access

_PASSWORD_OPTION = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group()
def user() -> None:
    """Make users, change passwords, end access."""


@user.command("create")
@click.argument("company")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@_PASSWORD_OPTION
def create(company: str, email: str, role: str, *, password_stdin: bool) -> None:
    """Make a user of a company."""
    password = read_password(from_stdin=password_stdin)
    with installation() as opened:
        Access(opened).create_user(company, email, role, password, actor=ACTOR)
    click.echo("user made", err=True)


@user.command("password")
@click.argument("company")
@click.argument("email")
@_PASSWORD_OPTION
def password(company: str, email: str, *, password_stdin: bool) -> None:
    """Give a user a new password."""
    new_password = read_password(from_stdin=password_stdin)
    with installation() as opened:
        Access(opened).set_password(company, email, new_password, actor=ACTOR)
    click.echo("password changed", err=True)


@user.command("disable")
@click.argument("company")
@click.argument("email")
def disable(company: str, email: str) -> None:
    """End a user's access."""
    with installation() as opened:
        Access(opened).disable_user(company, email, actor=ACTOR)
    click.echo("user disabled", err=True)
