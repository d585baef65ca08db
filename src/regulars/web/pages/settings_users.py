"""`/settings/users/`: who may sign in, and as what.

Users are named in forms by their addresses, never in the address of a page.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.domain.access.credentials import ROLES
from regulars.edge.services import services_of
from regulars.errors import ConflictError, InvalidValueError, NameTakenError, UnknownNameError
from regulars.services import users
from regulars.web.context import check_is_admin, visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from regulars.domain.access.credentials import User

_PASSWORD_BYTES: Final = 12
_DONE: Final = {
    "create": "The user is made and may sign in.",
    "role": "The role is changed.",
    "password": "The password is changed. The user is signed out everywhere.",
    "disable": "The user is disabled and signed out everywhere.",
    "enable": "The user may sign in again.",
}


class ShownUser(msgspec.Struct, frozen=True):
    """A user of the list."""

    email: str
    role: str
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None
    is_self: bool


class UsersPage(msgspec.Struct, frozen=True):
    """What the page shows; `password` was made for the user of that address, and is shown once."""

    users: list[ShownUser]
    roles: tuple[str, ...]
    done: str = ""
    problem: str = ""
    email: str = ""
    role: str = "planner"
    password: str = ""
    password_of: str = ""


@get("/settings/users", guards=[check_is_admin], sync_to_thread=True)
def show(request: Request[Any, Any, Any], done: str = "") -> Response[str]:
    """The list."""
    return _show(request, done=_DONE.get(done, ""))


@post("/settings/users", guards=[check_is_admin], sync_to_thread=True)
def create(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Make a user."""
    visitor, access = visitor_of(request), services_of(request).access
    company = visitor.register.company.short_name
    email, role, password = form.text("email"), form.text("role"), _password(form)

    def make() -> User:
        return access.create_user(company, email, role, password, actor=visitor.actor)

    return _do(request, make, "create", form, password)


@post("/settings/users/password", guards=[check_is_admin], sync_to_thread=True)
def set_password(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Give a user a new password."""
    visitor, access = visitor_of(request), services_of(request).access
    company = visitor.register.company.short_name
    password = _password(form)

    def change() -> None:
        access.set_password(company, form.text("email"), password, actor=visitor.actor)

    return _do(request, change, "password", form, password)


@post("/settings/users/role", guards=[check_is_admin], sync_to_thread=True)
def change_role(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Give a user another role."""
    visitor, installation = visitor_of(request), services_of(request).installation
    email, role = form.text("email"), form.text("role")

    def change() -> User:
        return users.change_role(installation, visitor.register, email, role, actor=visitor.actor)

    return _do(request, change, "role")


@post("/settings/users/disable", guards=[check_is_admin], sync_to_thread=True)
def disable(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """End a user's access."""
    visitor, installation = visitor_of(request), services_of(request).installation
    email = form.text("email")

    def change() -> User:
        return users.disable(installation, visitor.register, email, actor=visitor.actor)

    return _do(request, change, "disable")


@post("/settings/users/enable", guards=[check_is_admin], sync_to_thread=True)
def enable(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Let a user sign in again."""
    visitor, installation = visitor_of(request), services_of(request).installation
    email = form.text("email")

    def change() -> User:
        return users.enable(installation, visitor.register, email, actor=visitor.actor)

    return _do(request, change, "enable")


def _do(
    request: Request[Any, Any, Any],
    act: Callable[[], object],
    done: str,
    form: Form | None = None,
    password: str = "",
) -> Response[str]:
    """Do it, and show the list again: with what went wrong, or with a password made for a form
    that has none.
    """
    try:
        act()
    except (ConflictError, InvalidValueError, NameTakenError, UnknownNameError) as error:
        given = {} if form is None or done != "create" else _given(form)
        sentence = f"{str(error)[:1].upper()}{str(error)[1:]}."
        return _show(request, 422, problem=sentence, **given)
    if form is not None and not form.raw("password"):
        own = {"password": password, "password_of": form.text("email")}
        return _show(request, done=_DONE[done], **own)
    return redirect(f"/settings/users/?done={done}")


def _given(form: Form) -> dict[str, str]:
    role = form.text("role")
    return {"email": form.text("email"), "role": role if role in ROLES else "planner"}


def _password(form: Form) -> str:
    """The one that was typed, or a new one."""
    return form.raw("password") or secrets.token_urlsafe(_PASSWORD_BYTES)


def _show(request: Request[Any, Any, Any], status: int = 200, /, **values: str) -> Response[str]:
    visitor, store = visitor_of(request), services_of(request).installation.store
    found = store.load_users(visitor.register.company.short_name)
    seen = store.visits.find_last_seen([user.email for user in found])
    shown = [
        ShownUser(
            user.email,
            user.role,
            user.created_at,
            user.disabled_at,
            seen.get(user.email),
            user.email == visitor.user.email,
        )
        for user in found
    ]
    return render(request, "settings_users.html", UsersPage(shown, ROLES, **values), status=status)


HANDLERS: Final = (show, create, set_password, change_role, disable, enable)
