"""Plans as they are shown: what would change, and why an import is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from litestar.params import Parameter

from regulars.domain.imports.hold import HoldCode
from regulars.domain.imports.plan import ConflictReason, Sample
from regulars.services.import_plan import tell_reason

if TYPE_CHECKING:
    from regulars.domain.imports.plan import Conflict
    from regulars.services.kept_imports import FoundPlan


PlannedChange = Annotated[Sample, Parameter(schema_component_key="PlannedChange")]


class HoldReply(msgspec.Struct):
    """Why an import is held, or would be if it were applied."""

    code: HoldCode
    reason: str
    field: str | None
    count: int
    of: int | None


class PlanReply(msgspec.Struct):
    """What is known of an import before it is applied. `changes` are the first ones; in `after`,
    a removed field is null; `before` is null where the customer is new.
    """

    expires_at: str
    holds: list[HoldReply]
    changes: list[PlannedChange]


class ConflictReply(msgspec.Struct):
    """A record that would not do what was planned."""

    record: int
    code: ConflictReason
    reason: str


class MovedError(msgspec.Struct, omit_defaults=True):
    """Why a plan cannot be applied any more, with the first records that are to blame, if any."""

    reason: str
    records: list[ConflictReply] = []


class MovedReply(msgspec.Struct):
    """The answer where a plan cannot be applied any more."""

    error: MovedError


_REASONS: Final[dict[ConflictReason, str]] = {
    "means_other_customers": "the record means other customers now",
    "customer_has_changed": "a customer that the record means has changed since",
    "would_do_otherwise": "the record would do something else now",
}


def plan_reply(found: FoundPlan) -> PlanReply:
    """A plan as it is shown."""
    plan = found.plan
    return PlanReply(
        plan.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        [
            HoldReply(each.code, tell_reason(each), each.field, each.count, each.of)
            for each in plan.hold_reasons
        ],
        found.samples,
    )


def moved_reply(reason: str, conflicts: list[Conflict]) -> MovedReply:
    """The answer where a plan cannot be applied any more."""
    records = [ConflictReply(each.record, each.reason, _REASONS[each.reason]) for each in conflicts]
    return MovedReply(MovedError(reason, records))
