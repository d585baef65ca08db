"""The OpenAPI description and its page at `/api/docs/`, which loads nothing from elsewhere.

Owns what the description says beyond the handlers' signatures.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import msgspec
from jinja2 import Environment, PackageLoader, select_autoescape
from litestar import MediaType, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)

from regulars.api.errors import ErrorReply, not_found
from regulars.api.upload_documentation import UPLOAD_PARAMETERS
from regulars.domain.access.scopes import METHODS
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.edge.failures import phrase_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from litestar import Request

DOCS_PATH: Final = "/api/docs"

_TEMPLATES: Final = Environment(
    loader=PackageLoader("regulars.api"), autoescape=select_autoescape(), trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip

_RECORD: Final = Schema(
    type=OpenAPIType.OBJECT,
    description="One record: at least one of external_id, email and phone_number, and any other "
    "field. A field that is left out stays as it is; an empty string removes it.",
    additional_properties=True,
)
_RECORDS: Final = Schema(type=OpenAPIType.ARRAY, items=_RECORD)
TEXT: Final = Schema(type=OpenAPIType.STRING)
PLACE: Final = Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=2**62)
"""Where a reply goes on."""


def failures(
    *statuses: int, detailed: Mapping[int, type[msgspec.Struct]] | None = None
) -> dict[int, ResponseSpec]:
    """The failures of a handler, by status, all in the one shape; some with more in it."""
    replies: dict[int, type[msgspec.Struct]] = {**dict.fromkeys(statuses, ErrorReply)}
    replies |= detailed or {}
    return {
        status: ResponseSpec(
            reply, description=phrase_of(HTTPStatus(status)), generate_examples=False
        )
        for status, reply in sorted(replies.items())
    }


def or_null(schema: Schema) -> Schema:
    """Of a key that may also hold null, which is as if it were not there."""
    nothing = Schema(type=OpenAPIType.NULL)
    return Schema(description=schema.description, one_of=[*(schema.one_of or [schema]), nothing])


def with_body(
    content: dict[str, OpenAPIMediaType], *, required: bool, parameters: Sequence[Parameter] = ()
) -> type[Operation]:
    """An operation that takes a body, by its content type."""

    @dataclass
    class WithBody(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(content, required=required)
            self.parameters = [*(self.parameters or []), *parameters] or None

    return WithBody


def query_parameter(name: str, description: str, schema: Schema = TEXT) -> Parameter:
    """A parameter behind the question mark."""
    return Parameter(name, "query", schema=schema, description=description)


@dataclass
class _ImportListParameters(Operation):
    def __post_init__(self) -> None:
        self.parameters = [
            query_parameter(
                "limit",
                "Imports in one reply.",
                Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=1000, default=50),
            ),
            query_parameter("before", "Where the reply goes on; `next_url` has it.", PLACE),
            query_parameter(
                "waiting_before",
                "Where it goes on among imports that wait to be started; `next_url` has it.",
                PLACE,
            ),
        ]


@dataclass
class _ProblemParameters(Operation):
    def __post_init__(self) -> None:
        add_answer(self, "text/csv")
        self.parameters = [
            *(self.parameters or []),
            query_parameter(
                "severity", "Only errors, or only warnings.",
                Schema(type=OpenAPIType.STRING, enum=["error", "warning"]),
            ),
            query_parameter(
                "code", "Only problems of this code.",
                Schema(type=OpenAPIType.STRING, enum=sorted(PROBLEM_KINDS)),
            ),
            query_parameter(
                "format", "`csv` gives all of them as one file.",
                Schema(type=OpenAPIType.STRING, enum=["json", "csv"], default="json"),
            ),
            query_parameter(
                "limit", "Problems in one reply.",
                Schema(type=OpenAPIType.INTEGER, minimum=1, maximum=10_000, default=100),
            ),
            query_parameter("after", "Where the reply goes on; `next_url` has it.", PLACE),
        ]  # fmt: skip


@dataclass
class _RejectedFile(Operation):
    def __post_init__(self) -> None:
        for media_type in ("application/x-ndjson", "text/csv"):
            add_answer(self, media_type)


def add_answer(operation: Operation, media_type: str) -> None:
    """Say that the success of an operation may be a file as well."""
    answer = (operation.responses or {})["200"]
    if isinstance(answer, OpenAPIResponse) and answer.content is not None:
        answer.content[media_type] = OpenAPIMediaType(schema=TEXT)


def _object(**properties: Reference | Schema) -> OpenAPIMediaType:
    return OpenAPIMediaType(schema=Schema(type=OpenAPIType.OBJECT, properties=properties))


@dataclass
class OpenToAll(Operation):
    """What needs no sign-in."""

    def __post_init__(self) -> None:
        self.security = []


IMPORT_LIST_PARAMETERS: Final = _ImportListParameters
PROBLEM_PARAMETERS: Final = _ProblemParameters
REJECTED_FILE: Final = _RejectedFile
UPLOAD_BODY: Final = with_body(
    {
        "application/json": OpenAPIMediaType(
            schema=Schema(
                one_of=[
                    Schema(
                        type=OpenAPIType.OBJECT,
                        properties={"customers": _RECORDS},
                        required=["customers"],
                    ),
                    _RECORDS,
                ]
            )
        ),
        "application/x-ndjson": OpenAPIMediaType(schema=TEXT),
        "text/csv": OpenAPIMediaType(schema=TEXT),
    },
    required=True,
    parameters=UPLOAD_PARAMETERS,
)
_SCOPES: Final = Schema(
    type=OpenAPIType.ARRAY,
    items=Schema(
        type=OpenAPIType.OBJECT,
        properties={
            "method": Schema(type=OpenAPIType.STRING, enum=sorted(METHODS)),
            "path": Schema(type=OpenAPIType.STRING, pattern="^/api/"),
        },
        required=["method", "path"],
    ),
)
TOKEN_BODY: Final = with_body(
    {"application/json": _object(name=TEXT, owner_id=TEXT, scopes=_SCOPES)}, required=False
)
INTEGRATION_BODY: Final = with_body(
    {
        "application/json": _object(
            integration_name=TEXT,
            parameters=Schema(
                type=OpenAPIType.OBJECT, properties={"name": TEXT, "description": TEXT}
            ),
        )
    },
    required=False,
)


def list_operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Path, methods and description of every operation; methods that do the same are one."""
    for path, methods in paths.items():
        alike: dict[str, list[str]] = {}
        for method, operation in methods.items():
            alike.setdefault(operation["summary"], []).append(method)
        for names in alike.values():
            yield path, sorted(name.upper() for name in names), methods[names[0]]


