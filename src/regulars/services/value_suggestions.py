"""Values to choose from: the most frequent ones of a field (SPEC section 12).

Owns which fields have values worth choosing from. Must not know who chooses, or how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from regulars.domain.fields.schema import LIST_TYPES
from regulars.errors import IndexBusyError
from regulars.services.spelled_values import SpelledValue, spell_distributions

if TYPE_CHECKING:
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.installation import Register

SUGGESTED_TYPES: Final = LIST_TYPES | {"string", "country_code", "language_code", "integer"}
"""Identifiers are each somebody's own; days and amounts are typed."""


def suggest_values(search: CustomerSearch, register: Register, key: str) -> list[SpelledValue]:
    """The most frequent values of a field, the most frequent first; none where there are none to
    choose from, and while the index is being made.

    Raises `StoreUnavailableError`.
    """
    try:
        asked = search.ask(register)
        field = asked.schema.fields.get(key)
        if field is None or field.type not in SUGGESTED_TYPES:
            return []
        distribution = asked.distribution(key)
    except IndexBusyError:
        return []
    (spelled,) = spell_distributions(register.store, asked.schema, [distribution])
    return spelled.values
