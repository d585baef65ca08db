"""`/settings/audit/` and `/settings/suppressions/`: long lists, newest first and some at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError, UnknownNameError
from regulars.services.suppressions import lift_suppression
from regulars.web.actors import ActorNames
from regulars.web.context import check_is_admin, visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render
from regulars.web.setting_words import describe_subject, label_action

if TYPE_CHECKING:
    from datetime import datetime

PAGE: Final = 50


class ShownEntry(msgspec.Struct, frozen=True):
    """A line of the audit log."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: str


class AuditPage(msgspec.Struct, frozen=True):
    """What the audit log shows; `next_before` where older entries follow."""

    entries: list[ShownEntry]
    actions: list[tuple[str, str]]
    action: str
    is_first: bool
    next_before: int | None


class ShownSuppression(msgspec.Struct, frozen=True):
    """A line of the suppression list."""

    id: int
    kind: str
    created_at: datetime
    import_id: str | None
    lifted_at: datetime | None
    lifted_by: str
    lift_reason: str


class SuppressionsPage(msgspec.Struct, frozen=True):
    """What the suppression list shows."""

    suppressions: list[ShownSuppression]
    is_first: bool
    next_before: int | None
    done: str = ""
    problem: str = ""


@get("/settings/audit", guards=[check_is_admin], sync_to_thread=True)
def show_audit(
    request: Request[Any, Any, Any], action: str = "", before: int | None = None
) -> Response[str]:
    """Some of the audit log; of all, or of one kind of act."""
    visitor = visitor_of(request)
    company, listings = visitor.register.company.short_name, visitor.register.store.listings
    found = listings.load_audit_page(before, PAGE + 1, action or None)
    access = services_of(request).access
    names = ActorNames(access, company)
    tokens = {token.id: token.name for token in access.load_tokens(company)}
    entries = [
        ShownEntry(
            entry.at, names.name(entry.actor), label_action(entry.action),
            describe_subject(entry, tokens), entry.details,
        )
        for _, entry in found[:PAGE]
    ]  # fmt: skip
    actions = [(each, label_action(each)) for each in listings.load_audit_actions()]
    actions.sort(key=lambda each: each[1])
    next_before = found[PAGE - 1].number if len(found) > PAGE else None
    page = AuditPage(entries, actions, action, before is None, next_before)
    return render(request, "settings_audit.html", page, fragment="results")


@get("/settings/suppressions", guards=[check_is_admin], sync_to_thread=True)
def show_suppressions(
    request: Request[Any, Any, Any], before: int | None = None, done: str = ""
) -> Response[str]:
    """Some of the suppression list."""
    text = "The suppression is lifted: records with this address apply again." if done else ""
    return _show_suppressions(request, before, done=text)


@post(
    "/settings/suppressions/{suppression_id:int}/lift",
    guards=[check_is_admin],
    sync_to_thread=True,
)
def lift(request: Request[Any, Any, Any], suppression_id: int, form: Form) -> Response[str]:
    """Let an address be again, for a reason."""
    visitor, installation = visitor_of(request), services_of(request).installation
    try:
        lift_suppression(
            installation, visitor.register, suppression_id, form.text("reason"),
            actor=visitor.actor,
        )  # fmt: skip
    except InvalidValueError:
        problem = "Say why the suppression is lifted: the reason stays in the list."
        return _show_suppressions(request, None, problem=problem, status=422)
    except UnknownNameError:
        problem = "This suppression is not in force any more."
        return _show_suppressions(request, None, problem=problem, status=409)
    return redirect("/settings/suppressions/?done=lift")


def _show_suppressions(
    request: Request[Any, Any, Any], before: int | None, *, status: int = 200, **values: str
) -> Response[str]:
    visitor = visitor_of(request)
    names = ActorNames(services_of(request).access, visitor.register.company.short_name)
    found = visitor.register.store.listings.load_suppressions(before, PAGE + 1)
    shown = [
        ShownSuppression(
            each.id, each.kind, each.created_at, import_id, each.lifted_at,
            names.name(each.lifted_by or ""), each.lift_reason or "",
        )
        for each, import_id in found[:PAGE]
    ]  # fmt: skip
    next_before = found[PAGE - 1].suppression.id if len(found) > PAGE else None
    page = SuppressionsPage(shown, before is None, next_before, **values)
    return render(request, "settings_suppressions.html", page, status=status)


HANDLERS: Final = (show_audit, show_suppressions, lift)
