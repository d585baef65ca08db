"""How deep brackets are nested in a JSON text."""

from __future__ import annotations

import re
from typing import Final

_STRUCTURE: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+|)*+"?|[\[\]{}]', re.DOTALL)
"""A string, closed or not, or a bracket. It never looks at a byte twice, so that no text is slow
to check."""


def is_too_deep(text: bytes, levels: int) -> bool:
    """Whether brackets are nested deeper than so many levels."""
    # Nearly every record has fewer brackets than that in all.
    if text.count(b"[") + text.count(b"{") <= levels:
        return False
    depth = 0
    for match in _STRUCTURE.finditer(text):
        mark = match[0]
        if mark in (b"[", b"{"):
            depth += 1
            if depth > levels:
                return True
        elif mark in (b"]", b"}"):
            depth -= 1
    return False
