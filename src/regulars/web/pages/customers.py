"""`/customers/`, and `/customers/view/ID/` for a view that is kept (SPEC section 12).

Owns addresses and forms of the page. What somebody looks for is sent by POST and kept on the
server: an address holds the random id of a view, names of fields, and numbers of customers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from regulars.edge.services import services_of
from regulars.errors import InvalidConditionError, InvalidValueError, NameTakenError
from regulars.services.asked_export import export_asked
from regulars.services.customer_list import ask_view, condition_to_save, describe_view, read_view
from regulars.services.customer_views import CustomerView, CustomerViews
from regulars.web.condition_draft import Draft, read_draft
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.customer_filters import add_filter, apply_buttons, read_pick, read_search
from regulars.web.customers_page import (
    START,
    CustomersPage,
    Place,
    address_of,
    make_page,
    read_order,
    read_place,
)
from regulars.web.downloads import send_csv
from regulars.web.forms import Form
from regulars.web.pages.condition_rows import load_row
from regulars.web.rendering import is_script, redirect, render

if TYPE_CHECKING:
    from regulars.errors import PlacedProblem
    from regulars.services.customer_list import AskedView

TEMPLATE: Final = "customers.html"
ROW: Final = "f-"
"""What the names of the inputs of a new filter begin with."""


@get("/customers", sync_to_thread=True)
def show_customers(
    request: Request[Any, Any, Any], order: str = "", after: str = ""
) -> Response[str]:
    """All customers."""
    page = load_page(request, CustomerView(), place=read_place(order, after))
    return render(request, TEMPLATE, page, fragment="found")


@get("/customers/view/{view_id:str}", sync_to_thread=True)
def show_view(
    request: Request[Any, Any, Any], view_id: str, order: str = "", after: str = ""
) -> Response[str]:
    """The customers of a view."""
    view = views_of(request).open(visitor_of(request).register, view_id)
    page = load_page(request, view, view_id, read_place(order, after))
    return render(request, TEMPLATE, page, fragment="found")


@post("/customers", sync_to_thread=True)
def search_customers(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Another search, a filter more, or one less: another view."""
    search, register = services_of(request).search, visitor_of(request).register
    view = apply_buttons(search, register, form, read_search(base_view(request, form), form))
    draft = read_pick(form) or read_draft(form, ROW)
    if form.text("step") == f"{ROW}row":
        return _show_row(request, form, view, draft)
    if form.text("step") == "add" or "pick" in form:
        try:
            view = add_filter(search, register, view, draft)
        except InvalidConditionError as error:
            return _show_row(request, form, view, draft, error.problems)
    return _show_view(request, form, view, Place(_read_order(request, form)))


@post("/customers/columns", sync_to_thread=True)
def choose_columns(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Other columns, or those again that are shown unasked."""
    schema = visitor_of(request).register.load_schema()
    chosen = tuple(key for key in form.texts("column") if key in schema.fields)
    columns = None if form.text("step") == "reset" else chosen
    view = msgspec.structs.replace(base_view(request, form), columns=columns, is_typed=False)
    return _show_view(request, form, view, Place(_read_order(request, form)))


@post("/customers/segment", sync_to_thread=True, guards=[check_may_edit])
def save_segment(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Save the condition of a view as a new segment."""
    services, visitor, view = services_of(request), visitor_of(request), base_view(request, form)
    name, view_id = form.text("name"), form.text("view")
    try:
        condition = condition_to_save(_read(request, view))
        segment = services.segments.create(visitor.register, name, condition, actor=visitor.actor)
    except (InvalidConditionError, InvalidValueError, NameTakenError) as error:
        page = load_page(request, view, view_id)
        reason = error.reason if isinstance(error, InvalidValueError) else f"{error}"
        page = msgspec.structs.replace(
            page, segment_name=name, segment_problem=f"{reason[:1].upper()}{reason[1:]}."
        )
        return render(request, TEMPLATE, page, status=422)
    return redirect(f"/segments/{segment.id}/")


@post("/customers/export", sync_to_thread=True, status_code=200)
def export_customers(request: Request[Any, Any, Any], form: Form) -> Stream:
    """The customers of a view as a file."""
    services, visitor = services_of(request), visitor_of(request)
    asked = _read(request, base_view(request, form))
    question = ask_view(services.search, visitor.register, asked)
    lines = export_asked(
        services.installation, visitor.register, question, describe_view(asked), actor=visitor.actor
    )
    return send_csv(lines, "customers.csv")


def load_page(
    request: Request[Any, Any, Any], view: CustomerView, view_id: str = "", place: Place = START
) -> CustomersPage:
    """The page of a view, as it is without a problem in any of its forms."""
    services = services_of(request)
    page = make_page(services.search, visitor_of(request), view, view_id, place)
    return msgspec.structs.replace(
        page,
        filter_row=load_row(request, Draft(), prefix=ROW),
        api_url=services.installation.settings.public_url or str(request.base_url).rstrip("/"),
    )


def views_of(request: Request[Any, Any, Any]) -> CustomerViews:
    """The views that are kept."""
    return CustomerViews(services_of(request).installation)


def base_view(request: Request[Any, Any, Any], form: Form) -> CustomerView:
    """The view that a form was shown with. Raises `UnknownNameError`."""
    view_id = form.text("view")
    if not view_id:
        return CustomerView()
    return views_of(request).find(visitor_of(request).register, view_id)


def _read(request: Request[Any, Any, Any], view: CustomerView) -> AskedView:
    register = visitor_of(request).register
    return read_view(services_of(request).search, register, register.load_schema(), view)


def _read_order(request: Request[Any, Any, Any], form: Form) -> str:
    order = form.text("order")
    read_order(visitor_of(request).register.load_schema(), order)
    return order


def _show_view(
    request: Request[Any, Any, Any], form: Form, view: CustomerView, place: Place
) -> Response[str]:
    """The page of another view, which is kept; of everyone, that of everyone."""
    view_id = ""
    if msgspec.structs.replace(view, is_typed=False) != CustomerView():
        register = visitor_of(request).register
        view_id = views_of(request).save(register, view, instead_of=form.text("view"))
    address = address_of(view_id, place)
    if not is_script(request):
        return redirect(address)
    page = load_page(request, view, view_id, place)
    header = "HX-Replace-Url" if view.is_typed else "HX-Push-Url"
    # While somebody types, the box stays as it is.
    fragment = "found" if view.is_typed else "workbench"
    return render(request, TEMPLATE, page, fragment=fragment, headers={header: address})


def _show_row(
    request: Request[Any, Any, Any],
    form: Form,
    view: CustomerView,
    draft: Draft,
    problems: tuple[PlacedProblem, ...] = (),
) -> Response[str]:
    """The same page with the inputs of a filter that is not added yet."""
    page = load_page(request, view, form.text("view"))
    told = tuple(f"{each.message[:1].upper()}{each.message[1:]}." for each in problems)
    page = msgspec.structs.replace(
        page,
        filter_row=load_row(request, draft, prefix=ROW, problems=told),
        is_filter_open=True,
    )
    status = 422 if problems and not is_script(request) else 200
    return render(request, TEMPLATE, page, fragment="workbench", status=status)


HANDLERS: Final = (
    show_customers,
    show_view,
    search_customers,
    choose_columns,
    save_segment,
    export_customers,
)
