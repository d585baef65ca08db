"""What the store of one company must be able to do for plans and holds, method by method.

It is an attribute of the company's store, and takes part in its transactions.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from regulars.domain.imports.hold import HoldReason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.store.contract.values import ImportRun


class Plan(msgspec.Struct):
    """What is kept of an import that was counted and not applied: planned, or held."""

    import_number: int
    counted_at_version: int
    """The company's last version when it was counted."""
    last_customer_id: int
    """The highest id given then: the plan's new customers have higher ones."""
    expires_at: datetime
    hold_reasons: list[HoldReason]
    """Why it is held, or would be if it were applied."""
    began_after_id: int | None = None
    """The highest id given when it began to be applied after all."""


class PlanStore(Protocol):
    """Plans and holds. An import has one at most.

    Methods that write raise `RuntimeError` where nobody in this process holds the company's lock.
    """

    def save_plan(self, plan: Plan) -> None:
        """Store the plan of an import, or replace it; its parts and samples stay."""

    def find_plan(self, import_number: int) -> Plan | None:
        """The plan of an import."""

    def add_part(self, import_number: int, first: int, last: int, part: bytes) -> None:
        """Store what is planned for some records, which the caller has encoded."""

    def load_parts(self, import_number: int, first: int, last: int) -> list[bytes]:
        """The parts that hold any of some records, in their order."""

    def save_samples(self, import_number: int, samples: Sequence[bytes]) -> None:
        """Store examples of what would change, in place of those that there are."""

    def load_samples(self, import_number: int) -> list[bytes]:
        """The examples, in their order."""

    def delete_samples(self) -> None:
        """Let go of the examples of all plans: whoever is forgotten may stand in them."""

    def delete_plan(self, import_number: int) -> None:
        """Let go of a plan's parts and examples; what it says of itself stays."""

    def begin_again(self, run: ImportRun) -> None:
        """Store that a planned or held import begins: status, times, report, first version."""

    def load_kept(self) -> list[ImportRun]:
        """The imports that are planned or held now: their bodies are still needed."""

    def count_permitted(self, permission: str) -> int:
        """How many living customers have a permission. Looks at all of them."""
