"""The ASGI application of the pages, put together."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.static_files import create_static_files_router

from regulars.edge.incoming_body import LargeUploads
from regulars.web.errors import EXCEPTION_HANDLERS
from regulars.web.forms import read_form
from regulars.web.gate import Gate
from regulars.web.pages import (
    condition_rows,
    customer,
    customer_edit,
    customer_end,
    customer_statistics,
    customers,
    lists,
    permissions,
    settings_company,
    settings_fields,
    settings_lists,
    settings_tokens,
    settings_users,
    start,
)
from regulars.web.pages.help import show_topic, show_topics
from regulars.web.pages.imports import HANDLERS as IMPORT_HANDLERS
from regulars.web.pages.sign_in import show_sign_in, sign_in, sign_out
from regulars.web.rendering import STATIC
from regulars.web.segment_handlers import SEGMENT_HANDLERS

if TYPE_CHECKING:
    from regulars.edge.answers import AsgiApp
    from regulars.edge.services import Services

_FOREVER_SECONDS: Final = 365 * 24 * 60 * 60
_MOST_FORM_BYTES: Final = 1024 * 1024
"""Of any form but that of an upload."""

HANDLERS: Final = (
    start.show_start,
    *IMPORT_HANDLERS,
    show_topics,
    show_topic,
    show_sign_in,
    sign_in,
    sign_out,
    *condition_rows.HANDLERS,
    *customer.HANDLERS,
    *customer_edit.HANDLERS,
    *customer_end.HANDLERS,
    *SEGMENT_HANDLERS,
    *customers.HANDLERS,
    *customer_statistics.HANDLERS,
    *lists.HANDLERS,
    *permissions.HANDLERS,
    *settings_company.HANDLERS,
    *settings_fields.HANDLERS,
    *settings_users.HANDLERS,
    *settings_tokens.HANDLERS,
    *settings_lists.HANDLERS,
)


def create_pages(services: Services) -> AsgiApp:
    """The application over these services."""
    folder = files("regulars.web").joinpath("static")
    static = create_static_files_router(
        STATIC,
        [cast("Any", folder)],
        # An address changes with its file.
        cache_control=CacheControlHeader(max_age=_FOREVER_SECONDS, public=True, immutable=True),
    )
    large_uploads = LargeUploads(services.installation.settings.large_uploads)
    app = Litestar(
        # Through a router: by itself, the second handler of a path would have the first one
        # registered anew, and run in a thread of a thread.
        [Router("/", route_handlers=HANDLERS), static],
        dependencies={"form": Provide(read_form)},
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        request_max_body_size=_MOST_FORM_BYTES,
        state=State({"services": services, "large_uploads": large_uploads}),
        logging_config=None,
    )
    csrf_key = services.installation.derive_secret("csrf")
    return Gate(app, services, csrf_key)  # type: ignore[arg-type]
