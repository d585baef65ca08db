"""`POST /api/imports/ID/apply/` and `/ID/release/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post

from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    register_of,
)
from regulars.api.documentation import failures
from regulars.api.imports import ImportId, find_import, follow_import
from regulars.api.plan_replies import MovedReply, moved_reply
from regulars.api.replies import UploadReply, import_reply
from regulars.edge.import_steps import apply_plan
from regulars.edge.services import services_of
from regulars.services.kept_imports import PlanMovedError


@post(
    "/api/imports/{import_id:str}/apply",
    status_code=200,
    guards=[check_scope],
    responses=failures(400, 401, 403, 404, 429, 503, detailed={409: MovedReply}),
    tags=["Imports"],
    summary="Apply a plan",
)
async def apply_import(
    request: Request[Any, Any, Any], import_id: ImportId
) -> Response[UploadReply]:
    """Has a dry run take effect, once. All of it is checked first: if a record would do anything
    else than was planned, nothing is applied, and the answer names the first such records. There is
    no body.
    """
    check_parameters(request, set())
    services, principal = services_of(request), principal_of(request)
    run = await asyncio.to_thread(find_import, request, import_id)
    register = await asyncio.to_thread(register_of, request)
    may_release = principal.may("POST", f"/api/imports/{run.id}/release/")
    try:
        queued = await apply_plan(
            services, register, run, actor=principal.actor, may_release=may_release
        )
    except PlanMovedError as error:
        return _json(moved_reply(str(error), error.conflicts), 409)
    return _json(
        UploadReply("ok", import_reply(await follow_import(request, register, queued.id))), 200
    )


@post(
    "/api/imports/{import_id:str}/release",
    status_code=200,
    guards=[check_scope],
    responses=failures(400, 401, 403, 404, 409, 429, 503),
    tags=["Imports"],
    summary="Release a held import",
)
async def release_import(
    request: Request[Any, Any, Any], import_id: ImportId
) -> Response[UploadReply]:
    """Lets a held import take effect, at the end of the line. It leaves alone, and lists, every
    field that was written since it was accepted. There is no body.
    """
    check_parameters(request, set())
    services, actor = services_of(request), principal_of(request).actor
    run = await asyncio.to_thread(find_import, request, import_id)
    register = await asyncio.to_thread(register_of, request)
    queued = await asyncio.to_thread(services.imports.kept.release, register, run, actor=actor)
    return _json(
        UploadReply("ok", import_reply(await follow_import(request, register, queued.id))), 200
    )


def _json(reply: msgspec.Struct, status: int) -> Response[UploadReply]:
    return Response(
        msgspec.json.encode(reply),  # type: ignore[arg-type]
        status_code=status,
        media_type=MediaType.JSON,
    )
