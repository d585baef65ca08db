"""Users, tokens, and who is behind a request (SPEC section 13).

Owns who may do what. Must not know HTTP headers.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from regulars.domain.access.credentials import (
    ROLES,
    Integration,
    Token,
    User,
    hash_token_secret,
)
from regulars.domain.access.scopes import (
    APPLY_SCOPES,
    CANCEL_SCOPES,
    DEFAULT_SCOPES,
    IMPORT_SCOPES,
    ROLE_SCOPES,
    UNDO_SCOPES,
    UPLOAD_SCOPES,
    allows,
    covers,
    read_scope,
)
from regulars.domain.fields.types import FIELD_TYPES, ReadingContext, Unreadable
from regulars.errors import (
    AuthenticationError,
    InvalidValueError,
    NotAllowedError,
    UnknownNameError,
)
from regulars.services.attempts import FailedAttempts
from regulars.services.due_audit import carry_over_soon
from regulars.services.passwords import Passwords

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from regulars.services.installation import Installation

_NAME_LENGTH: Final = 200
_DESCRIPTION_LENGTH: Final = 2000
_TOKEN_PREFIX: Final = "rgl_"  # noqa: S105 - lets people and programs know such a secret when they see it


class Principal(msgspec.Struct, frozen=True):
    """Whoever is behind a request. `actor` names them in history and audit log."""

    company: str
    kind: Literal["user", "token"]
    id: str
    scopes: tuple[str, ...]
    own_imports_only: bool = False
    """Whether they may follow the imports that they made, and no others. It is no scope: what they
    may do with their own they cannot grant to a token for all."""

    @property
    def actor(self) -> str:
        """Such as `token:4f1c`."""
        return f"{self.kind}:{self.id}"

    def may(self, method: str, path: str) -> bool:
        """Whether they may make such a request."""
        scopes = (*self.scopes, *IMPORT_SCOPES) if self.own_imports_only else self.scopes
        if UPLOAD_SCOPES.intersection(self.scopes):
            scopes = (*scopes, *UNDO_SCOPES, *CANCEL_SCOPES, *APPLY_SCOPES)
        return allows(scopes, method, path)


class Access:
    """Sign-in, users and tokens of an installation."""

    def __init__(self, installation: Installation, passwords: Passwords | None = None) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store
        self._passwords: Final = passwords or Passwords()
        self._attempts: Final = FailedAttempts(time.monotonic)

    # Users

    def create_user(
        self, company: str, email: str, role: str, password: str, *, actor: str
    ) -> User:
        """Make a user. Raises `InvalidValueError`, `NameTakenError`, `UnknownNameError`."""
        self._installation.open_register(company)
        if role not in ROLES:
            raise InvalidValueError("role", f"one of {', '.join(ROLES)}")
        address = _read_email(email)
        user = User(
            address,
            company,
            role,
            self._passwords.hash(password),
            self._installation.now(),
        )
        entry = self._installation.audit_entry(actor, "user:create", address, role)
        self._store.create_user(user, entry)
        carry_over_soon(self._store, company)
        return user

    def set_password(self, company: str, email: str, password: str, *, actor: str) -> None:
        """Give a user a new password. Raises `InvalidValueError`, `UnknownNameError`."""
        user = self._find_user(company, email)
        changed = msgspec.structs.replace(user, password_hash=self._passwords.hash(password))
        entry = self._installation.audit_entry(actor, "user:password", user.email)
        self._store.save_user(changed, entry)
        self._store.visits.delete_visits_of(user.email)
        carry_over_soon(self._store, company)

    def disable_user(self, company: str, email: str, *, actor: str) -> None:
        """End a user's access. Raises `UnknownNameError`."""
        user = self._find_user(company, email)
        if user.disabled_at is None:
            disabled = msgspec.structs.replace(user, disabled_at=self._installation.now())
            entry = self._installation.audit_entry(actor, "user:disable", user.email)
            self._store.save_user(disabled, entry)
        self._store.visits.delete_visits_of(user.email)
        carry_over_soon(self._store, company)

    def _find_user(self, company: str, email: str) -> User:
        user = self._store.find_user(_read_email(email))
        if user is None or user.company != company:
            raise UnknownNameError("user of that address in company", company)
        return user

    # Integrations and tokens

    def create_integration(
        self, company: str, name: str, description: str, *, actor: str
    ) -> Integration:
        """Make an integration that tokens can be made for. Raises `InvalidValueError`."""
        integration = Integration(
            secrets.token_hex(6), company, _read_name(name), _read_description(description), actor,
            self._installation.now(),
        )  # fmt: skip
        entry = self._installation.audit_entry(actor, "integration:create", integration.id)
        self._store.create_integration(integration, entry)
        carry_over_soon(self._store, company)
        return integration

    def create_token(  # noqa: PLR0913 - a token is made with all that it is
        self,
        company: str,
        name: str,
        scopes: Iterable[str] = (),
        *,
        actor: str,
        owner_id: str = "",
        creator: Principal | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Token, str]:
        """Make a token; gives it and its secret, which is shown this once.

        Raises `InvalidValueError`, `UnknownNameError`, and `NotAllowedError` where `creator` lacks
        what the token would grant.
        """
        wanted = tuple(dict.fromkeys(read_scope(scope) for scope in scopes))
        if creator is not None:
            for scope in wanted or DEFAULT_SCOPES:
                if not covers(creator.scopes, scope):
                    msg = f"nobody can grant what they lack: {scope}"
                    raise NotAllowedError(msg)
        if owner_id.startswith("integrations/"):
            integration_id = owner_id.removeprefix("integrations/")
            if self._store.find_integration(company, integration_id) is None:
                raise UnknownNameError("integration", integration_id)
        elif owner_id not in ("", actor):
            raise InvalidValueError("owner_id", "integrations/ID of an integration that there is")
        secret = _TOKEN_PREFIX + secrets.token_urlsafe(32)
        token = Token(
            secrets.token_hex(6), company, _read_name(name, may_be_empty=True),
            hash_token_secret(secret), wanted, owner_id or actor, actor,
            self._installation.now(), expires_at,
        )  # fmt: skip
        self._installation.open_register(company)
        entry = self._installation.audit_entry(actor, "token:create", token.id, ", ".join(wanted))
        self._store.create_token(token, entry)
        carry_over_soon(self._store, company)
        return token, secret

    def load_tokens(self, company: str) -> list[Token]:
        """The tokens of a company, revoked ones included."""
        self._installation.open_register(company)
        return self._store.load_tokens(company)

    def revoke_token(self, company: str, token_id: str, *, actor: str) -> None:
        """End a token's access. Raises `UnknownNameError`."""
        entry = self._installation.audit_entry(actor, "token:revoke", token_id)
        if not self._store.revoke_token(company, token_id, self._installation.now(), entry):
            raise UnknownNameError("token in force", token_id)
        carry_over_soon(self._store, company)

    # Sign-in

    def authenticate_token(self, secret: str, network_address: str) -> Principal:
        """Whoever has a token. Raises `AuthenticationError`, `TooManyAttemptsError`."""
        principal = self._find_token_principal(secret)
        if principal is None:
            self._attempts.check([network_address])
            self._attempts.add([network_address])
            raise AuthenticationError("the token is not valid")
        return principal

    def authenticate_pair(self, name: str, password: str, network_address: str) -> Principal:
        """Whoever has a user's e-mail address and password, or a token as either of the two.

        Raises `AuthenticationError`, `TooManyAttemptsError`.
        """
        principal = self._find_token_principal(password or name)
        if principal is not None:
            return principal
        try:
            account = _read_email(name)
        except InvalidValueError:
            return self.authenticate_token(password or name, network_address)
        return principal_of_user(self._authenticate_user(account, password, network_address))

    def authenticate_user(self, email: str, password: str, network_address: str) -> User:
        """The user with that e-mail address and password. Raises `AuthenticationError`,
        `TooManyAttemptsError`.
        """
        try:
            account = _read_email(email)
        except InvalidValueError:
            account = ""  # Nobody's, and counted like any other.
        return self._authenticate_user(account, password, network_address)

    def _authenticate_user(self, account: str, password: str, network_address: str) -> User:
        keys = [network_address, f"account {account}"]
        self._attempts.check(keys)
        user = self._store.find_user(account)
        password_hash = None if user is None else user.password_hash
        is_right = self._passwords.is_right(password_hash, password)
        if user is None or user.disabled_at is not None or not is_right:
            self._attempts.add(keys)
            raise AuthenticationError("the e-mail address or the password is wrong")
        self._attempts.forget(keys[1])
        return user

    def _find_token_principal(self, secret: str) -> Principal | None:
        if not secret:
            return None
        token = self._store.find_token(hash_token_secret(secret))
        now = self._installation.now()
        if (
            token is None
            or token.revoked_at is not None
            or (token.expires_at is not None and token.expires_at <= now)
        ):
            return None
        scopes = token.scopes or DEFAULT_SCOPES
        own_only = bool(UPLOAD_SCOPES.intersection(scopes)) and not any(
            covers(scopes, scope) for scope in IMPORT_SCOPES
        )
        return Principal(token.company, "token", token.id, scopes, own_only)


def principal_of_user(user: User) -> Principal:
    """Who is behind the requests of a user."""
    return Principal(user.company, "user", user.email, ROLE_SCOPES[user.role])


def _read_email(email: str) -> str:
    context = ReadingContext(None, "FI")  # type: ignore[arg-type]
    try:
        address = FIELD_TYPES["email"].compile_reader(context)(email)
    except Unreadable:
        address = None
    if not isinstance(address, str):
        raise InvalidValueError("email", "an e-mail address")
    return address


def _read_name(name: str, *, may_be_empty: bool = False) -> str:
    name = name.strip()
    if len(name) > _NAME_LENGTH or not (name or may_be_empty) or not name.isprintable():
        raise InvalidValueError("name", f"1 to {_NAME_LENGTH} printable characters")
    return name


def _read_description(description: str) -> str:
    description = " ".join(description.split())
    if len(description) > _DESCRIPTION_LENGTH or not description.isprintable():
        raise InvalidValueError(
            "description", f"at most {_DESCRIPTION_LENGTH} printable characters"
        )
    return description
