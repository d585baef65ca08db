"""Media types of bodies, as HTTP names them (SPEC section 4).

Owns the name of how a body is written. Must not know what is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Format

MEDIA_TYPES: Final[dict[Format, str]] = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
}
"""Without their charset; where an answer has one, it is stated beside them."""
