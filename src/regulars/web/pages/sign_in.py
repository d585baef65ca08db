"""`/sign-in/` and `/sign-out/` (SPEC section 13).

Owns where somebody goes after signing in: back to the page they asked for, never to another site.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, get, post

from regulars.edge.answers import network_address
from regulars.edge.services import services_of
from regulars.errors import AuthenticationError, TooManyAttemptsError
from regulars.web.addresses import is_page
from regulars.web.cookies import FORM, VISIT, make_cookie
from regulars.web.csrf import make_token
from regulars.web.forms import Form, form_key
from regulars.web.rendering import redirect, render

if TYPE_CHECKING:
    from litestar.datastructures import Cookie


class SignInPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    csrf_token: str
    to: str
    problem: str = ""
    email: str = ""


@get("/sign-in", sync_to_thread=False)
def show_sign_in(request: Request[Any, Any, Any], to: str = "/") -> Response[str]:
    """The form; whoever has signed in already goes on."""
    if "visitor" in request.scope:
        return redirect(_safe(to))
    secret = request.cookies.get(FORM) or secrets.token_urlsafe(24)
    page = SignInPage(make_token(form_key(request), secret), _safe(to))
    reply = render(request, "sign_in.html", page)
    reply.cookies.append(_cookie(request, FORM, secret))
    return reply


@post("/sign-in", sync_to_thread=True)
def sign_in(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Begin a visit, or say what is wrong."""
    services, to = services_of(request), _safe(form.text("to"))
    email = form.text("email")
    try:
        secret = services.visits.begin(email, form.raw("password"), network_address(request.scope))
    except (AuthenticationError, TooManyAttemptsError) as error:
        token = make_token(form_key(request), request.cookies.get(FORM, ""))
        page = SignInPage(token, to, _problem(error), email)
        status = 429 if isinstance(error, TooManyAttemptsError) else 401
        return render(request, "sign_in.html", page, status=status)
    reply = redirect(to)
    reply.cookies += [_cookie(request, VISIT, secret), _cookie(request, FORM, "")]
    return reply


@post("/sign-out", sync_to_thread=True)
def sign_out(request: Request[Any, Any, Any], form: Form) -> Response[str]:  # noqa: ARG001 - its check
    """End the visit."""
    services_of(request).visits.end(request.cookies.get(VISIT, ""))
    reply = redirect("/sign-in/")
    reply.cookies.append(_cookie(request, VISIT, ""))
    return reply


def _cookie(request: Request[Any, Any, Any], name: str, value: str) -> Cookie:
    public_url = services_of(request).installation.settings.public_url
    return make_cookie(request, name, value, public_url)


def _problem(error: AuthenticationError | TooManyAttemptsError) -> str:
    if isinstance(error, TooManyAttemptsError):
        minutes = max(1, round(error.retry_after_seconds / 60))
        return f"Too many tries. Please wait {minutes} minute{'s' if minutes > 1 else ''}."
    return "The e-mail address or the password is wrong."


def _safe(path: str) -> str:
    return path if is_page(path) else "/"
