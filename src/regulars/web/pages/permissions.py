"""`/permissions/`: how many may be reached through each channel, and how that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get

from regulars.domain.segments.days import local_day
from regulars.edge.services import services_of
from regulars.errors import IndexBusyError
from regulars.services.permission_overview import Overview, load_overview
from regulars.web.code_names import name_code
from regulars.web.context import visitor_of
from regulars.web.customer_words import CHANNELS
from regulars.web.month_chart import MonthChart, draw_months
from regulars.web.rendering import render

if TYPE_CHECKING:
    from regulars.services.permission_overview import PermissionOverview, PermissionShares


class ChannelCard(msgspec.Struct, frozen=True):
    """A permission in numbers; `reached` have an address for it as well."""

    permission: str
    channel: str
    given: int
    reached: int | None
    trend: MonthChart | None
    grown: int
    """By how many since the first month of the trend."""


class ShareRow(msgspec.Struct, frozen=True):
    """Customers with a value, and how many of them have given each permission."""

    label: str
    customers: int
    given: list[int]


class PermissionsPage(msgspec.Struct, frozen=True):
    """What the page shows; `busy` where the index is being made, how much of it is done."""

    busy: float | None
    customers: int = 0
    cards: list[ChannelCard] = []
    channels: list[str] = []
    by_country: list[ShareRow] = []
    by_list: list[ShareRow] = []


@get("/permissions", sync_to_thread=True)
def show_permissions(request: Request[Any, Any, Any]) -> Response[str]:
    """The overview."""
    services, visitor = services_of(request), visitor_of(request)
    today = local_day(services.installation.now(), visitor.timezone)
    try:
        page = _describe(load_overview(services.search, visitor.register, today))
    except IndexBusyError as busy:
        page = PermissionsPage(busy.progress)
    return render(request, "permissions.html", page, fragment="overview")


def _describe(overview: Overview) -> PermissionsPage:
    by_name = {each.permission: each for each in overview.permissions}
    return PermissionsPage(
        None,
        overview.customers,
        [_card(by_name[name]) for name in CHANNELS],
        list(CHANNELS.values()),
        [_row(each, "country_code") for each in overview.by_country],
        [_row(each, "list") for each in overview.by_list],
    )


def _card(overview: PermissionOverview) -> ChannelCard:
    ends = [(each.month, each.customers) for each in overview.trend]
    return ChannelCard(
        overview.permission,
        CHANNELS[overview.permission],
        overview.given,
        overview.reached,
        draw_months(ends),
        overview.given - ends[0][1],
    )


def _row(shares: PermissionShares, type_name: str) -> ShareRow:
    given = [shares.permissions[name] for name in CHANNELS]
    return ShareRow(name_code(type_name, str(shares.value)), shares.customers, given)


HANDLERS: Final = (show_permissions,)
