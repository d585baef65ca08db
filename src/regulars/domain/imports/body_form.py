"""How the body of an upload is written (SPEC section 4)."""

from __future__ import annotations

from typing import Literal

import msgspec

Format = Literal["json", "ndjson", "csv"]
Charset = Literal["utf-8", "utf-16", "iso-8859-1"]
ContentEncoding = Literal["identity", "gzip", "zstd"]


class BodyForm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a reader of a body must know before its first byte."""

    format: Format
    charset: Charset = "utf-8"
    """Of CSV; JSON is UTF-8. `iso-8859-1` is read as windows-1252, which browsers mean by it."""
    content_encoding: ContentEncoding = "identity"
    clear_empty_cells: bool = False
    """Whether an empty cell of CSV removes the key, instead of saying nothing."""
