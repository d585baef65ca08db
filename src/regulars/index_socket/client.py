"""The commands' side of the socket.

Owns asking a running server. Must not know what to do where none runs.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.errors import IndexBusyError, RegularsError, StoreUnavailableError, TooBusyError
from regulars.index_socket import place
from regulars.index_socket.messages import (
    Answer,
    Count,
    Failure,
    FindIds,
    Measure,
    Progress,
    Rebuild,
    decode_reply,
    encode_line,
)
from regulars.services.index_access import Measured

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from regulars.index_socket.messages import Request

PATIENCE_SECONDS: Final = 300.0
"""With a server that says nothing."""


class NoServerError(Exception):
    """No server listens; nothing was asked."""


class RemoteIndexes:
    """The indexes that the server of a data folder has open.

    Methods raise `NoServerError` where none runs, `StoreUnavailableError` where it ends before it
    has answered, and else what they raise in the server, as `IndexBusyError` or `RegularsError`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def count(self, company: str, condition: str) -> int:
        """See `IndexAccess`."""
        return msgspec.convert(self._ask(Count(company, condition)), int)

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """See `IndexAccess`."""
        return msgspec.convert(self._ask(FindIds(company, condition, after, limit)), list[int])

    def measure(self, company: str, condition: str) -> Measured:
        """See `IndexAccess`."""
        return msgspec.convert(self._ask(Measure(company, condition)), Measured)

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        """See `IndexAccess`."""
        self._ask(Rebuild(company), on_progress)

    def _ask(self, request: Request, on_progress: Callable[[float], None] = lambda _: None) -> Any:  # noqa: ANN401 - as it was sent, converted by those who know what it is
        try:
            connection = place.connect(self._folder, PATIENCE_SECONDS)
        except OSError as error:
            raise StoreUnavailableError(
                f"the running server cannot be asked: {error.strerror or error}"
            ) from error
        if connection is None:
            raise NoServerError
        try:
            with connection:
                return _exchange(connection, request, on_progress)
        except (OSError, msgspec.MsgspecError) as error:
            raise StoreUnavailableError("the server ended before it had answered") from error


def _exchange(
    connection: socket.socket, request: Request, on_progress: Callable[[float], None]
) -> Any:  # noqa: ANN401 - as above
    with suppress(BrokenPipeError):  # A server that will not have it has said why before.
        connection.sendall(encode_line(request) + b"\n")
    with connection.makefile("rb") as lines:
        while True:
            # A line that breaks off does not read.
            reply = decode_reply(lines.readline())
            match reply:
                case Progress(share):
                    on_progress(share)
                case Answer(value):
                    return value
                case _:
                    raise _error_of(reply)


def _error_of(failure: Failure) -> RegularsError:
    if failure.progress is not None:
        return IndexBusyError(failure.progress, failure.retry_after_seconds)
    kind = TooBusyError if failure.is_busy else RegularsError
    return kind(failure.message)
