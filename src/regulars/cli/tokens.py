"""`regulars token`: secrets for programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from regulars.cli.context import ACTOR, installation
from regulars.services.access import Access


@click.group()
def token() -> None:
    """Make, list and revoke tokens."""


@token.command("create")
@click.argument("company")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    help='A method and path, such as "POST /api/customers/upload/". May be repeated. Without: '
    "upload, read, and follow imports.",
)
@click.option("--days", type=click.IntRange(min=1), help="Days until it expires. Without: never.")
def create(company: str, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a token and print its secret, this once."""
    expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
    with installation() as opened:
        _, secret = Access(opened).create_token(
            company, name, scopes, actor=ACTOR, expires_at=expires_at
        )
    click.echo(secret)


@token.command("list")
@click.argument("company")
def list_tokens(company: str) -> None:
    """List a company's tokens: id, state, made at, name, scopes."""
    with installation() as opened:
        for each in Access(opened).load_tokens(company):
            now = opened.now()
            if each.revoked_at is not None:
                state = "revoked"
            elif each.expires_at is not None and each.expires_at <= now:
                state = "expired"
            else:
                state = "in force"
            made = each.created_at.strftime("%Y-%m-%dT%H:%M:%SZ")
            scopes = ", ".join(each.scopes) or "default"
            click.echo(f"{each.id}\t{state}\t{made}\t{each.name}\t{scopes}")


@token.command("revoke")
@click.argument("company")
@click.argument("token_id", metavar="ID")
def revoke(company: str, token_id: str) -> None:
    """End a token's access."""
    with installation() as opened:
        Access(opened).revoke_token(company, token_id, actor=ACTOR)
    click.echo("token revoked", err=True)
