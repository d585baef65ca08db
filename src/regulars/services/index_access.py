"""What commands and timers ask of the indexes, whoever has them open: this process or a server.

Owns the questions, in texts and numbers alone, so that another process can answer them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable


class Measured(msgspec.Struct, frozen=True):
    """How many customers a condition holds, and how many of them may be reached, by channel."""

    customers: int
    reach: dict[str, int]


class IndexAccess(Protocol):
    """Answers say what the store held at the time of the call, or something later.

    All methods take the short name of a company and a condition in its text form, and raise
    `InvalidConditionError`, `UnknownNameError`, `TooBusyError`, and `IndexBusyError` while the
    index is being made.
    """

    def count(self, company: str, condition: str) -> int:
        """How many customers meet a condition."""

    def find_ids(self, company: str, condition: str, *, after: int, limit: int) -> list[int]:
        """The next customers that meet a condition, in order of id."""

    def measure(self, company: str, condition: str) -> Measured:
        """How many customers meet a condition, and how many of them each channel reaches."""

    def rebuild(self, company: str, on_progress: Callable[[float], None]) -> None:
        """Make the index anew from the store; it serves when this returns."""
