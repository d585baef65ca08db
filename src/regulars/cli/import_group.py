"""`regulars imports`: what can be done with imports that were accepted."""

from __future__ import annotations

import click


@click.group()
def imports() -> None:
    """Imports that were accepted."""
