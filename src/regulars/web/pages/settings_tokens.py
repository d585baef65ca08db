"""`/settings/tokens/`: the secrets of programs. A secret is shown in the answer that makes it, and
never again.
"""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.domain.access.scopes import DEFAULT_SCOPES
from regulars.edge.services import services_of
from regulars.errors import InvalidValueError, UnknownNameError
from regulars.web.actors import ActorNames
from regulars.web.context import check_is_admin, visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import redirect, render
from regulars.web.setting_words import SCOPE_CHOICES, ScopeChoice, describe_scopes

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from regulars.domain.access.credentials import Token

_RECORD: Final = '{"customers": [{"external_id": "1", "email": "ada@example.org"}]}'
_DEFAULTS: Final = tuple(each.key for each in SCOPE_CHOICES if each.is_default)


class ShownToken(msgspec.Struct, frozen=True):
    """A token of the list; `state` is `in force`, `expired` or `revoked`."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime | None
    state: str


class NewToken(msgspec.Struct, frozen=True):
    """A token that was made just now, and a command that uses it."""

    secret: str
    command: str


class TokensPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    tokens: list[ShownToken]
    choices: tuple[ScopeChoice, ...]
    chosen: tuple[str, ...] = _DEFAULTS
    name: str = ""
    expires_on: str = ""
    new: NewToken | None = None
    done: str = ""
    problem: str = ""


@get("/settings/tokens", guards=[check_is_admin], sync_to_thread=True)
def show(request: Request[Any, Any, Any], done: str = "") -> Response[str]:
    """The list, and the form of a new one."""
    return _show(request, done="The token is revoked." if done == "revoke" else "")


@post("/settings/tokens", guards=[check_is_admin], sync_to_thread=True)
def create(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """Make a token, and show it this once."""
    visitor, services = visitor_of(request), services_of(request)
    name, chosen, expires_on = form.text("name"), form.texts("scope"), form.text("expires_on")
    try:
        if not name:
            raise InvalidValueError("name", "say what the token is for")  # noqa: TRY301 - as all others
        scopes = _read_scopes(chosen)
        expires_at = _read_expiry(expires_on, visitor.timezone, services.installation.now())
        _, secret = services.access.create_token(
            visitor.register.company.short_name,
            name,
            () if set(scopes) == set(DEFAULT_SCOPES) else scopes,
            actor=visitor.actor,
            creator=visitor.principal,
            expires_at=expires_at,
        )
    except InvalidValueError as error:
        given = {"name": name, "chosen": tuple(chosen), "expires_on": expires_on}
        problem = f"{error.name.capitalize()}: {error.reason}."
        return _show(request, problem=problem, status=422, **given)
    return _show(request, new=NewToken(secret, _command(request, secret, scopes)))


@post("/settings/tokens/{token_id:str}/revoke", guards=[check_is_admin], sync_to_thread=True)
def revoke(request: Request[Any, Any, Any], token_id: str, form: Form) -> Response[str]:  # noqa: ARG001 - its check
    """End a token's access."""
    visitor = visitor_of(request)
    company = visitor.register.company.short_name
    try:
        services_of(request).access.revoke_token(company, token_id, actor=visitor.actor)
    except UnknownNameError:
        return _show(request, problem="This token was not in force any more.", status=409)
    return redirect("/settings/tokens/?done=revoke")


def _read_scopes(chosen: list[str]) -> tuple[str, ...]:
    scopes = tuple(
        scope for choice in SCOPE_CHOICES if choice.key in chosen for scope in choice.scopes
    )
    if not scopes:
        raise InvalidValueError("what it may do", "choose at least one")
    return scopes


def _read_expiry(text: str, timezone: ZoneInfo, now: datetime) -> datetime | None:
    """The end of a day of the company's."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        end = datetime.combine(day + timedelta(days=1), time(), timezone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValueError("expires", "a date") from None
    if end <= now:
        raise InvalidValueError("expires", "a day that is not over yet")
    return end


def _command(request: Request[Any, Any, Any], secret: str, scopes: tuple[str, ...]) -> str:
    """A line for a shell that uses the token for what it may do."""
    url = services_of(request).installation.settings.public_url or str(request.base_url)
    url = url.rstrip("/")
    words = ["curl", "-H", f"Authorization: Bearer {secret}"]
    if DEFAULT_SCOPES[0] in scopes:
        words += ["-H", "Content-Type: application/json", "-d", _RECORD]
        words.append(f"{url}/api/customers/upload/")
    elif DEFAULT_SCOPES[2] in scopes:
        words.append(f"{url}/api/data/customers/?limit=1")
    else:
        method, _, path = scopes[0].partition(" ")
        words += ["-X", method, f"{url}{path}"]
    return shlex.join(words)


def _show(request: Request[Any, Any, Any], *, status: int = 200, **values: Any) -> Response[str]:
    visitor, services = visitor_of(request), services_of(request)
    company = visitor.register.company.short_name
    names, now = ActorNames(services.access, company), services.installation.now()
    tokens = [_describe(each, names, now) for each in services.access.load_tokens(company)[::-1]]
    tokens.sort(key=lambda token: token.state != "in force")
    page = TokensPage(tokens, SCOPE_CHOICES, **values)
    return render(request, "settings_tokens.html", page, status=status)


def _describe(token: Token, names: ActorNames, now: datetime) -> ShownToken:
    state = "in force"
    if token.revoked_at is not None:
        state = "revoked"
    elif token.expires_at is not None and token.expires_at <= now:
        state = "expired"
    return ShownToken(
        token.id, token.name, describe_scopes(token.scopes), token.created_at,
        names.name(token.created_by), token.expires_at, state,
    )  # fmt: skip


HANDLERS: Final = (show, create, revoke)
