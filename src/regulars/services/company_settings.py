"""What a company settles for itself: its name, where it is, and its limits (SPEC section 2).

Owns the checks, and the words of the audit log. A change tells how later values are read and how
instants are shown; no stored value changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict, fields, replace

from regulars.errors import InvalidValueError
from regulars.services.due_audit import carry_over_soon
from regulars.services.installation import (
    read_company_country,
    read_company_name,
    read_company_timezone,
)
from regulars.store.contract import CompanyLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.services.installation import Installation, Register
    from regulars.store.contract import Company

LIMITS: Final = tuple(field.name for field in fields(CompanyLimits))
"""The settings of an installation that a company may have of its own."""
_PERCENT: Final = 100
_MOST_DAYS: Final = 36_500
_MOST: Final = 1_000_000_000


def change_company(
    installation: Installation,
    register: Register,
    *,
    name: str,
    timezone: str,
    country: str,
    actor: str,
) -> Company:
    """Give a company another display name, timezone or default country. Raises
    `InvalidValueError`.
    """
    company = replace(
        _now(installation, register),
        name=read_company_name(name),
        timezone=read_company_timezone(timezone),
        country=read_company_country(country),
    )
    return _save(installation, register, company, actor)


def change_limits(
    installation: Installation,
    register: Register,
    limits: Mapping[str, int | None],
    *,
    actor: str,
) -> Company:
    """Give a company limits of its own, all named in `LIMITS`; None goes back to the
    installation's. Raises `InvalidValueError`.
    """
    for name, value in limits.items():
        most = _most_of(name)
        if value is not None and not 1 <= value <= most:
            raise InvalidValueError(name, f"a whole number from 1 to {most:,}")
    company = replace(_now(installation, register), limits=CompanyLimits(**limits))
    return _save(installation, register, company, actor)


def _now(installation: Installation, register: Register) -> Company:
    # Not that of the register: another admin may have changed something since it was opened.
    return installation.store.find_company(register.company.short_name) or register.company


def _save(installation: Installation, register: Register, company: Company, actor: str) -> Company:
    before = _now(installation, register)
    changes = _describe(before, company)
    if changes:
        name = company.short_name
        entry = installation.audit_entry(actor, "company:change", name, "; ".join(changes))
        installation.store.save_company(company, entry)
        carry_over_soon(installation.store, name)
    return company


def _describe(before: Company, after: Company) -> list[str]:
    """What changes, such as `timezone: Europe/Helsinki → Europe/London`."""
    old, new = _settled(before), _settled(after)
    return [
        f"{name}: {_word(old[name])} → {_word(value)}"
        for name, value in new.items()
        if value != old[name]
    ]


def _settled(company: Company) -> dict[str, object]:
    settled = asdict(company) | asdict(company.limits)
    del settled["limits"]
    return settled


def _word(value: object) -> str:
    return "as the installation" if value is None else str(value)


def _most_of(name: str) -> int:
    if name.endswith("_percent"):
        return _PERCENT
    return _MOST_DAYS if name.endswith("_days") else _MOST
