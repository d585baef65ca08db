"""What the handlers of requests need at hand: services, and who asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from litestar.exceptions import InternalServerException

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError, MalformedBodyError, NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from regulars.services.access import Principal
    from regulars.services.installation import Register

NAME_OF_PARAMETER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,39}")


def principal_of(request: Request[Any, Any, Any]) -> Principal:
    """Whoever is behind a request."""
    principal: Principal = request.scope["principal"]  # type: ignore[typeddict-item]
    return principal


def register_of(request: Request[Any, Any, Any]) -> Register:
    """The register of the company of whoever is behind a request."""
    return services_of(request).installation.open_register(principal_of(request).company)


async def read_body(request: Request[Any, Any, Any]) -> bytes:
    """The whole body. Raises `MalformedBodyError` where the client went away on the way."""
    try:
        return await request.body()
    except InternalServerException:
        # So Litestar calls it; it is not the server that failed.
        raise MalformedBodyError("the body breaks off before its end") from None


async def check_scope(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Litestar's guard: whether whoever is behind a request may make it."""
    # Asynchronous only because Litestar would run it in a thread, which takes longer than it does.
    principal: Principal = connection.scope["principal"]  # type: ignore[typeddict-item]
    method = str(connection.scope["method"])  # type: ignore[typeddict-item]
    if not principal.may(method, connection.scope["path"]):
        msg = "the token or user may not do this"
        raise NotAllowedError(msg)


def check_parameters(
    request: Request[Any, Any, Any],
    known: set[str],
    *,
    find: Callable[[str], str | None] | None = None,
    besides: str = "",
) -> dict[str, str]:
    """The query parameters. Raises `InvalidValueError` for one that is unknown, repeated or empty:
    none is ever passed over.

    `find` gives the name under which a parameter is returned, None for one that there is not; those
    that it knows `besides` the known ones are told in these words.
    """
    given: dict[str, str] = {}
    for written, value in request.query_params.multi_items():
        name = find(written) if find else written if written in known else None
        if name is None:
            raise _unknown_parameter(written, [*sorted(known), *filter(None, [besides])])
        if name in given:
            raise InvalidValueError(name, "the parameter is given more than once")
        if not value.strip():
            raise InvalidValueError(name, "the parameter has no value")
        given[name] = value
    return given


def read_number(parameters: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A whole number from 1 to `most`. Raises `InvalidValueError`."""
    text = parameters.get(name)
    if text is None:
        return default
    # Not by int() alone: it takes signs, spaces, underscores, and very long texts.
    if not re.fullmatch("[0-9]{1,19}", text) or not 1 <= int(text) <= most:
        raise InvalidValueError(name, f"a whole number from 1 to {most}")
    return int(text)


def _unknown_parameter(name: str, known: Sequence[str]) -> InvalidValueError:
    # A value in the place of a name, such as an e-mail address or a token, is not repeated.
    shown = name if NAME_OF_PARAMETER.fullmatch(name) else "query"
    those = f"only {', '.join(known)}" if known else "there are none here"
    return InvalidValueError(shown, f"there is no such parameter, {those}")
