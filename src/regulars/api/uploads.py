"""`POST` and `PUT /api/customers/upload/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import MediaType, Request, Response, route

from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    read_body,
    register_of,
    services_of,
)
from regulars.api.documentation import UPLOAD_BODY, failures
from regulars.api.errors import UnsupportedMediaError
from regulars.api.replies import (
    RejectedError,
    RejectedReply,
    UploadReply,
    import_reply,
)
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Format
    from regulars.store.contract import ImportRun

ANSWER_SECONDS: Final = 4.0
FORMATS: Final[dict[str, Format]] = {
    "application/json": "json",
    "application/x-ndjson": "ndjson",
}
_NAMED_PROBLEMS: Final = 3


@route(
    "/api/customers/upload",
    http_method=["POST", "PUT"],
    status_code=200,
    guards=[check_scope],
    operation_class=UPLOAD_BODY,
    responses=failures(400, 401, 403, 413, 415, 429, 503),
    tags=["Customers"],
    summary="Upload new or changed customers",
)
async def upload_customers(request: Request[Any, Any, Any]) -> Response[UploadReply]:
    """Each record makes or changes a customer; only the keys that it has are changed. The answer
    tells how many records did what, and what was wrong with any.
    """
    check_parameters(request, set())
    options = ImportOptions(BodyForm(_read_format(request)))
    body = await read_body(request)
    services, principal = services_of(request), principal_of(request)
    register = await asyncio.to_thread(register_of, request)
    queued = await asyncio.to_thread(
        services.imports.accept, register, body, options, principal.actor
    )
    ended = services.run_import(queued.company, queued.id)
    await asyncio.wait([asyncio.wrap_future(ended)], timeout=ANSWER_SECONDS)
    run = await asyncio.to_thread(services.imports.find, register, queued.id)
    return _reply(run)


def _read_format(request: Request[Any, Any, Any]) -> Format:
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        msg = "the body must not be compressed"
        raise UnsupportedMediaError(msg)
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    import_format = FORMATS.get(media_type.strip().lower())
    if import_format is None:
        msg = f"the Content-Type must be {' or '.join(FORMATS)}"
        raise UnsupportedMediaError(msg)
    charset = parameters.partition("charset=")[2].strip().strip('"').lower()
    if charset not in ("", "utf-8", "utf8"):
        msg = "the charset of JSON is UTF-8"
        raise UnsupportedMediaError(msg)
    return import_format


def _reply(run: ImportRun) -> Response[UploadReply]:
    report = run.report
    if run.status == "done" and report.records and report.rejected == report.records:
        reasons = dict.fromkeys(
            f"{problem.code}: {problem.kind.message}" for problem in report.problems
        )
        reason = f"all {report.records} records were rejected; " + "; ".join(
            list(reasons)[:_NAMED_PROBLEMS]
        )
        rejected = RejectedReply(RejectedError(reason, import_reply(run)))
        return _json(rejected, 400)
    return _json(UploadReply("ok", import_reply(run)), 200)


def _json(reply: UploadReply | RejectedReply, status: int) -> Response[UploadReply]:
    return Response(
        msgspec.json.encode(reply),  # type: ignore[arg-type]
        status_code=status,
        media_type=MediaType.JSON,
    )
