"""What the handlers of pages need at hand: services, and who looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from regulars.errors import NotAllowedError
from regulars.services.access import principal_of_user

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from regulars.domain.access.credentials import User
    from regulars.services.access import Principal
    from regulars.services.installation import Register


class Visitor(msgspec.Struct, frozen=True):
    """Whoever looks at a page: a user who has signed in."""

    user: User
    register: Register
    csrf_token: str
    """What every form of theirs must carry."""

    @property
    def principal(self) -> Principal:
        """The same user as the API knows them."""
        return principal_of_user(self.user)

    @property
    def actor(self) -> str:
        """How history and audit log name them."""
        return self.principal.actor

    @property
    def timezone(self) -> ZoneInfo:
        """In which instants are shown to them: the company's."""
        return ZoneInfo(self.register.company.timezone)

    @property
    def may_edit(self) -> bool:
        """Whether they may change customers and segments."""
        return self.user.role in ("planner", "admin")

    @property
    def is_admin(self) -> bool:
        """Whether they may change the company's settings."""
        return self.user.role == "admin"


def visitor_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Visitor:
    """Whoever is behind a request to a page that needs a sign-in."""
    visitor: Visitor = connection.scope["visitor"]  # type: ignore[typeddict-item]
    return visitor


# Asynchronous only because Litestar would run a guard in a thread, which takes longer than it does.


async def check_may_edit(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Litestar's guard of what viewers may not do."""
    if not visitor_of(connection).may_edit:
        raise NotAllowedError("this takes the role of a planner or an admin")


async def check_is_admin(
    connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
) -> None:
    """Litestar's guard of what only admins may do."""
    if not visitor_of(connection).is_admin:
        raise NotAllowedError("this takes the role of an admin")
