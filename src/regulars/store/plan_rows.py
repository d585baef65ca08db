"""How plans become columns and come back, alike for both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.hold import HoldReason
from regulars.store.contract.plans import Plan
from regulars.store.rows import from_microseconds, to_microseconds

if TYPE_CHECKING:
    from regulars.store.rows import Row

_decode_reasons: Final = msgspec.json.Decoder(list[HoldReason]).decode


def plan_columns(plan: Plan) -> dict[str, object]:
    """The columns of a plan; its reasons are JSON."""
    return msgspec.structs.asdict(plan) | {
        "expires_at": to_microseconds(plan.expires_at),
        "hold_reasons": msgspec.json.encode(plan.hold_reasons).decode(),
    }


def read_plan(row: Row) -> Plan:
    """A plan from its columns, in the order of the struct."""
    number, counted_at_version, last_customer_id, expires_at, reasons, began_after_id = row
    return Plan(
        number,
        counted_at_version,
        last_customer_id,
        from_microseconds(expires_at),
        _decode_reasons(reasons),
        began_after_id,
    )
