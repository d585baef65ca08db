"""How a file is written that somebody chose in a browser: found from its name and its bytes.

Owns the guess of format, packing and charset, made while the file comes. Must not keep the file.
"""

from __future__ import annotations

import codecs
import zlib
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from regulars.domain.imports.body_form import BodyForm
from regulars.errors import MalformedBodyError

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Charset, ContentEncoding, Format

_HEAD_BYTES: Final = 64 * 1024
FORMAT_OF_ENDING: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_PACKED: Final[tuple[tuple[bytes, ContentEncoding], ...]] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_16_SHARE: Final = 0.3
"""Of the bytes of Western text in UTF-16, half are NUL."""


class FormWatch:
    """Looks at the pieces of a file as they come. `name` is what its sender calls it."""

    def __init__(self, name: str) -> None:
        self._name: Final = name.lower()
        self._head = b""
        self._decoder: Final = codecs.getincrementaldecoder("utf-8")()
        self._is_utf_8 = True
        self.size_bytes = 0

    def feed(self, piece: bytes) -> None:
        """The next piece."""
        self.size_bytes += len(piece)
        if len(self._head) < _HEAD_BYTES:
            self._head += piece[: _HEAD_BYTES - len(self._head)]
        if self._is_utf_8:
            try:
                self._decoder.decode(piece)
            except UnicodeDecodeError:
                self._is_utf_8 = False

    def find_form(self) -> BodyForm:
        """How the file is written, once all of it has come. Raises `MalformedBodyError` where it is
        nothing that could be imported.
        """
        self._end()
        if not self._head.strip():
            raise MalformedBodyError("the file is empty")
        if self._head.startswith(_WORKBOOKS):
            raise MalformedBodyError(
                "this is a workbook or another packed file; save the sheet as CSV, and choose that"
            )
        encoding = _find_encoding(self._head)
        head = _unpack(self._head) if encoding == "gzip" else self._head
        file_format = self._find_format(head if encoding != "zstd" else b"")
        charset: Charset = "utf-8"
        if file_format == "csv" and encoding != "zstd":
            charset = self._find_charset(head, is_packed=encoding == "gzip")
        return BodyForm(file_format, charset, encoding)

    def _end(self) -> None:
        try:
            self._decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            self._is_utf_8 = False

    def _find_format(self, head: bytes) -> Format:
        endings = [ending for ending in PurePath(self._name).suffixes if ending in FORMAT_OF_ENDING]
        named = FORMAT_OF_ENDING[endings[-1]] if endings else None
        text = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if named == "csv" or not text.startswith((b"{", b"[")):
            return named or "csv"
        first, _, rest = text.partition(b"\n")
        is_lines = first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")
        if is_lines or (text.startswith(b"{") and b'"customers"' not in text):
            return "ndjson"
        return "json"

    def _find_charset(self, head: bytes, *, is_packed: bool) -> Charset:
        if head.startswith(_UTF_16_MARKS) or head.count(0) > len(head) * _UTF_16_SHARE:
            return "utf-16"
        is_utf_8 = _is_begin_of_utf_8(head) if is_packed else self._is_utf_8
        return "utf-8" if is_utf_8 else "iso-8859-1"


def _find_encoding(head: bytes) -> ContentEncoding:
    return next((encoding for mark, encoding in _PACKED if head.startswith(mark)), "identity")


def _unpack(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, _HEAD_BYTES)
    except zlib.error:
        return b""


def _is_begin_of_utf_8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
