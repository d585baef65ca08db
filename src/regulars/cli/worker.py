"""`regulars worker`: runs imports and timers, beside any number of other workers and servers."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Final

import click

from regulars.app import create_worker, open_installation
from regulars.cli.interpreter import settled
from regulars.errors import RegularsError, StorageFullError, StoreUnavailableError
from regulars.settings import read_settings
from regulars.worker.channel import Channel

if TYPE_CHECKING:
    from regulars.services.installation import Installation

_RETRY_SECONDS: Final = 2.0
_PATIENCE_SECONDS: Final = 60.0
_CLOSE_SECONDS: Final = 1.0

log: Final = logging.getLogger(__name__)


@click.command()
def worker() -> None:
    """Run imports and timers until SIGTERM or Ctrl-C. `regulars serve` has a worker of its own:
    this is for further ones, on any machine that reaches the database.
    """
    _run(None)


def _run(channel: Channel | None) -> None:
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
    )
    installation = _open(is_patient=channel is not None)
    running = create_worker(installation, channel)
    signal.signal(signal.SIGTERM, lambda *_: running.stop())
    if channel is None:
        signal.signal(signal.SIGINT, lambda *_: running.stop())
    log.info("the worker is ready")
    with settled():
        running.run()
    last = threading.Timer(_CLOSE_SECONDS, os._exit, [1])
    last.daemon = True
    last.start()
    installation.close()
    logging.shutdown()
    # A thread that is still in the middle of a transaction does not delay the end.
    os._exit(0)


def _open(*, is_patient: bool) -> Installation:
    """The installation; a worker that is started again while the database is away waits for it."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    is_told = False
    while True:
        try:
            return open_installation(read_settings(os.environ))
        except (StoreUnavailableError, StorageFullError) as error:
            # Not for ever: whoever started it may have ended meanwhile.
            if not is_patient or time.monotonic() > deadline:
                raise
            if not is_told:
                log.warning("the worker waits for its data: %s", error)
            is_told = True
            time.sleep(_RETRY_SECONDS)


def main() -> None:
    """The worker of a web process, which gives it the file of its channel as the argument."""
    # Ctrl-C reaches the whole process group: the web process then ends the channel.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _run(Channel(socket.socket(fileno=int(sys.argv[1]))))
    except RegularsError as error:
        sys.exit(f"regulars: {error}")


if __name__ == "__main__":
    main()
