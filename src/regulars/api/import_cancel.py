"""`POST /api/imports/ID/cancel/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from litestar import Request, post

from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    register_of,
)
from regulars.api.documentation import failures
from regulars.api.imports import ImportId, find_import
from regulars.api.replies import UploadReply, import_reply
from regulars.domain.access.scopes import allows
from regulars.edge.import_steps import cancel_import
from regulars.edge.services import services_of
from regulars.errors import NotAllowedError

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun


@post(
    "/api/imports/{import_id:str}/cancel",
    status_code=200,
    guards=[check_scope],
    responses=failures(400, 401, 403, 404, 409, 429, 503),
    tags=["Imports"],
    summary="Cancel an import",
)
async def stop_import(request: Request[Any, Any, Any], import_id: ImportId) -> UploadReply:
    """An import that waits never starts. One that runs stops after its batch: what it has applied
    stays, and can be undone. A plan or a held import is dropped. There is no body. Whoever may
    upload may cancel the imports that they made.
    """
    check_parameters(request, set())
    register = await asyncio.to_thread(register_of, request)
    run = await asyncio.to_thread(_find_own, request, import_id)
    actor = principal_of(request).actor
    run = await cancel_import(services_of(request), register, run.id, actor=actor)
    return UploadReply("ok", import_reply(run))


def _find_own(request: Request[Any, Any, Any], import_id: str) -> ImportRun:
    """An import that whoever is behind the request may cancel."""
    principal = principal_of(request)
    run = find_import(request, import_id)
    may_cancel_any = allows(principal.scopes, "POST", request.scope["path"])
    if run.actor != principal.actor and not may_cancel_any:
        msg = "the import is somebody else's"
        raise NotAllowedError(msg)
    return run
