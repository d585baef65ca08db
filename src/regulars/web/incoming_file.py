"""A file that a browser sends: from a form without script, or by a script as the body itself.

Owns how either is taken apart while it comes, and that it comes from one of our own pages. However
large a file is, only a little of it is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import msgspec
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)

from regulars.errors import InvalidValueError, MalformedBodyError, NotAllowedError
from regulars.web.csrf import FIELD, HEADER, is_own_token
from regulars.web.forms import FOREIGN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from litestar import Request

NAME_HEADER: Final = "x-file-name"
"""In which a script says what the file is called, with escapes as in an address."""
_MOST_PARTS: Final = 10
_TOKEN_BYTES: Final = 200


class IncomingFile(msgspec.Struct, frozen=True):
    """What the head of a request says of the file in its body."""

    name: str
    boundary: bytes
    """Of a form; empty where the body is the file itself."""
    token: str
    """Of the page that it comes from, which must be in the form."""

    def open(self, pieces: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
        """The name of the file in a body, and its pieces. Raises `NotAllowedError` where the form
        is not our own, `InvalidValueError` where no file was chosen, `MalformedBodyError`.
        """
        if not self.boundary:
            return self.name, iter(pieces)
        parts = _read_parts(pieces, self.boundary)
        given, is_token = bytearray(), False
        for part in parts:
            if isinstance(part, MultipartSegment):
                if part.name == "file":
                    self._check_token(given)
                    if not part.filename:
                        raise InvalidValueError("file", "choose a file first")
                    return part.filename, _read_file(parts)
                is_token = part.name == FIELD
            elif part and is_token and len(given) < _TOKEN_BYTES:
                given += part
        self._check_token(given)
        raise InvalidValueError("file", "choose a file first")

    def _check_token(self, given: bytes | bytearray) -> None:
        # The form has it before the file.
        if not is_own_token(self.token, given.decode("utf-8", "replace")):
            raise NotAllowedError(FOREIGN)


def read_head(request: Request[Any, Any, Any], token: str) -> IncomingFile:
    """What the head of a request says. Raises `NotAllowedError` where it does not come from a page
    of ours whose `token` is this.
    """
    content_type, options = request.content_type
    given = request.headers.get(HEADER, "")
    if given and not is_own_token(token, given):
        raise NotAllowedError(FOREIGN)
    if content_type == "multipart/form-data":
        return IncomingFile("", options.get("boundary", "").encode() or b"-", token)
    if not given:
        raise NotAllowedError(FOREIGN)
    return IncomingFile(unquote(request.headers.get(NAME_HEADER, "")), b"", token)


def _read_parts(pieces: Iterable[bytes], boundary: bytes) -> Iterator[MultipartSegment | bytes]:
    """The heads of parts, and their contents piece by piece; an empty one is a part's end."""
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS) as parser:
            for piece in pieces:
                for part in parser.parse(piece):
                    yield part if isinstance(part, MultipartSegment) else bytes(part or b"")
    except MultipartError:
        raise MalformedBodyError("the form cannot be read") from None


def _read_file(parts: Iterator[MultipartSegment | bytes]) -> Iterator[bytes]:
    for part in parts:
        if not part:
            break
        yield part
    for _ in parts:
        """Whoever sends is heard to the end."""
