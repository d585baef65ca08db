"""`/settings/`: what the company is called, where it is, and its limits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError
from regulars.services.company_settings import LIMITS, change_company, change_limits
from regulars.web.code_names import country_names
from regulars.web.context import check_is_admin, visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render
from regulars.web.setting_words import HOLD_LIMITS, RETENTION_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regulars.web.setting_words import LimitWords

_DONE: Final = {
    "company": "The company is saved.",
    "limits": "The limits are saved.",
}


class LimitInput(msgspec.Struct, frozen=True):
    """A limit in the form: the company's own as text, and the installation's."""

    name: str
    label: str
    unit: str
    value: str
    default: int


class CompanyPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    short_name: str
    name: str
    timezone: str
    timezones: list[str]
    country: str
    countries: dict[str, str]
    retention: list[LimitInput]
    hold: list[LimitInput]
    done: str
    problem: str = ""
    limit_problem: str = ""


@get("/settings", guards=[check_is_admin], sync_to_thread=True)
def show(request: Request[Any, Any, Any], done: str = "") -> Response[str]:
    """Both forms."""
    return render(request, "settings_company.html", _page(request, None, _DONE.get(done, "")))


@post("/settings/company", guards=[check_is_admin], sync_to_thread=True)
def save_company(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Another name, timezone or country."""
    visitor = visitor_of(request)
    given = {name: form.text(name) for name in ("name", "timezone", "country")}
    try:
        change_company(
            services_of(request).installation, visitor.register, **given, actor=visitor.actor
        )
    except InvalidValueError as error:
        page = _page(request, None)
        page = msgspec.structs.replace(page, **given, problem=_sentence(error))
        return render(request, "settings_company.html", page, status=422)
    return redirect("/settings/?done=company")


@post("/settings/limits", guards=[check_is_admin], sync_to_thread=True)
def save_limits(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Limits of the company's own; an empty one is the installation's."""
    visitor = visitor_of(request)
    try:
        limits = {name: form.number(name) for name in LIMITS}
        change_limits(
            services_of(request).installation, visitor.register, limits, actor=visitor.actor
        )
    except InvalidValueError as error:
        page = msgspec.structs.replace(_page(request, form), limit_problem=_limit_problem(error))
        return render(request, "settings_company.html", page, status=422)
    return redirect("/settings/?done=limits")


def _page(request: Request[Any, Any, Any], form: Form | None, done: str = "") -> CompanyPage:
    company = visitor_of(request).register.company
    return CompanyPage(
        company.short_name,
        company.name,
        company.timezone,
        _timezones(),
        company.country,
        country_names(),
        _inputs(request, RETENTION_LIMITS, form),
        _inputs(request, HOLD_LIMITS, form),
        done,
    )


def _inputs(
    request: Request[Any, Any, Any], words: Iterable[LimitWords], form: Form | None
) -> list[LimitInput]:
    settings = services_of(request).installation.settings
    own = visitor_of(request).register.company.limits
    inputs = []
    for name, label, unit in words:
        stored = getattr(own, name)
        value = form.text(name) if form is not None else "" if stored is None else str(stored)
        inputs.append(LimitInput(name, label, unit, value, getattr(settings, name)))
    return inputs


def _sentence(error: InvalidValueError) -> str:
    return f"{error.name.capitalize()}: {error.reason}."


def _limit_problem(error: InvalidValueError) -> str:
    words = {each.name: each.label for each in (*RETENTION_LIMITS, *HOLD_LIMITS)}
    return f"“{words.get(error.name, error.name)}”: {error.reason}."


@cache
def _timezones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name or name == "UTC")


HANDLERS: Final = (show, save_company, save_limits)
