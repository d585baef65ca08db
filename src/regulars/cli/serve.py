"""`regulars serve`: the server.

This process answers requests, holds the indexes, and starts a worker process that runs imports.
SIGTERM ends both: what is being answered is answered, a running import stops between two
transactions and goes on at the next start.
"""

from __future__ import annotations

import logging
import os
import sys

import click

from regulars.app import open_installation
from regulars.settings import read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Start the server and stay until SIGTERM or Ctrl-C."""
    from regulars.cli.http_server import run_server  # noqa: PLC0415 - other commands start quicker

    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    installation = open_installation(read_settings(os.environ))
    try:
        has_begun = run_server(installation, host, port)
    finally:
        installation.close()
    if not has_begun:
        sys.exit(1)
