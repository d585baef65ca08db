"""The customers of a question as CSV, line by line, for whoever asked it (SPEC section 10).

Must not know who asked, nor how the lines are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.services.exports import export_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.customers.customer import Customer
    from regulars.services.customer_search import Asked
    from regulars.services.installation import Installation, Register

_FOUND_IDS: Final = 50_000
"""In one question to the index, which goes through all customers to answer it."""
_READ_CUSTOMERS: Final = 5_000


def export_asked(
    installation: Installation, register: Register, asked: Asked, description: str, *, actor: str
) -> Iterator[bytes]:
    """The lines of a CSV file. `description` says in the audit log which customers they are,
    without values. Raises as the answers of `Asked`.
    """
    company = register.company.short_name
    installation.add_audit_entry(company, actor, "export:start", "csv", description)
    count = 0
    for count, line in export_lines(asked.schema, "csv", _iterate(register, asked)):  # noqa: B007 - how many
        yield line
    installation.add_audit_entry(company, actor, "export:end", "csv", f"{count} customers")


def _iterate(register: Register, asked: Asked) -> Iterator[Customer]:
    after = None
    while ids := asked.find_ids(after=after, limit=_FOUND_IDS):
        for first in range(0, len(ids), _READ_CUSTOMERS):
            found = register.store.load_customers(ids[first : first + _READ_CUSTOMERS])
            by_id = {each.id: each for each in found if each.state == "living"}
            yield from (by_id[each] for each in sorted(by_id))
        after = ids[-1]
