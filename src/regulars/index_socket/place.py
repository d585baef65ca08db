"""Where the socket lies, and for whom.

Owns the file `regulars.sock` in the data folder. Must not know what is said over it.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from regulars.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "regulars.sock"
_DRAFT_FOLDER: Final = ".socket"
_BACKLOG: Final = 64
_MOST_ADDRESS_BYTES: Final = 103
"""That every system takes; with the end of the text, macOS has 104, Linux 108."""


def listen(folder: Path) -> socket.socket:
    """A socket that listens, in place of one that a crash left there. The caller is the only
    server on the folder. Raises `SettingsError`, `OSError`.
    """
    # It comes into being in a folder that nobody else can enter: there is no moment in which
    # others could open it.
    private = folder / _DRAFT_FOLDER
    draft = private / NAME
    private.mkdir(mode=0o700, exist_ok=True)
    draft.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _address(draft) as address:
            listener.bind(address)
        draft.chmod(0o600)
        listener.listen(_BACKLOG)
        draft.replace(folder / NAME)
    except BaseException:
        listener.close()
        raise
    finally:
        with suppress(OSError):
            private.rmdir()
    return listener


def connect(folder: Path, seconds: float) -> socket.socket | None:
    """A connection with the server of a data folder; None where none listens.

    Waits for so long wherever it waits. Raises `SettingsError`, `OSError`.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        with _address(folder / NAME) as address:
            connection.connect(address)
    except (FileNotFoundError, ConnectionRefusedError):
        connection.close()
        return None
    except BaseException:
        connection.close()
        raise
    return connection


def remove(folder: Path) -> None:
    """Take the socket away, where nobody listens any more."""
    with suppress(OSError):
        (folder / NAME).unlink()


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """An address of a file that is short enough, by way of the number of its opened folder."""
    if len(os.fsencode(path)) <= _MOST_ADDRESS_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        short = Path("/proc/self/fd", str(folder))
        if not short.exists():
            raise SettingsError(
                f"the path of the data folder is too long: on this system {path.name} must have "
                f"an address of at most {_MOST_ADDRESS_BYTES} bytes"
            )
        yield str(short / path.name)
    finally:
        os.close(folder)
