"""Companies as rows, alike for both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from regulars.store.contract.values import Company, CompanyLimits

if TYPE_CHECKING:
    from regulars.store.rows import Row


def company_columns(company: Company) -> dict[str, object]:
    """The columns of a company, but for when it was made."""
    return msgspec.structs.asdict(company) | {
        "limits": msgspec.json.encode(company.limits).decode()
    }


def read_company(row: Row) -> Company:
    """A company from its columns, in the order of the struct."""
    short_name, name, timezone, country, limits = row
    own = msgspec.json.decode(limits, type=CompanyLimits)
    return Company(short_name, name, timezone, country, own)
