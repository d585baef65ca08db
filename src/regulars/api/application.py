"""The ASGI application of the API, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import Litestar
from litestar.datastructures import State

from regulars.api.conditions import count_customers, explain_condition, explain_customer
from regulars.api.customers import read_customers
from regulars.api.documentation import OPENAPI, read_stylesheet
from regulars.api.encoded_names import EncodedNames
from regulars.api.errors import EXCEPTION_HANDLERS
from regulars.api.gate import Gate
from regulars.api.health import read_health
from regulars.api.import_cancel import stop_import
from regulars.api.import_plans import apply_import, release_import
from regulars.api.import_problems import read_problems, read_rejected
from regulars.api.import_undo import undo_import
from regulars.api.imports import read_import, read_imports
from regulars.api.options import tell_methods
from regulars.api.segment_customers import read_segment_customers
from regulars.api.segment_figures import (
    count_segment,
    read_overlap,
    read_statistics,
    read_trend,
)
from regulars.api.segments import (
    create_segment,
    delete_segment,
    read_segment,
    read_segments,
    save_segment,
)
from regulars.api.tokens import create_integration, create_token
from regulars.api.uploads import upload_customers
from regulars.edge.incoming_body import LargeUploads

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.edge.answers import AsgiApp
    from regulars.edge.services import Services

MOST_BODY_BYTES: Final = 1024 * 1024
"""Of any body but that of an upload."""
HANDLERS = (
    upload_customers,
    read_customers,
    count_customers,
    explain_condition,
    explain_customer,
    read_imports,
    read_import,
    read_problems,
    read_rejected,
    undo_import,
    apply_import,
    release_import,
    stop_import,
    # What runs in a thread stands last of its address: of the others Litestar loses the docstring.
    tell_methods("/api/segments", "GET", "POST"),
    create_segment,
    read_segments,
    tell_methods("/api/segments/{name:str}", "GET", "PUT", "DELETE"),
    save_segment,
    delete_segment,
    read_segment,
    count_segment,
    read_segment_customers,
    read_statistics,
    read_trend,
    read_overlap,
    create_token,
    create_integration,
    read_health,
    read_stylesheet,
)


def create_api(
    services: Services, on_startup: Callable[[], None], on_shutdown: Callable[[], None]
) -> AsgiApp:
    """The application over these services; the two calls begin and end what runs beside it."""
    settings = services.installation.settings
    app = Litestar(
        HANDLERS,
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=OPENAPI,
        request_max_body_size=min(MOST_BODY_BYTES, settings.body_bytes),
        state=State({"services": services, "large_uploads": LargeUploads(settings.large_uploads)}),
        on_startup=[on_startup],
        on_shutdown=[on_shutdown],
        logging_config=None,
    )
    return Gate(EncodedNames(app), services.access, settings.requests_per_minute)  # type: ignore[arg-type]
