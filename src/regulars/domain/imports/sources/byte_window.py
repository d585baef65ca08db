"""A view of a body of UTF-8 that moves along it, so that none of it needs to be held for long.

Owns positions in the body, and keeping the bytes of one part on the way. Must not know what they
mean.
"""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.sources.unpacking import CHUNK_BYTES
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    import re
    from typing import BinaryIO

BOM: Final = b"\xef\xbb\xbf"
END: Final = b""
"""What is seen behind the last byte."""


class ByteWindow:
    """`data[at:]` is what comes next of the body. Reading it raises `MalformedBodyError` where it
    is not UTF-8.
    """

    def __init__(self, stream: BinaryIO, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._stream: Final = stream
        self._chunk_bytes: Final = chunk_bytes
        self._decoder: Final = codecs.getincrementaldecoder("utf-8")()
        self._offset = 0
        self._kept: bytearray | None = None
        self._kept_from = 0
        self._kept_limit = 0
        self.data = b""
        self.at = 0
        self.is_ended = False
        """Whether `data` reaches to the end of the body."""
        while len(self.data) < len(BOM) and not self.is_ended:
            self.fill()
        if self.data.startswith(BOM):
            self.at = len(BOM)

    @property
    def position(self) -> int:
        """Where the window stands: the place of the next byte in the body."""
        return self._offset + self.at

    @property
    def end_position(self) -> int:
        """The place in the body behind the last byte that the window holds."""
        return self._offset + len(self.data)

    def fill(self) -> None:
        """Let go of what is behind, and read on until there is a full chunk ahead, or more than
        there was.
        """
        self._keep_passed()
        rest = self.data[self.at :]
        chunk = self._stream.read(max(self._chunk_bytes - len(rest), 1))
        pending = len(self._decoder.getstate()[0])
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            msg = "the body is not UTF-8"
            raise MalformedBodyError(msg, self.end_position - pending + error.start) from None
        self._offset += self.at
        self.data = rest + chunk if rest else chunk
        self.at = self._kept_from = 0
        self.is_ended = not chunk

    def fill_up(self) -> None:
        """Have a full chunk ahead, unless the body ends before."""
        while len(self.data) - self.at < self._chunk_bytes and not self.is_ended:
            self.fill()

    def peek(self) -> bytes:
        """The next byte; `END` where there is none."""
        while self.at >= len(self.data):
            if self.is_ended:
                return END
            self.fill()
        return self.data[self.at : self.at + 1]

    def take(self, size: int) -> bytes:
        """The next `size` bytes, a few, or all that are left; the window moves behind them."""
        while len(self.data) - self.at < size and not self.is_ended:
            self.fill()
        taken = self.data[self.at : self.at + size]
        self.at += len(taken)
        return taken

    def skip(self, run: re.Pattern[bytes]) -> None:
        """Move behind a run of bytes. `run` matches any number of them, and also none."""
        while True:
            match = run.match(self.data, self.at)
            if match is not None:
                self.at = match.end()
            if self.at < len(self.data) or self.is_ended:
                return
            self.fill()

    # Keeping

    def keep(self, limit_bytes: int) -> None:
        """Keep what the window moves over from here, up to so many bytes."""
        self._kept = bytearray()
        self._kept_limit = limit_bytes
        self._kept_from = self.at

    def take_kept(self) -> bytes | None:
        """What was kept; None where it was more than the limit."""
        self._keep_passed()
        kept, self._kept = self._kept, None
        if kept is None or len(kept) > self._kept_limit:
            return None
        return bytes(kept)

    def _keep_passed(self) -> None:
        if self._kept is not None and len(self._kept) <= self._kept_limit:
            self._kept += self.data[self._kept_from : self.at]
        self._kept_from = self.at
