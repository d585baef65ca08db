"""`GET /api/data/customers/` (SPEC section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.openapi.datastructures import ResponseSpec

from regulars.api.context import check_scope, read_number, register_of
from regulars.api.customer_documentation import CUSTOMER_PARAMETERS
from regulars.api.customer_query import read_customer_query, read_wanted
from regulars.api.documentation import failures
from regulars.api.errors import BusyErrorReply, ConditionErrorReply
from regulars.api.files import CSV, send_file, wants_csv
from regulars.api.links import absolute_url
from regulars.domain.customers.presentation import compile_reply, read_field_names
from regulars.edge.services import services_of
from regulars.errors import InvalidValueError
from regulars.services.csv_lines import csv_header, csv_line
from regulars.services.retrieval import Retrieval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from regulars.domain.customers.customer import Customer
    from regulars.domain.fields.schema import Schema

PATH: Final = "/api/data/customers/"
DEFAULT_LIMIT: Final = 100
MOST_CUSTOMERS: Final = 10_000
MOST_IN_CSV: Final = 100_000


class CustomersReply(msgspec.Struct, omit_defaults=True):
    """A page of customers, and how many there are in all; `next_url` only where more follow."""

    customers: list[dict[str, object]]
    count: int
    next_url: str | None = None


@get(
    "/api/data/customers",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=CUSTOMER_PARAMETERS,
    responses={
        200: ResponseSpec(CustomersReply, description="Customers", generate_examples=False),
        **failures(401, 403, 409, 429, detailed={400: ConditionErrorReply, 503: BusyErrorReply}),
    },
    tags=["Customers"],
    summary="Read customers back",
)
def read_customers(request: Request[Any, Any, Any]) -> Response[Any]:
    """The living customers for whom all that is asked holds, in the order in which they were made.
    Every field is a parameter, the company's own included, and asks for the customers with that
    value, or with that item in a list. In this order `next_url` gives every customer that was there
    all the time exactly once.
    """
    return reply_with_customers(request, PATH)


def reply_with_customers(
    request: Request[Any, Any, Any], path: str, segment: str | None = None
) -> Response[Any]:
    """The customers that the query of a request asks for, at an address; of those of a segment,
    where the address names one. Raises what `Retrieval.find` raises.
    """
    register = register_of(request)
    schema = register.load_schema()
    parameters = read_customer_query(request, schema)
    if segment is not None and "segment" in parameters:
        raise InvalidValueError("segment", "the address names the segment already")
    is_csv = wants_csv(request, parameters)
    limit = read_number(
        parameters, "limit", DEFAULT_LIMIT, MOST_IN_CSV if is_csv else MOST_CUSTOMERS
    )
    names = read_field_names(schema, parameters["fields"]) if "fields" in parameters else None
    with_zone = _with_zone(parameters)
    services = services_of(request)
    retrieval = Retrieval(services.search, services.segments, services.installation.now())
    page = retrieval.find(register, schema, read_wanted(schema, parameters, limit, segment))
    next_url = None
    if page.next_after is not None:
        next_url = absolute_url(request, path, {**parameters, "after": str(page.next_after)})
    if is_csv:
        headers = {} if next_url is None else {"Link": f'<{next_url}>; rel="next"'}
        lines = _csv_lines(schema, names, page.customers)
        return send_file(lines, CSV, "customers.csv", headers)
    show = compile_reply(schema, names, with_zone=with_zone)
    customers: list[Any] = [show(customer.fields) for customer in page.customers]
    return Response(CustomersReply(customers, page.count, next_url), media_type=MediaType.JSON)


def _csv_lines(
    schema: Schema, names: list[str] | None, customers: Iterable[Customer]
) -> Iterator[bytes]:
    # Files may be uploaded again, so that their instants always have a zone.
    show = compile_reply(schema, names, with_zone=True)
    columns = names or [field.name for field in schema.fields.values()]
    yield csv_header(columns)
    for customer in customers:
        yield csv_line(columns, show(customer.fields))


def _with_zone(parameters: Mapping[str, str]) -> bool:
    form = parameters.get("datetimes")
    if form not in (None, "rfc3339"):
        raise InvalidValueError("datetimes", "rfc3339, or left out")
    return form is not None
