"""`/customers/ID/`: one customer (SPEC section 12).

The id is the register's own number, which says nothing of a person.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response, get

from regulars.domain.customers.presentation import compile_reply
from regulars.edge.services import services_of
from regulars.services.customer_edit import find_customer
from regulars.services.customer_history import load_history
from regulars.web.actors import ActorNames
from regulars.web.context import visitor_of
from regulars.web.customer_words import CustomerWords
from regulars.web.rendering import render

_NOTICES: Final = {
    "saved": "The change is saved.",
    "same": "There was nothing to change.",
    "waiting": "The change is accepted. It waits behind a running import and takes effect "
    "after it.",
}


@get("/customers/{customer_id:int}", sync_to_thread=True)
def show_customer(
    request: Request[Any, Any, Any], customer_id: int, before: int | None = None, done: str = ""
) -> Response[str]:
    """The customer, or the next part of the timeline."""
    visitor = visitor_of(request)
    names = ActorNames(services_of(request).access, visitor.register.company.short_name)
    customer = find_customer(visitor.register, customer_id)
    history = load_history(visitor.register, customer_id)
    words = CustomerWords(visitor.register.load_schema(), visitor.timezone, names)
    page = words.describe(customer, history, before, _NOTICES.get(done, ""))
    return render(request, "customer.html", page, fragment="timeline")


@get("/customers/{customer_id:int}/json", sync_to_thread=True)
def show_json(request: Request[Any, Any, Any], customer_id: int) -> Response[bytes]:
    """The customer as the API gives it."""
    register = visitor_of(request).register
    show = compile_reply(register.load_schema(), with_zone=True)
    fields = show(find_customer(register, customer_id).fields)
    body = msgspec.json.format(msgspec.json.encode(fields), indent=2)
    return Response(body + b"\n", media_type=MediaType.JSON)


HANDLERS: Final = (show_customer, show_json)
