"""The server's side of the socket: a thread for each client, a bounded number of clients.

Owns reading requests and sending answers, whatever clients do. Must not know how an answer is
found.
"""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.errors import IndexBusyError, MalformedBodyError, RegularsError, TooBusyError
from regulars.index_socket import place
from regulars.index_socket.messages import (
    MOST_LINE_BYTES,
    Answer,
    Count,
    Failure,
    FindIds,
    Measure,
    Progress,
    Rebuild,
    decode_request,
    encode_line,
)

if TYPE_CHECKING:
    from pathlib import Path

    from regulars.index_socket.messages import Reply, Request
    from regulars.services.index_access import IndexAccess

MOST_CLIENTS: Final = 16
REQUEST_SECONDS: Final = 10.0
"""In which a request must be there, and each piece of an answer be taken."""
_PIECE_BYTES: Final = 64 * 1024

log: Final = logging.getLogger(__name__)


class IndexSocket:
    """Answers what clients ask of the indexes. The caller is the only server on the folder."""

    def __init__(self, folder: Path, indexes: IndexAccess) -> None:
        self._folder: Final = folder
        self._indexes: Final = indexes
        self._listener: socket.socket | None = None
        self._clients: Final[set[socket.socket]] = set()
        self._changing: Final = Lock()
        self._is_stopped = False

    def start(self) -> None:
        """Begin to listen. Where that cannot be, the log says so; all else goes on without."""
        try:
            self._listener = place.listen(self._folder)
        except (OSError, RegularsError) as error:
            log.warning("commands cannot use the index while this server runs: %s", error)
            return
        Thread(
            target=self._accept, args=(self._listener,), name="index-socket", daemon=True
        ).start()

    def stop(self) -> None:
        """Listen no more; clients that wait for an answer get none."""
        with self._changing:
            self._is_stopped = True
            open_sockets = [*self._clients]
        if self._listener is not None:
            place.remove(self._folder)
            open_sockets.append(self._listener)
        for each in open_sockets:
            with suppress(OSError):  # gone already
                each.shutdown(socket.SHUT_RDWR)
        if self._listener is not None:
            self._listener.close()

    # Threads

    def _accept(self, listener: socket.socket) -> None:
        while not self._is_stopped:
            try:
                client, _ = listener.accept()
            except OSError:
                # Too many open files, for one; not for ever, and not without a pause.
                time.sleep(0.1)
                continue
            client.settimeout(REQUEST_SECONDS)
            if self._take_in(client):
                Thread(target=self._serve, args=(client,), name="client", daemon=True).start()
            else:
                with client:
                    _send(client, Failure("too many commands use the index now", is_busy=True))

    def _take_in(self, client: socket.socket) -> bool:
        with self._changing:
            if self._is_stopped or len(self._clients) >= MOST_CLIENTS:
                return False
            self._clients.add(client)
            return True

    def _serve(self, client: socket.socket) -> None:
        try:
            with client:
                reply = self._answer(client)
                if reply is not None:
                    _send(client, reply)
        finally:
            with self._changing:
                self._clients.discard(client)

    def _answer(self, client: socket.socket) -> Reply | None:
        """What a client is to be told; None where it is gone, or said nothing in time."""
        try:
            line = _read_line(client)
            if line is None:
                return None
            return Answer(self._find(decode_request(line), client))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Failure("the request cannot be read")
        except IndexBusyError as error:
            return Failure(
                str(error), progress=error.progress, retry_after_seconds=error.retry_after_seconds
            )
        except RegularsError as error:
            return Failure(str(error), is_busy=isinstance(error, TooBusyError))
        except Exception as error:  # noqa: BLE001 - whoever waits is to be told
            # Its message may hold values.
            log.warning("a request over the socket failed: %s", type(error).__name__)
            return Failure("the server failed; its log says more")

    def _find(self, request: Request, client: socket.socket) -> object:
        match request:
            case Count(company, condition):
                return self._indexes.count(company, condition)
            case FindIds(company, condition, after, limit):
                return self._indexes.find_ids(company, condition, after=after, limit=limit)
            case Measure(company, condition):
                return self._indexes.measure(company, condition)
            case Rebuild(company):
                # Goes on where nobody listens any more.
                self._indexes.rebuild(company, lambda share: _send(client, Progress(share)))
                return None


def _read_line(client: socket.socket) -> bytes | None:
    """A request; None where the client ends or dawdles before its end. Raises
    `MalformedBodyError`.
    """
    deadline = time.monotonic() + REQUEST_SECONDS
    line = bytearray()
    while not line.endswith(b"\n"):
        if len(line) > MOST_LINE_BYTES:
            raise MalformedBodyError("the request is too long")
        try:
            piece = client.recv(_PIECE_BYTES)
        except OSError:
            return None
        if not piece or time.monotonic() > deadline:
            return None
        line += piece
    return bytes(line)


def _send(client: socket.socket, reply: Reply) -> None:
    with suppress(OSError):  # whoever asked is gone
        client.sendall(encode_line(reply) + b"\n")
