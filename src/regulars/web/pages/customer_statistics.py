"""`…/statistics/` of all customers and of a view: who they are, in numbers (SPEC section 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get

from regulars.domain.fields.catalogue import PERMISSIONS
from regulars.edge.services import services_of
from regulars.errors import IndexBusyError
from regulars.services.customer_list import ask_view, read_view
from regulars.services.customer_views import CustomerView
from regulars.services.spelled_values import spell_distributions
from regulars.web.code_names import name_code
from regulars.web.context import visitor_of
from regulars.web.customers_page import address_of, make_chips
from regulars.web.field_labels import label_field
from regulars.web.month_chart import MonthChart, draw_months
from regulars.web.pages.customers import views_of
from regulars.web.rendering import render

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.services.customer_search import Asked, Statistics
    from regulars.services.spelled_values import SpelledDistribution
    from regulars.web.customers_page import Chip

TEMPLATE: Final = "customer_statistics.html"
_CHANNELS: Final = {"email": "E-mail", "sms": "SMS", "post": "Post", "push": "Push"}


class Share(msgspec.Struct, frozen=True):
    """A value, and how many of the customers have it."""

    label: str
    customers: int
    field: str = ""
    value: str = ""
    """By which a filter for it can be added, where there is one."""


class Breakdown(msgspec.Struct, frozen=True):
    """The values of a field."""

    label: str
    shares: list[Share]
    other_values: int
    others: int
    without: int


class StatisticsPage(msgspec.Struct, frozen=True):
    """What the page shows; while the index is being made, how far it is."""

    view_id: str
    address: str
    back: str
    chips: list[Chip]
    words: str
    customers: int = 0
    reach: list[Share] = []
    permissions: list[Share] = []
    breakdowns: list[Breakdown] = []
    joined: MonthChart | None = None
    joined_without: int = 0
    busy: float | None = None


@get("/customers/statistics", sync_to_thread=True)
def show_statistics(request: Request[Any, Any, Any]) -> Response[str]:
    """Those of all customers."""
    return _show(request, CustomerView(), "")


@get("/customers/view/{view_id:str}/statistics", sync_to_thread=True)
def show_view_statistics(request: Request[Any, Any, Any], view_id: str) -> Response[str]:
    """Those of the customers of a view."""
    view = views_of(request).find(visitor_of(request).register, view_id)
    return _show(request, view, view_id)


def _show(request: Request[Any, Any, Any], view: CustomerView, view_id: str) -> Response[str]:
    search, register = services_of(request).search, visitor_of(request).register
    schema = register.load_schema()
    asked = read_view(search, register, schema, view)
    page = StatisticsPage(
        view_id,
        address_of(view_id, below="statistics/"),
        address_of(view_id),
        make_chips(schema, asked),
        asked.words,
    )
    try:
        question = ask_view(search, register, asked)
        page = _with_numbers(request, page, question)
    except IndexBusyError as busy:
        page = msgspec.structs.replace(page, busy=busy.progress)
    return render(request, TEMPLATE, page, fragment="statistics")


def _with_numbers(
    request: Request[Any, Any, Any], page: StatisticsPage, question: Asked
) -> StatisticsPage:
    statistics, schema = question.statistics(), question.schema
    store = visitor_of(request).register.store
    spelled = spell_distributions(store, schema, statistics.distributions)
    return msgspec.structs.replace(
        page,
        customers=statistics.customers,
        reach=[Share(_CHANNELS[name], number) for name, number in statistics.reach.items()],
        permissions=_permissions(schema, statistics),
        breakdowns=[_break_down(schema, each) for each in spelled],
        joined=draw_months((each.month, each.customers) for each in statistics.joined),
        joined_without=statistics.joined_without,
    )


def _permissions(schema: Schema, statistics: Statistics) -> list[Share]:
    return [
        Share(label_field(schema, name), statistics.permissions[name], name, "true")
        for name in PERMISSIONS
    ]


def _break_down(schema: Schema, distribution: SpelledDistribution) -> Breakdown:
    key = distribution.field.lower()
    shares = [
        Share(name_code(distribution.type, f"{each.value}"), each.customers, key, f"{each.value}")
        for each in distribution.values
    ]
    return Breakdown(
        label_field(schema, key),
        shares,
        distribution.other_values,
        distribution.others,
        distribution.without,
    )


HANDLERS: Final = (show_statistics, show_view_statistics)
