"""The text of a CSV body, a piece at a time, in the charsets that spreadsheets write.

Owns charsets, byte order marks, and which line a place is in. Must not know cells.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.sources.unpacking import CHUNK_BYTES
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from typing import BinaryIO

    from regulars.domain.imports.body_form import Charset

_BOMS: Final = {
    "utf-8": ((codecs.BOM_UTF8, "utf-8"),),
    # Without a mark it is little endian, which is what spreadsheets mean by Unicode.
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "iso-8859-1": (),
}
_CODECS: Final = {"utf-8": "utf-8", "utf-16": "utf-16-le", "iso-8859-1": "windows-1252"}
_LONGEST_BOM: Final = 3
_NO_CHARACTER: Final = re.compile("[\udc80-\udcff]")
"""A byte that is none in its charset."""


class TextWindow:
    """`text[at:]` is what comes next of the body.

    A byte that is no character in UTF-8 or windows-1252 stands there as a half of a surrogate pair
    (PEP 383), which no character is: quotes and line ends around it are what they are. In UTF-16
    nothing would tell where they are: reading that raises `MalformedBodyError`.
    """

    def __init__(self, stream: BinaryIO, charset: Charset, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._stream: Final = stream
        self._charset: Final = charset
        self._chunk_bytes: Final = chunk_bytes
        self._read_bytes = 0
        self._held_back = ""
        self.text = ""
        self.at = 0
        self.line = 1
        """The line that `at` is in, as far as whoever moves the window counts it."""
        self.is_ended = False
        """Whether `text` reaches to the end of the body."""
        self.damage: MalformedBodyError | None = None
        """Why the body is not in its charset, as far as it was read."""
        begin = b""
        while len(begin) < _LONGEST_BOM and (chunk := stream.read(_LONGEST_BOM - len(begin))):
            begin += chunk
        codec = _CODECS[charset]
        for mark, marked_codec in _BOMS[charset]:
            if begin.startswith(mark):
                self._read_bytes = len(mark)
                begin, codec = begin[len(mark) :], marked_codec
                break
        self._decoder: Final = codecs.getincrementaldecoder(codec)()
        self._decode(begin)

    def fill(self) -> None:
        """Let go of what is behind, and read on: more than there was, unless the body ends.

        The text never ends within a line end of two characters.
        """
        self.text = self.text[self.at :]
        self.at = 0
        begin = len(self.text)
        while len(self.text) == begin and not self.is_ended:
            chunk = self._stream.read(self._chunk_bytes)
            self.is_ended = not chunk
            self._decode(chunk)

    def is_damaged(self, text: str) -> bool:
        """Whether a part of the body, as far as it was read, is not in its charset."""
        return self.damage is not None and _NO_CHARACTER.search(text) is not None

    def _decode(self, chunk: bytes) -> None:
        pending = len(self._decoder.getstate()[0])
        try:
            decoded = self._decoder.decode(chunk, final=self.is_ended)
        except UnicodeDecodeError as error:
            charset = "windows-1252" if self._charset == "iso-8859-1" else self._charset.upper()
            msg = f"the body is not {charset}"
            self.damage = MalformedBodyError(msg, self._read_bytes - pending + error.start)
            if self._charset == "utf-16":
                raise self.damage from None
            self._decoder.errors = "surrogateescape"
            decoded = self._decoder.decode(chunk, final=self.is_ended)
        decoded = self._held_back + decoded
        self._read_bytes += len(chunk)
        self._held_back = "\r" if decoded.endswith("\r") and not self.is_ended else ""
        self.text += decoded[:-1] if self._held_back else decoded
