"""The body of an upload, as it comes from the client.

Owns how much of it is in memory at a time, how long a client may take, and how many large bodies
come at once. Must not know what a body means.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from regulars.errors import BodyTooLargeError, BrokenBodyError, RegularsError, TooBusyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from litestar import Request

Result = TypeVar("Result")
"""What is made of a body."""

PIECE_BYTES: Final = 1024 * 1024
"""A body up to this size is collected; a larger one is handed on in pieces of it."""
WAITING_PIECES: Final = 2
STALL_SECONDS: Final = 60
"""A client that sends nothing for so long is gone."""
PIECE_SECONDS: Final = 15 * 60
"""So long one piece may take: whoever sends slower would never be done."""

_BROKEN: Final = "the body breaks off before its end"


class IncomingBody:
    """A body of at most `most_bytes`. Raises `BodyTooLargeError` if it says that it has more."""

    def __init__(self, request: Request[Any, Any, Any], most_bytes: int) -> None:
        self._receive: Final = request.receive
        self._most_bytes: Final = most_bytes
        length = request.headers.get("content-length", "")
        self.length: Final = int(length) if length.isdecimal() else None
        """Its size, where the client says it."""
        self._size = 0
        self.is_complete = False
        self.ended_at = 0.0
        """When its last byte came, by the event loop's clock."""
        if self.length is not None and self.length > most_bytes:
            raise self._too_large()

    async def next_piece(self) -> bytes:
        """The next piece of its full size, or else all the rest. Raises `BodyTooLargeError`, and
        `BrokenBodyError` where the client goes away or takes too long.
        """
        piece = bytearray()
        try:
            async with asyncio.timeout(PIECE_SECONDS):
                while not self.is_complete and len(piece) < PIECE_BYTES:
                    piece += await self._next_part()
        except TimeoutError:
            raise BrokenBodyError(_BROKEN) from None
        return bytes(piece)

    async def _next_part(self) -> bytes:
        async with asyncio.timeout(STALL_SECONDS):
            message: dict[str, Any] = await self._receive()  # type: ignore[assignment]
        if message["type"] == "http.disconnect":
            raise BrokenBodyError(_BROKEN)
        part: bytes = message.get("body", b"")
        self._size += len(part)
        if self._size > self._most_bytes:
            raise self._too_large()
        if not message.get("more_body", False):
            self.is_complete = True
            self.ended_at = asyncio.get_running_loop().time()
        return part

    def _too_large(self) -> BodyTooLargeError:
        return BodyTooLargeError(f"the body is larger than {self._most_bytes} bytes")


class LargeUploads:
    """How many bodies may come piece by piece at once: each has a thread of its own."""

    def __init__(self, most: int) -> None:
        self._free = most

    @contextmanager
    def take(self) -> Iterator[None]:
        """Be one of them for the block. Raises `TooBusyError`."""
        if not self._free:
            msg = "too many large uploads are under way"
            raise TooBusyError(msg)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def hand_over(
    first: bytes, body: IncomingBody, work: Callable[[Iterator[bytes]], Result]
) -> Result:
    """Have `work` done in a thread of its own, which is given a body piece by piece as it comes.

    Gives, or raises, what `work` does. Few pieces wait at a time: a client is kept waiting where
    `work` is slower than it.
    """
    pipe = _Pipe(work)
    try:
        await pipe.put(first)
        while not body.is_complete and not pipe.ended.done():
            await pipe.put(await body.next_piece())
        pipe.close(None)
    except RegularsError as error:
        # The thread raises it, once it has let go of what it kept.
        pipe.close(error)
    except BaseException:
        pipe.close(BrokenBodyError(_BROKEN))
        raise
    return await pipe.ended


class _Pipe(Generic[Result]):
    """From the event loop to a thread."""

    def __init__(self, work: Callable[[Iterator[bytes]], Result]) -> None:
        self._loop: Final = asyncio.get_running_loop()
        self._room: Final = asyncio.Semaphore(WAITING_PIECES)
        self._pieces: Final[SimpleQueue[bytes | RegularsError | None]] = SimpleQueue()
        self.ended: Final[asyncio.Future[Result]] = self._loop.create_future()
        # Whoever put the pieces may be gone, and then nobody asks.
        self.ended.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        Thread(target=self._run, args=(work,), name="upload", daemon=True).start()

    async def put(self, piece: bytes) -> None:
        await self._room.acquire()
        self._pieces.put(piece)

    def close(self, error: RegularsError | None) -> None:
        self._pieces.put(error)

    def _run(self, work: Callable[[Iterator[bytes]], Result]) -> None:
        result, failure = None, None
        try:
            result = work(self._take())
        except Exception as error:  # noqa: BLE001 - raised where the body comes from
            failure = error
        # The event loop has ended where the process does.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._end, result, failure)

    def _take(self) -> Iterator[bytes]:
        while (piece := self._pieces.get()) is not None:
            if isinstance(piece, RegularsError):
                raise piece
            self._loop.call_soon_threadsafe(self._room.release)
            yield piece

    def _end(self, result: Result | None, failure: Exception | None) -> None:
        self._room.release()
        if self.ended.done():
            return
        if failure is not None:
            self.ended.set_exception(failure)
        elif result is not None:
            self.ended.set_result(result)
