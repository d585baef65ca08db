"""The apostrophe before text that a spreadsheet would take for a formula (SPEC section 10).

Owns which cells get one, so that what is written with it is read without it.
"""

from __future__ import annotations

import re
from typing import Final

# Apostrophes before it too, or else one that was there already would be taken off in reading.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# A date begins with a digit, and so never comes here. ITU-T E.164 has at most 15 digits.
_PHONE_NUMBER: Final = re.compile(r"\+(?:[ .()/-]*[0-9]){7,15}")


def guard_cell(text: str) -> str:
    """The text as it is written to a cell: with an apostrophe before what looks like a formula."""
    return f"'{text}" if _is_formula(text) else text


def unguard_cell(cell: str) -> str:
    """The text that was written to a cell: without the apostrophe that `guard_cell` put there."""
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def _is_formula(text: str) -> bool:
    if _FORMULA.match(text) is None:
        return False
    meant = text.lstrip("'")
    return not (_NUMBER.fullmatch(meant) or _PHONE_NUMBER.fullmatch(meant))
