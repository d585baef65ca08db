"""What plans and holds depend on, from the settings of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.domain.imports.hold import HoldLimits
from regulars.settings import data_folder

if TYPE_CHECKING:
    from regulars.settings import Settings


class PlanSettings(msgspec.Struct, frozen=True):
    """What plans and holds depend on."""

    limits: HoldLimits
    keep_days: int
    scratch_folder: str
    """Where files may lie that nobody needs once a plan is stored."""
    large_bytes: int = 4 * 1024 * 1024
    """Bodies above this size are only read where that is enough to count."""


def read_plan_settings(settings: Settings) -> PlanSettings:
    """What the settings of an installation say of plans and holds."""
    limits = read_hold_limits(settings)
    return PlanSettings(limits, settings.plan_days, str(data_folder(settings)))


def read_hold_limits(settings: Settings) -> HoldLimits:
    """When imports of an installation are held."""
    return HoldLimits(
        settings.hold_permission_customers,
        settings.hold_permission_percent,
        settings.hold_gone_customers,
        settings.hold_gone_percent,
        settings.hold_address_records,
    )
