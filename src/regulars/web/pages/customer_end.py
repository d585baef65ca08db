"""`/customers/ID/delete/` and `/forget/`: what would happen, and the button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.services import services_of
from regulars.errors import UnknownNameError
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.customer_words import name_customer
from regulars.web.forms import Form
from regulars.web.pages.customer_edit import apply_edit, find_living
from regulars.web.rendering import render

if TYPE_CHECKING:
    from regulars.domain.customers.customer import Customer

_FIELDS: Final = {"delete": "is_deleted", "forget": "is_forgotten"}
CONFIRMED: Final = "confirmed"


class EndPage(msgspec.Struct, frozen=True):
    """What the page shows; `way` is `delete` or `forget`."""

    id: int
    name: str
    way: str
    retention_days: int
    has_external_id: bool
    problem: str = ""


class EndedPage(msgspec.Struct, frozen=True):
    """What the page shows once it is done, or is going to be."""

    way: str
    is_waiting: bool


@get("/customers/{customer_id:int}/{way:str}", guards=[check_may_edit], sync_to_thread=True)
def show_end(request: Request[Any, Any, Any], customer_id: int, way: str) -> Response[str]:
    """What would happen."""
    visitor = visitor_of(request)
    _check_way(way)
    page = _page(request, find_living(visitor, customer_id), way)
    return render(request, "customer_end.html", page)


@post("/customers/{customer_id:int}/{way:str}", guards=[check_may_edit], sync_to_thread=True)
def end(request: Request[Any, Any, Any], customer_id: int, way: str, form: Form) -> Response[str]:
    """Do it, once it is confirmed."""
    visitor = visitor_of(request)
    field = _check_way(way)
    customer = find_living(visitor, customer_id)
    if not form.text(CONFIRMED):
        page = _page(request, customer, way, "Tick the box to say that you mean it.")
        return render(request, "customer_end.html", page, status=422)
    run = apply_edit(services_of(request), visitor, customer, {field: True})
    return render(request, "customer_ended.html", EndedPage(way, run is None))


def _check_way(way: str) -> str:
    """The field that ends a customer in this way. Raises `UnknownNameError`."""
    if way not in _FIELDS:
        raise UnknownNameError("such page")
    return _FIELDS[way]


def _page(
    request: Request[Any, Any, Any], customer: Customer, way: str, problem: str = ""
) -> EndPage:
    return EndPage(
        customer.id,
        name_customer(customer.fields),
        way,
        visitor_of(request).register.settings.deleted_days,
        "external_id" in customer.fields,
        problem,
    )


HANDLERS: Final = (show_end, end)
