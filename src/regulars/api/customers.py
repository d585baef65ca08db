"""`GET /api/data/customers/` (SPEC section 10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, get

from regulars.api.context import (
    check_parameters,
    check_scope,
    read_number,
    register_of,
    services_of,
)
from regulars.api.documentation import CUSTOMER_PARAMETERS, failures
from regulars.domain.customers.presentation import compile_reply, read_field_names
from regulars.errors import InvalidValueError
from regulars.services.customers import FILTERS, find_page

if TYPE_CHECKING:
    from regulars.domain.fields.types import Value

DEFAULT_LIMIT: Final = 100
MOST_CUSTOMERS: Final = 10_000
_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_LONGEST_HOST: Final = 262
"""A name by RFC 1035, and a port."""
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
        None if page.next_after is None else _next_url(request, parameters, page.next_after),
    )


def _with_zone(parameters: dict[str, str]) -> bool:
    form = parameters.get("datetimes")
    if form not in (None, "rfc3339"):
        raise InvalidValueError("datetimes", "rfc3339, or left out")
    return form is not None


def _next_url(request: Request[Any, Any, Any], parameters: dict[str, str], after: int) -> str:
    public_url = services_of(request).installation.settings.public_url.rstrip("/")
    query = urlencode(parameters | {"after": str(after)})
    return f"{public_url or _origin(request)}/api/data/customers/?{query}"


def _origin(request: Request[Any, Any, Any]) -> str:
    """The address that the client used; a host that cannot be one never stands in a reply."""
    host = request.headers.get("host", "")
    if not host:
        name, port = request.scope["server"] or ("localhost", None)
        host = name if port is None else f"{name}:{port}"
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        raise InvalidValueError("Host", "the header names no host")
    return f"{request.scope['scheme']}://{host}"
