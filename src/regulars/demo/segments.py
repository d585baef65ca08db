"""The segments of the demo's company: what a planner would save first.

Owns their names and conditions. Must not know how segments are stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONDITIONS: Final = (
    ("VIPs", "tags has any (vip) or {company}__loyalty_level = platinum"),
    ("VIPs to write to", 'segment "VIPs" and can_email = true and email is set'),
    ("Newsletter", "mailing_lists has any (newsletter) and can_email = true and email is set"),
    (
        "Gone quiet",
        "{company}__loyalty_level in (gold, platinum) and last_login more than 180 days ago",
    ),
    ("New this month", "date_joined in last 30 days"),
    ("Birthday within a week", "birth_date anniversary in next 7 days"),
    ("Test group", "can_email = true and sample 10 %"),
)


def make_segments(company: str) -> Iterator[tuple[str, str]]:
    """Names and conditions. One that refers to another comes behind it; `company` is what the
    company's own fields begin with.
    """
    for name, condition in _CONDITIONS:
        yield name, condition.format(company=company)
