"""`GET /api/data/customers/` (SPEC section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, get

from regulars.api.context import (
    check_parameters,
    check_scope,
    read_number,
    register_of,
)
from regulars.api.documentation import CUSTOMER_PARAMETERS, failures
from regulars.api.links import absolute_url
from regulars.domain.customers.presentation import compile_reply, read_field_names
from regulars.errors import InvalidValueError
from regulars.services.customers import FILTERS, find_page

if TYPE_CHECKING:
    from regulars.domain.fields.types import Value

DEFAULT_LIMIT: Final = 100
MOST_CUSTOMERS: Final = 10_000
_PARAMETERS: Final = {*FILTERS, "limit", "after", "fields", "datetimes"}


class CustomersReply(msgspec.Struct, omit_defaults=True):
    """A page of customers; `next_url` only where more follow."""

    customers: list[dict[str, object]]
    count: int
    next_url: str | None = None


@get(
    "/api/data/customers",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=CUSTOMER_PARAMETERS,
    responses=failures(400, 401, 403, 429, 503),
    tags=["Customers"],
    summary="Read customers back",
)
def read_customers(request: Request[Any, Any, Any]) -> CustomersReply:
    """Customers in the order in which they were made, all of them or those with an identifier."""
    parameters = check_parameters(request, _PARAMETERS)
    limit = read_number(parameters, "limit", DEFAULT_LIMIT, MOST_CUSTOMERS)
    after = read_number(parameters, "after", 0, 2**62)
    register = register_of(request)
    schema = register.load_schema()
    fields = parameters.get("fields")
    show = compile_reply(
        schema,
        None if fields is None else read_field_names(schema, fields),
        with_zone=_with_zone(parameters),
    )
    filters = {name: parameters[name] for name in FILTERS if name in parameters}
    page = find_page(register, schema, filters, after=after, limit=limit)
    customers: list[dict[str, Value]] = [show(customer.fields) for customer in page.customers]
    return CustomersReply(
        customers,  # type: ignore[arg-type]
        page.count,
        None
        if page.next_after is None
        else absolute_url(
            request, "/api/data/customers/", parameters | {"after": str(page.next_after)}
        ),
    )


def _with_zone(parameters: dict[str, str]) -> bool:
    form = parameters.get("datetimes")
    if form not in (None, "rfc3339"):
        raise InvalidValueError("datetimes", "rfc3339, or left out")
    return form is not None
