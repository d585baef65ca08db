"""What is kept of an import that is counted, while nobody knows yet whether it will be applied: its
plan, its problems, and the records that it would reject.

Owns that it waits beside the register, and is stored some of it at a time.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.records.problem import Problem
from regulars.services.plan_parts import drop_counted
from regulars.services.spilled import Spilled
from regulars.store.contract import RejectedRow

if TYPE_CHECKING:
    from regulars.store.contract import Batch, CompanyStore, ImportRun

_STORED_AT_ONCE: Final = 30
"""Batches of which what is kept is made durable together."""

PlanPart = tuple[int, int, bytes]
"""The numbers of the first and the last record, and what is planned for them."""


class _Note(msgspec.Struct, array_like=True):
    part: PlanPart | None
    problems: list[Problem]
    rejected: list[RejectedRow]
    header: tuple[str, ...] | None


class CountedNotes:
    """The notes of one import, in the order of its records; `folder` is where their file lies."""

    def __init__(self, folder: str) -> None:
        self._notes: Final = Spilled(_Note, folder)

    def add_batch(self, batch: Batch, part: PlanPart | None) -> None:
        """Note what a batch would add to the import's report, and its part of the plan, if any."""
        if part is not None or batch.problems or batch.rejected:
            self._notes.add(_Note(part, batch.problems, batch.rejected, batch.header))

    def add_problems(self, problems: list[Problem]) -> None:
        """Note problems alone."""
        if problems:
            self._notes.add(_Note(None, problems, [], None))

    def store(self, store: CompanyStore, run: ImportRun) -> None:
        """Store all of it, in place of what an interruption may have left. The caller holds the
        company's lock.
        """
        with store.group_batches():
            drop_counted(store, msgspec.structs.replace(run))
        waiting = iter(self._notes)
        is_more = True
        while is_more:
            is_more = False
            with store.group_batches():
                for note in islice(waiting, _STORED_AT_ONCE):
                    is_more = True
                    if note.part is not None:
                        store.plans.add_part(run.number, *note.part)
                    store.reports.add(run.number, note.problems, note.rejected, note.header)

    def close(self) -> None:
        """Let go of all of it."""
        self._notes.close()
