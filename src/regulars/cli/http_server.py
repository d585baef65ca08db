"""The server that the web application runs in.

Owns how it ends: in time, whatever still runs. It stands apart because loading it takes a while,
which other commands do not wait for.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

import uvicorn

from regulars.app import create_app, http_connection
from regulars.cli.interpreter import settled

if TYPE_CHECKING:
    from types import FrameType

    from regulars.services.installation import Installation

GRACE_SECONDS: Final = 4
END_SECONDS: Final = 9
"""More than the requests, the worker and the index may take together, and less than 10, after which
systems kill."""


def run_server(installation: Installation, host: str, port: int) -> bool:
    """Serve until SIGTERM or Ctrl-C; gives whether it ever began to. Raises `ConflictError` where
    another server runs on the data folder.
    """
    app = create_app(installation)
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
    with settled():
        server.run()
    return server.started


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
