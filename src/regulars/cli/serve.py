"""`regulars serve`: the server.

One process answers requests and runs imports. SIGTERM ends it: what is being answered is answered,
a running import stops between two batches and goes on at the next start.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import Final

import click
import uvicorn

from regulars.app import create_app, open_installation
from regulars.settings import read_settings

GRACE_SECONDS: Final = 4
_COLLECT_AFTER: Final = 50_000


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Start the server and stay until SIGTERM or Ctrl-C."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    installation = open_installation(read_settings(os.environ))
    app = create_app(installation)
    # What is loaded now stays: the cyclic collector need not look at it again and again.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)
    try:
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    finally:
        installation.close()
