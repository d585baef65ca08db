"""Query parameters that say which customers are meant: fields by their names, and some more.

Owns how the parameters are read. Must not know what is found for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from regulars.api.context import check_parameters, read_number
from regulars.services.retrieval import Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Request

    from regulars.domain.fields.schema import Schema

_CHOICE: Final = frozenset({"segment", "where", "q", "order", "after"})
_FORM: Final = frozenset({"limit", "fields", "datetimes", "format"})
OWN_PARAMETERS: Final = _CHOICE | _FORM
"""Those that are no fields."""


def read_customer_query(request: Request[Any, Any, Any], schema: Schema) -> dict[str, str]:
    """The query parameters; fields under their own names, in whatever case they were written.

    Raises `InvalidValueError` for one that is unknown, repeated or empty.
    """

    def find(name: str) -> str | None:
        if name in OWN_PARAMETERS:
            return name
        field = schema.find(name)
        return None if field is None else field.name

    known = "a field such as external_id, email, city"
    return check_parameters(request, set(OWN_PARAMETERS), find=find, besides=known)


def read_wanted(
    schema: Schema, parameters: Mapping[str, str], limit: int, segment: str | None = None
) -> Wanted:
    """Which customers the parameters ask for, of a segment where it is given besides. Raises
    `InvalidValueError`.
    """
    after = read_number(parameters, "after", 0, 2**62)
    return Wanted(
        {name: text for name, text in parameters.items() if name.lower() in schema.fields},
        segment=segment or parameters.get("segment"),
        where=parameters.get("where"),
        words=parameters.get("q", ""),
        order=parameters.get("order"),
        after=after or None,
        limit=limit,
    )
