"""What the web process and its worker tell each other: lines of words over a pair of sockets.

The web process says `run COMPANY`, the worker `ended IMPORT`. A word that gets lost costs time, not
an import: both sides look at the store now and then. The end of the one process is the end of the
line for the other, however it ends.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class Channel:
    """One end."""

    def __init__(self, end: socket.socket) -> None:
        self._end: Final = end
        self._sending: Final = Lock()

    def send(self, *words: str) -> None:
        """Say something; nothing happens where nobody listens any more."""
        line = f"{' '.join(words)}\n".encode("ascii")
        with self._sending, suppress(OSError):
            self._end.sendall(line)

    def receive(self) -> Iterator[list[str]]:
        """What the other one says, until it ends."""
        with suppress(OSError), self._end.makefile("rb") as lines:
            for line in lines:
                yield line.decode("ascii").split()

    def close(self) -> None:
        """Let the other one know that nothing more is said."""
        with suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)
        self._end.close()
