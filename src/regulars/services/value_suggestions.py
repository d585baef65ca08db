"""Values to choose from: the most frequent ones of a field (SPEC section 12).

Owns which fields have values worth choosing from. Must not know who chooses, or how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from regulars.domain.fields.schema import LIST_TYPES
from regulars.domain.segments.tree import Sample
from regulars.errors import IndexBusyError
from regulars.services.spelled_values import spell_distributions

if TYPE_CHECKING:
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register

SUGGESTED_TYPES: Final = LIST_TYPES | {"string", "country_code", "language_code", "integer"}
"""Identifiers are each somebody's own; days and amounts are typed."""

_MOST_COUNTED: Final = 100_000
_SAMPLE: Final = Sample("10")


class SuggestedValue(msgspec.Struct, frozen=True):
    """A value, and how many customers have it, where all were counted."""

    value: Any
    customers: int | None


def suggest_values(search: CustomerSearch, register: Register, key: str) -> list[SuggestedValue]:
    """The most frequent values of a field, the most frequent first; none where there are none to
    choose from, and while the index is being made.

    Raises `StoreUnavailableError`.
    """
    field = register.load_schema().fields.get(key)
    if field is None or field.type not in SUGGESTED_TYPES:
        return []
    # Text may be another one for each customer, which takes long to count.
    is_sampled = field.type == "string" and register.store.read_position().living > _MOST_COUNTED
    try:
        asked = search.ask(register, condition=_SAMPLE if is_sampled else None)
        distribution = asked.distribution(key)
    except IndexBusyError:
        return []
    (spelled,) = spell_distributions(register.store, asked.schema, [distribution])
    if is_sampled:
        return [SuggestedValue(each.value, None) for each in spelled.values]
    return [SuggestedValue(each.value, each.customers) for each in spelled.values]
