"""The services behind all that is asked over HTTP, as one value that every handler can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from litestar import Request

    from regulars.services.access import Access
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.imports import Imports
    from regulars.services.installation import Installation
    from regulars.services.segments import Segments
    from regulars.services.visits import Visits


class Services(msgspec.Struct, frozen=True):
    """The services of an installation.

    `run_import` has an accepted import of a company run in its turn; its future is done when the
    import has ended.
    """

    installation: Installation
    access: Access
    visits: Visits
    imports: Imports
    segments: Segments
    search: CustomerSearch
    run_import: Callable[[str, str], Future[None]]


def services_of(request: Request[Any, Any, Any]) -> Services:
    """The services of the application that a request came to."""
    services: Services = request.app.state["services"]
    return services
