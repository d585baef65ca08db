"""What is done from time to time, one function each: what is kept for a while goes (SPEC 4, 6).

Owns what is to be done, and for how long things are kept. Must not know when: the worker's timers
and `regulars maintain` do.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.segments.text import read_condition
from regulars.services.access import Access
from regulars.services.customer_views import CustomerViews
from regulars.services.due_audit import carry_over
from regulars.services.fields import declare_used_fields
from regulars.services.imports import Imports
from regulars.services.retention import purge_deleted
from regulars.services.segments import Segments
from regulars.services.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.services.installation import Installation, Register

ACTOR: Final = "maintenance"


class Task(msgspec.Struct, frozen=True):
    """One thing to do for a company."""

    name: str
    """What was done, behind a number: `3 NAME`."""
    run: Callable[[Register], int]
    """Called with the company's lock held."""


class Maintenance:
    """All that is to be done for the companies of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._imports: Final = Imports(installation)
        self._segments: Final = Segments(installation)
        self._views: Final = CustomerViews(installation)
        self._visits: Final = Visits(installation, Access(installation))
        self._tasks: Final = [
            Task("imports rid of their rejected records", self._delete_rejected),
            Task("deleted customers purged", self._purge_deleted),
            Task("plans and held imports dropped", self._imports.kept.drop_expired),
            Task("views of forgotten customers removed", self._views.delete_forgotten),
            Task("fields of segments declared", self._declare_fields),
        ]

    def maintain_installation(self) -> dict[str, int]:
        """Do what belongs to no single company; gives how many of what were done."""
        self._visits.delete_unseen()
        return {"idempotency keys removed": self._imports.acceptance.delete_keys()}

    def maintain(self, register: Register, *, wait: bool) -> dict[str, int] | None:
        """Do everything for a company; gives how many of what were done.

        Gives None where somebody else holds the company's lock, unless it is to `wait`.
        """
        carry_over(self._installation.store, register.company.short_name)
        self._imports.sweep(register)
        done: dict[str, int] = {}
        for task in self._tasks:
            # Let go of in between: whoever waits for it, such as an import, gets on.
            with _lock(register, wait=wait) as is_ours:
                if not is_ours:
                    return None
                done[task.name] = task.run(register)
        return done

    def _delete_rejected(self, register: Register) -> int:
        days = register.settings.rejected_days
        before = self._installation.now() - timedelta(days=days)
        return register.store.reports.delete_rejected(before)

    def _purge_deleted(self, register: Register) -> int:
        return purge_deleted(self._installation, register)

    def _declare_fields(self, register: Register) -> int:
        segments = self._segments.load(register)
        trees = [read_condition(segment.condition).tree for segment in segments]
        return declare_used_fields(self._installation, register, trees, actor=ACTOR)


@contextmanager
def _lock(register: Register, *, wait: bool) -> Iterator[bool]:
    if wait:
        with register.store.lock():
            yield True
    else:
        with register.store.try_lock() as is_ours:
            yield is_ours
