"""What a worker process does from its start to its end."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from regulars.services.imports import Imports
from regulars.worker.lines import ImportLines
from regulars.worker.timers import Timers

if TYPE_CHECKING:
    from regulars.services.installation import Installation
    from regulars.worker.channel import Channel
    from regulars.worker.timers import CountSegments

STOP_SECONDS: Final = 2.5
"""A transaction that is being written takes less; if not, the end of the process undoes it."""


class Worker:
    """A worker of an installation; `channel` leads to the web process that started it, if one did:
    where that one ends, so does the worker.
    """

    def __init__(
        self, installation: Installation, channel: Channel | None, count_segments: CountSegments
    ) -> None:
        self._channel: Final = channel
        self._lines: Final = ImportLines(installation, Imports(installation), self._tell_end)
        self._timers: Final = Timers(installation, count_segments)
        self._is_over: Final = Event()

    def stop(self) -> None:
        """Have `run` come to its end. May be called by any thread, and by a signal's handler."""
        # Setting the event here could wait for itself: the handler may interrupt its waiting.
        Thread(target=self._is_over.set, daemon=True).start()

    def run(self) -> None:
        """Run imports and timers until `stop` is called or the web process has ended."""
        self._lines.start()
        self._timers.start()
        if self._channel is not None:
            Thread(target=self._listen, args=(self._channel,), name="listen", daemon=True).start()
        self._is_over.wait()
        self._timers.stop()
        self._lines.stop(STOP_SECONDS)

    def _listen(self, channel: Channel) -> None:
        for words in channel.receive():
            if words[0] == "run":
                self._lines.wake(words[1])
        self._is_over.set()

    def _tell_end(self, import_id: str) -> None:
        if self._channel is not None:
            self._channel.send("ended", import_id)
