"""Owns how a test tells whether an index answers as it did, and whether it was made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.segments.check import check_condition, no_segments
from regulars.domain.segments.text import read_condition
from regulars.index.questions import Order, Query

if TYPE_CHECKING:
    import pytest

    from tests.index.indexed import IndexedCompany

CONDITIONS: Final = (
    "city = Turku", "tags has any (vip)", "email contains 7", "acme__n between 5 and 90",
    "last_login > 2020-01-01", "city changed in last 30000 days",
)  # fmt: skip


def answers(company: IndexedCompany) -> list[object]:
    """What the index says to all kinds of questions."""
    schema = company.index.catch_up()
    index = company.index
    found: list[object] = []
    for text in CONDITIONS:
        tree = read_condition(text).tree
        query = Query(check_condition(tree, schema, no_segments))
        found += [index.count(query), index.find_ids(query, limit=2000)]
    everybody = Query()
    by_email = index.find_ids(Query(None, ("turku",)), Order("email"), limit=50)
    return [*found, by_email, index.statistics(everybody), index.measure(everybody)]


def made_anew(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if "made anew" in each.getMessage()]
