"""The cookies of pages: one that says who has signed in, one for the form that signs in.

Owns their names and attributes. They are set by the host alone, kept from scripts, and not sent
with what other sites ask for, but for links that lead here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar.datastructures import Cookie

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection

VISIT: Final = "regulars_visit"
"""The secret of a visit (`services.visits`)."""
FORM: Final = "regulars_form"
"""A secret of a browser in which nobody has signed in yet."""


def make_cookie(
    connection: ASGIConnection[Any, Any, Any, Any], name: str, value: str, public_url: str
) -> Cookie:
    """A cookie to set; an empty value takes it away."""
    is_secure = connection.scope["scheme"] == "https" or public_url.startswith("https:")
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        secure=is_secure,
        samesite="lax",
        max_age=None if value else 0,
    )
