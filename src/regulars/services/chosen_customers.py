"""The customers of an export that meet a condition: found in the index, read from the store.

Must not know formats, nor whether it is this process that has the index open.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from regulars.domain.segments.text import write_condition
from regulars.domain.segments.tree import Sample, Test, referred_segments, walk
from regulars.services.exports import Chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.domain.segments.tree import Condition
    from regulars.services.index_access import IndexAccess
    from regulars.services.installation import Register

_FOUND_IDS: Final = 50_000
"""In one question to the index, which goes through all customers to answer it."""
_READ_CUSTOMERS: Final = 5_000


def choose_customers(register: Register, indexes: IndexAccess, condition: Condition) -> Chosen:
    """The living customers that meet a condition, in order of id, each as it is when it is read.

    The index is asked at once whether it can answer. Raises what `IndexAccess` raises.
    """
    pages = _find_pages(register.company.short_name, indexes, write_condition(condition))
    first = next(pages, [])
    return Chosen(_read(register, chain([first], pages)), describe_choice(condition))


def describe_choice(condition: Condition) -> str:
    """Which segments and fields a condition names. Its values may be somebody's, and are not for
    the audit log.
    """
    nodes = [node for _, _, node in walk(condition)]
    parts = [f"segment {name}" for name in dict.fromkeys(referred_segments(condition))]
    parts += sorted({node.field.lower() for node in nodes if isinstance(node, Test)})
    if any(isinstance(node, Sample) for node in nodes):
        parts.append("sample")
    return f"customers by {', '.join(parts)}"


def _find_pages(company: str, indexes: IndexAccess, condition: str) -> Iterator[list[int]]:
    after = 0
    while ids := indexes.find_ids(company, condition, after=after, limit=_FOUND_IDS):
        yield ids
        after = ids[-1]


def _read(register: Register, pages: Iterator[list[int]]) -> Iterator[Customer]:
    for ids in pages:
        for first in range(0, len(ids), _READ_CUSTOMERS):
            customers = register.store.load_customers(ids[first : first + _READ_CUSTOMERS])
            # Some may have gone since they were found.
            yield from (customer for customer in customers if customer.state == "living")
