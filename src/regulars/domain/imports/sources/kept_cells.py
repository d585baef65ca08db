"""The cells of a row of CSV as they are kept: JSON, whatever bytes they came from.

Owns that bytes which are no characters in their charset come back as they were (PEP 383).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

_decode: Final = msgspec.json.Decoder(list[str]).decode


def encode_cells(cells: Sequence[str]) -> bytes:
    """The cells as a JSON array."""
    try:
        return msgspec.json.encode(cells)
    except UnicodeEncodeError:
        return json.dumps(cells).encode()


def decode_cells(kept: bytes) -> list[str]:
    """The cells of a JSON array."""
    try:
        return _decode(kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        cells: list[str] = json.loads(kept)
        return cells
