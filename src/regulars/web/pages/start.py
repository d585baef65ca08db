"""`/`: on to the customers."""

from __future__ import annotations

from typing import Final

from litestar import Response, get

from regulars.web.rendering import redirect

CUSTOMERS: Final = "/customers/"


@get("/", sync_to_thread=False)
def show_start() -> Response[str]:
    """To the page that planners look at most."""
    return redirect(CUSTOMERS)
