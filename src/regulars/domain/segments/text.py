"""The text form of conditions: text to tree and back, without loss (SPEC section 11)."""

from __future__ import annotations

from regulars.domain.segments.text_reader import Parsed, read_condition
from regulars.domain.segments.text_writer import write_condition, write_value

__all__ = ["Parsed", "read_condition", "write_condition", "write_value"]
