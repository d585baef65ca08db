"""What the store of one company must be able to do about the reports of its imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from regulars.domain.identity.identifiers import Entry
from regulars.domain.records.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from regulars.store.contract.values import Batch


class RejectedRow(msgspec.Struct):
    """A rejected record as it is kept."""

    record: int
    original: bytes | None
    """As `Records.original` gives it; None where it is not kept."""
    problems: list[Problem]
    identifiers: list[Entry] = msgspec.field(default_factory=list)
    """Whom it names: when one of them is forgotten, the row goes. Empty where it is read back."""


class ProblemCodes(msgspec.Struct, frozen=True):
    """Which problems are asked for, by their codes: those that did to their record what their code
    says, and those that rejected it though they are warnings otherwise.
    """

    as_usual: tuple[str, ...]
    rejecting: tuple[str, ...] = ()


class ReportStore(Protocol):
    """The problems of a company's imports, and their rejected records.

    Methods that write belong to the transaction that is open in their thread, if one is, and raise
    `RuntimeError` where nobody in this process holds the company's lock.
    """

    def add_batch(self, batch: Batch) -> None:
        """Keep, and let go of, what a batch says."""

    def add(
        self,
        import_number: int,
        problems: Sequence[Problem],
        rejected: Sequence[RejectedRow],
        header: Sequence[str] | None = None,
    ) -> None:
        """Keep problems and rejected records of an import, behind those that it has already.

        `header` is that of the body, where it had one.
        """

    def erase(self, identifiers: Collection[Entry]) -> None:
        """Let go of the rejected records, of whatever import, that name any of the identifiers."""

    def load_problems(
        self, import_number: int, after: int, limit: int, codes: ProblemCodes | None = None
    ) -> list[tuple[int, Problem]]:
        """The next problems of an import, all or only some, in their order, with the
        number that the next page goes on after.
        """

    def load_rejected(self, import_number: int, after_record: int, limit: int) -> list[RejectedRow]:
        """The next rejected records of an import, in order of their number."""

    def load_header(self, import_number: int) -> tuple[str, ...] | None:
        """The header of the body that its rejected records came in."""

    def find_with_rejected(self, import_numbers: Collection[int]) -> set[int]:
        """Those of some imports of which rejected records are kept."""

    def delete(self, import_number: int) -> None:
        """Let go of all that is kept of an import."""

    def delete_rejected(self, before: datetime) -> int:
        """Let go of the rejected records of imports that ended before, or were planned or held
        before; gives of how many.
        """
