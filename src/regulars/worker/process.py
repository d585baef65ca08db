"""The web process's side of its worker: it is started, started again when it dies, and listened to.

Owns the process and the futures of those who wait for the end of an import.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import time
from concurrent.futures import Future
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from regulars.worker.channel import Channel
from regulars.worker.waiting import WaitingImports

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.store.contract import InstallationStore

STOP_SECONDS: Final = 3.0
_LONG_LIVED_SECONDS: Final = 5.0
_LONGEST_REST_SECONDS: Final = 2.0
_FIRST_REST_SECONDS: Final = 0.1

log: Final = logging.getLogger(__name__)


class WorkerProcess:
    """One worker process at a time. `command` gives its arguments from the number of the file that
    is its end of the channel.
    """

    def __init__(self, store: InstallationStore, command: Callable[[int], list[str]]) -> None:
        self._command: Final = command
        self._waiting: Final = WaitingImports(store)
        self._is_stopped: Final = Event()
        self._starting: Final = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None

    def start(self) -> None:
        """Start the worker, and see to it that there is one until `stop`."""
        self._waiting.start()
        Thread(target=self._supervise, name="worker", daemon=True).start()

    def run(self, company: str, import_id: str) -> Future[None]:
        """Have an accepted import run in its turn; may wait a moment for its end.

        The future is done when the import has ended, and before that where waiting for it is in
        vain: much stands before it in the line.
        """
        ended = self._waiting.add(import_id)
        channel = self._channel
        if channel is not None:
            channel.send("run", company)
            self._waiting.stay(import_id, ended)
        return ended

    def stop(self) -> None:
        """End the worker between two transactions, and in any case."""
        self._is_stopped.set()
        self._waiting.stop()
        with self._starting:
            process, channel = self._process, self._channel
        if channel is not None:
            channel.close()
        if process is not None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
            process.kill()
            process.wait()

    # Threads

    def _supervise(self) -> None:
        rest = 0.0
        while not self._is_stopped.wait(rest):
            began = time.monotonic()
            status = self._live_once()
            if self._is_stopped.is_set():
                return
            log.warning("the worker ended with status %s and is started again", status)
            if time.monotonic() - began > _LONG_LIVED_SECONDS:
                rest = 0.0
            else:
                rest = min(2 * rest or _FIRST_REST_SECONDS, _LONGEST_REST_SECONDS)

    def _live_once(self) -> int | str:
        """Start a worker and stay until it has ended; gives its exit status."""
        ours, theirs = socket.socketpair()
        with self._starting:
            if self._is_stopped.is_set():
                return 0
            try:
                with theirs:
                    process = self._start(theirs.fileno())
            except OSError as error:
                ours.close()
                return type(error).__name__
            channel = Channel(ours)
            self._process, self._channel = process, channel
        Thread(target=self._listen, args=(channel,), name="listen", daemon=True).start()
        status = process.wait()
        self._channel = None
        channel.close()
        return status

    def _start(self, file: int) -> subprocess.Popen[bytes]:
        command = self._command(file)  # of our own making
        return subprocess.Popen(command, pass_fds=[file], stdin=subprocess.DEVNULL)  # noqa: S603

    def _listen(self, channel: Channel) -> None:
        for words in channel.receive():
            if words[0] == "ended":
                self._waiting.end(words[1])
