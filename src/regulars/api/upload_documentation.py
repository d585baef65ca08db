"""What an upload can be asked for besides its body, for the OpenAPI description."""

from __future__ import annotations

from typing import Final

from litestar.openapi.spec import OpenAPIType, Parameter, Schema

_BOOLEAN: Final = Schema(type=OpenAPIType.BOOLEAN, default=False)
_TEXT: Final = Schema(type=OpenAPIType.STRING)

UPLOAD_PARAMETERS: Final = [
    Parameter(
        "dry_run", "query", schema=_BOOLEAN,
        description="Only plan: what would happen is told, and can be applied later.",
    ),
    Parameter(
        "strict", "query", schema=_BOOLEAN,
        description="A warning rejects its record.",
    ),
    Parameter(
        "mode", "query",
        schema=Schema(
            type=OpenAPIType.STRING, enum=["upsert", "create", "update"], default="upsert"
        ),
        description="`create` ignores records of customers that there are, `update` those of "
        "customers that there are not.",
    ),
    Parameter(
        "keep", "query", schema=_TEXT,
        description="Fields, such as `city,language`, that are left alone where the customer has "
        "a value.",
    ),
    Parameter(
        "empty_cells", "query", schema=Schema(type=OpenAPIType.STRING, enum=["clear"]),
        description="CSV: an empty cell removes the value. Without, it says nothing.",
    ),
    Parameter(
        "Idempotency-Key", "header",
        schema=Schema(type=OpenAPIType.STRING, pattern="^[ -~]{1,255}$"),
        description="The same request with the same key takes effect once within 7 days: it is "
        "answered with the state of the first import, and `Idempotency-Replayed: true`. Another "
        "request with the key is 422.",
    ),
    Parameter(
        "Content-Encoding", "header",
        # An empty list of encodings is none (RFC 9110, 5.6.1).
        schema=Schema(type=OpenAPIType.STRING, pattern="^(gzip|x-gzip|zstd|identity)?$"),
        description="How the body is compressed.",
    ),
]  # fmt: skip
