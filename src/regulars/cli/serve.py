"""`regulars serve`: the server.

This process answers requests, and starts a worker process that runs imports. SIGTERM ends both:
what is being answered is answered, a running import stops between two transactions and goes on at
the next start.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Final

import click
import uvicorn

from regulars.app import create_app, http_connection, open_installation
from regulars.settings import read_settings

if TYPE_CHECKING:
    from types import FrameType

GRACE_SECONDS: Final = 4
END_SECONDS: Final = 8
_COLLECT_AFTER: Final = 50_000
_SWITCH_SECONDS: Final = 0.0005
"""A thread that counts a large body takes short turns with those that answer small requests."""


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
    sys.setswitchinterval(_SWITCH_SECONDS)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=http_connection(),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    try:
        server.run()
    finally:
        installation.close()
    if not server.started:
        sys.exit(1)


class _Server(uvicorn.Server):
    """A server that ends in time, whatever still runs."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """End, and at once if asked again. Unlike uvicorn's own, it does not die of the signal
        afterwards, so that the installation is closed and the exit status is 0.
        """
        self.force_exit = self.should_exit
        self.should_exit = True
        # A thread in the middle of a large body cannot be stopped. Whatever was answered is
        # durable, so that ending now is no worse than a crash.
        last = threading.Timer(END_SECONDS, os._exit, [1])
        last.daemon = True
        last.start()
