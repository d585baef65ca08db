"""What commands share: the open installation, and secrets from standard input."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from regulars.app import open_installation
from regulars.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.services.installation import Installation

ACTOR: Final = "command"
"""Who did it, in history and audit log, where a command did."""


@contextmanager
def installation() -> Iterator[Installation]:
    """The installation that the environment names."""
    opened = open_installation(read_settings(os.environ))
    try:
        yield opened
    finally:
        opened.close()


def read_password(*, from_stdin: bool) -> str:
    """A password: the first line of standard input, or asked for twice on the terminal."""
    if from_stdin:
        try:
            return sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            msg = "the password on standard input is not UTF-8"
            raise click.UsageError(msg) from None
    if not sys.stdin.isatty():
        msg = "there is no terminal to ask on; use --password-stdin"
        raise click.UsageError(msg)
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password
