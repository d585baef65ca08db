"""Who may be reached through which channel, in numbers (SPEC section 12).

Owns what an overview of a company's permissions tells. Must not know how it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.index.grouping import ValueCount
from regulars.index.statistics import Distribution
from regulars.services.spelled_values import spell_distributions

if TYPE_CHECKING:
    from datetime import date

    from regulars.services.customer_search import Asked, CustomerSearch
    from regulars.services.installation import Register

MONTHS: Final = 12
_MOST_VALUES: Final = 15
_REACHED_BY: Final = {
    "can_email": "email", "can_sms": "sms", "can_post": "post", "can_push": "push",
}  # fmt: skip
"""The channel of reach that a permission opens; profiling reaches nobody."""


class MonthEnd(msgspec.Struct, frozen=True):
    """How many customers had a permission at the end of a month, or have it by now."""

    month: str
    """As `2026-01`."""
    customers: int


class PermissionOverview(msgspec.Struct, frozen=True):
    """A permission in numbers."""

    permission: str
    given: int
    reached: int | None
    """How many of them have an address for it as well; None for profiling."""
    trend: list[MonthEnd]
    """The last months, this one at the end, of the customers that there are now."""


class PermissionShares(msgspec.Struct, frozen=True):
    """The permissions of the customers with a value of a field."""

    value: Any
    customers: int
    permissions: dict[str, int]


class Overview(msgspec.Struct, frozen=True):
    """The permissions of all customers."""

    customers: int
    permissions: list[PermissionOverview]
    by_country: list[PermissionShares]
    by_list: list[PermissionShares]


def load_overview(search: CustomerSearch, register: Register, today: date) -> Overview:
    """Raises `IndexBusyError`, `StoreUnavailableError`."""
    asked = search.ask(register)
    measured, permissions = asked.measure(), asked.permissions()
    steps = search.permission_steps(register)
    months = _last_months(today)
    return Overview(
        measured.customers,
        [
            PermissionOverview(
                name,
                permissions[name],
                measured.reach.get(_REACHED_BY.get(name, "")),
                _month_ends(permissions[name], steps[name], months),
            )
            for name in PERMISSIONS
        ],
        _shares(register, asked, "country"),
        _shares(register, asked, "mailing_lists"),
    )


def _last_months(today: date) -> list[str]:
    """As `2026-01`, in order."""
    last = today.year * 12 + today.month - 1
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in range(last - MONTHS + 1, last + 1)]


def _month_ends(now: int, steps: dict[str, int], months: list[str]) -> list[MonthEnd]:
    ends = []
    for month in reversed(months):
        ends.append(MonthEnd(month, now))
        now -= steps.get(month, 0)
    return ends[::-1]


def _shares(register: Register, asked: Asked, key: str) -> list[PermissionShares]:
    found = asked.permissions_by(key, _MOST_VALUES)
    counted = [ValueCount(each.value, each.customers, each.example_id) for each in found]
    (spelled,) = spell_distributions(
        register.store, asked.schema, [Distribution(key, counted, 0, 0, 0)]
    )
    return [
        PermissionShares(shown.value, each.customers, each.permissions)
        for shown, each in zip(spelled.values, found, strict=True)
    ]
