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
    delimiter: str = ""
    """Of CSV: what stands between cells; empty where the header is to tell."""
    columns: tuple[str, ...] = ()
    """Of CSV: the keys that its columns are read as, in their order, whatever the header calls
    them; an empty one is not read. None at all: the header's own names."""
    keys: tuple[tuple[str, str], ...] = ()
    """Of JSON: keys as they come, in lower case and without outer spaces, each with the key that it
    is read as; an empty one is not read. Others are read as they are."""
