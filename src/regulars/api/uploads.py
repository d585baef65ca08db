"""`POST` and `PUT /api/customers/upload/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import MediaType, Request, Response, route

from regulars.api.context import check_scope, principal_of, register_of
from regulars.api.documentation import UPLOAD_BODY, failures
from regulars.api.imports import ANSWER_SECONDS, BegunImport, await_import, begin_import
from regulars.api.replies import (
    RejectedError,
    RejectedReply,
    UploadReply,
    import_reply,
)
from regulars.api.upload_form import read_upload_form
from regulars.domain.imports.choices import read_keep
from regulars.edge.incoming_body import PIECE_BYTES, IncomingBody, hand_over
from regulars.edge.services import services_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.api.upload_form import UploadForm
    from regulars.domain.imports.options import ImportOptions
    from regulars.edge.incoming_body import LargeUploads
    from regulars.services.import_acceptance import Accepted
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun

_NAMED_PROBLEMS: Final = 3


@route(
    "/api/customers/upload",
    http_method=["POST", "PUT"],
    status_code=200,
    guards=[check_scope],
    request_max_body_size=None,  # IncomingBody sees to it
    operation_class=UPLOAD_BODY,
    responses=failures(401, 403, 413, 415, 422, 429, 503, detailed={400: RejectedReply}),
    tags=["Customers"],
    summary="Upload new or changed customers",
)
async def upload_customers(request: Request[Any, Any, Any]) -> Response[UploadReply]:
    """Each record makes or changes a customer; only the keys that it has are changed. The answer
    tells how many records did what, and what was wrong with any.
    """
    form = read_upload_form(request)
    services = services_of(request)
    body = IncomingBody(request, services.installation.settings.body_bytes)
    taken = await _take(request, body, form)
    if isinstance(taken, BegunImport):
        left_seconds = body.ended_at + ANSWER_SECONDS - asyncio.get_running_loop().time()
        run = await await_import(services, taken, max(0.0, left_seconds))
        return _reply(run, is_replay=False)
    return _reply(taken, is_replay=True)


def _open(request: Request[Any, Any, Any], form: UploadForm) -> tuple[Register, ImportOptions]:
    register = register_of(request)
    if form.keep is None:
        return register, form.options
    keep = read_keep(register.load_schema(), form.keep)
    return register, msgspec.structs.replace(form.options, keep=keep)


async def _take(
    request: Request[Any, Any, Any], body: IncomingBody, form: UploadForm
) -> BegunImport | ImportRun:
    """Accept an upload and begin its import; of one that came before, gives the import as it is."""
    large_uploads: LargeUploads = request.app.state["large_uploads"]
    opened = None
    with ExitStack() as stack:
        if (body.length or 0) > PIECE_BYTES:
            # Before anything is read: who waits to be told to go on is told to go away.
            opened = await asyncio.to_thread(_open, request, form)
            stack.enter_context(large_uploads.take())
        first = await body.next_piece()
        if body.is_complete:
            return await asyncio.to_thread(_take_small, request, form, first)
        if opened is None:
            opened = await asyncio.to_thread(_open, request, form)
            stack.enter_context(large_uploads.take())
        register, options = opened
        acceptance = services_of(request).imports.acceptance
        actor = principal_of(request).actor

        def receive(pieces: Iterator[bytes]) -> Accepted:
            return acceptance.receive(register, pieces, options, actor, form.key)

        accepted = await hand_over(first, body, receive)
    return await asyncio.to_thread(_begin, request, register, accepted)


def _take_small(
    request: Request[Any, Any, Any], form: UploadForm, body: bytes
) -> BegunImport | ImportRun:
    """The whole way of a small upload in one thread: to change threads takes longer than most of
    its steps.
    """
    register, options = _open(request, form)
    actor = principal_of(request).actor
    imports = services_of(request).imports
    accepted = imports.accept(register, body, options, actor, form.key)
    return _begin(request, register, accepted)


def _begin(
    request: Request[Any, Any, Any], register: Register, accepted: Accepted
) -> BegunImport | ImportRun:
    services = services_of(request)
    if accepted.is_replay:
        return services.imports.find(register, accepted.id)
    if accepted.run is not None:
        return BegunImport(register, accepted.id, accepted.run)
    return begin_import(services, register, accepted.id)


def _reply(run: ImportRun, *, is_replay: bool) -> Response[UploadReply]:
    report = run.report
    if run.status == "done" and report.records and report.rejected == report.records:
        reasons = dict.fromkeys(
            f"{problem.code}: {problem.kind.message}" for problem in report.problems
        )
        which = (
            "the only record was" if report.records == 1 else f"all {report.records} records were"
        )
        reason = f"{which} rejected; " + "; ".join(list(reasons)[:_NAMED_PROBLEMS])
        rejected = RejectedReply(RejectedError(reason, import_reply(run)))
        return _json(rejected, 400, is_replay=is_replay)
    return _json(UploadReply("ok", import_reply(run)), 200, is_replay=is_replay)


def _json(
    reply: UploadReply | RejectedReply, status: int, *, is_replay: bool
) -> Response[UploadReply]:
    return Response(
        msgspec.json.encode(reply),  # type: ignore[arg-type]
        status_code=status,
        media_type=MediaType.JSON,
        headers={"Idempotency-Replayed": "true"} if is_replay else {},
    )
