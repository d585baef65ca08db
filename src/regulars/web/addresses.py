"""Which addresses are those of pages: to such a one somebody is led back after signing in.

What else a client asks for may hold anything, and stands in no answer.
"""

from __future__ import annotations

import re
from typing import Final

SECTIONS: Final = (
    "customers",
    "help",
    "imports",
    "lists",
    "permissions",
    "segments",
    "settings",
)
"""What the address of a page begins with."""

_PAGE: Final = re.compile(rf"/(?:(?:{'|'.join(SECTIONS)})/(?:[a-z0-9-]{{1,40}}/){{0,4}})?")


def is_page(path: str) -> bool:
    """Whether a path can be that of a page; no address of another site is."""
    return _PAGE.fullmatch(path) is not None
