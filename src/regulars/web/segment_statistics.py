"""Who the customers of a segment are, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.services.spelled_values import spell_distributions
from regulars.web.code_names import name_code
from regulars.web.field_labels import label_field

if TYPE_CHECKING:
    from regulars.services.customer_search import Asked
    from regulars.services.installation import Register
    from regulars.store.contract.segments import Segment

_SHOWN_VALUES: Final = 8
_SHOWN_MONTHS: Final = 12


class Share(msgspec.Struct, frozen=True):
    """A line of a table: what is counted, and how many."""

    label: str
    customers: int


class ShareTable(msgspec.Struct, frozen=True):
    """Some counts that belong together; `others` is told below them."""

    title: str
    shares: list[Share]
    others: str = ""


class StatisticsPage(msgspec.Struct, frozen=True):
    """What the fragment shows. Shares are of `customers`."""

    segment: Segment
    customers: int
    tables: list[ShareTable]


def load_statistics(register: Register, segment: Segment, asked: Asked) -> StatisticsPage:
    """The statistics of the customers of a segment. Raises as the answers of `Asked`."""
    found = asked.statistics()
    permissions = [
        Share(label_field(asked.schema, name), customers)
        for name, customers in found.permissions.items()
    ]
    tables = [ShareTable("Permissions", permissions)]
    for each in spell_distributions(register.store, asked.schema, found.distributions):
        shares = [
            Share(name_code(each.type, f"{value.value}"), value.customers)
            for value in each.values[:_SHOWN_VALUES]
        ]
        others = f"{each.without:,} have none."
        if len(each.values) > _SHOWN_VALUES or each.other_values:
            further = len(each.values) - len(shares) + each.other_values
            others = f"{further:,} further values. {others}"
        tables.append(ShareTable(label_field(asked.schema, each.field), shares, others))
    months = [Share(each.month, each.customers) for each in found.joined[-_SHOWN_MONTHS:]]
    tables.append(ShareTable("Joined, last months", months))
    return StatisticsPage(segment, found.customers, tables)