class _Page(OpenAPIRenderPlugin):
    """The description as a page to read."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(
        self,
        request: Request[Any, Any, Any],  # noqa: ARG002 - Litestar's signature
        openapi_schema: dict[str, Any],
    ) -> bytes:
        operations = list(list_operations(openapi_schema["paths"]))
        template = _TEMPLATES.get_template("docs.html")
        return template.render(api=openapi_schema, operations=operations).encode()


@get("/api/docs/style.css", include_in_schema=False, sync_to_thread=False)
def read_stylesheet() -> Response[bytes]:
    """The page's stylesheet."""
    style = files("regulars.api").joinpath("templates", "docs.css").read_bytes()
    return Response(style, media_type=MediaType.CSS)


def _in_our_shape(response: Response[Any]) -> Response[Any]:
    # Litestar answers an unknown address below this one with a page of its own.
    return response if response.status_code != HTTPStatus.NOT_FOUND else not_found()


OPENAPI: Final = OpenAPIConfig(
    title="Regulars",
    version=version("regulars"),
    description="Upload customer records, follow imports, find customers, ask about conditions, "
    "save segments.",
    use_handler_docstrings=True,
    openapi_router=Router(
        DOCS_PATH, route_handlers=[], include_in_schema=False, after_request=_in_our_shape
    ),
    render_plugins=[_Page(), JsonRenderPlugin(path="/openapi.json")],
    components=Components(
        security_schemes={
            "token": SecurityScheme(
                type="http", scheme="bearer", description="A token, as `Bearer T` or `Token T`."
            ),
            "basic": SecurityScheme(
                type="http",
                scheme="basic",
                description="A user's e-mail address and password, or a token as either.",
            ),
        }
    ),
    security=[{"token": []}, {"basic": []}],
)
