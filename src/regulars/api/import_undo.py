"""`POST /api/imports/ID/undo/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, post

from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    register_of,
)
from regulars.api.documentation import failures
from regulars.api.imports import ImportId, find_import, follow_import
from regulars.api.replies import UploadReply, import_reply
from regulars.edge.services import services_of
from regulars.services.import_undo import accept_undo


@post(
    "/api/imports/{import_id:str}/undo",
    status_code=200,
    guards=[check_scope],
    responses=failures(400, 401, 403, 404, 409, 429, 503),
    tags=["Imports"],
    summary="Undo an import",
)
async def undo_import(request: Request[Any, Any, Any], import_id: ImportId) -> UploadReply:
    """Puts back what the import replaced, where nothing wrote it since; customers that it made and
    nothing else changed go. It takes its turn in the line, and is answered, as an upload; its
    report lists what it leaves. There is no body.
    """
    check_parameters(request, set())
    services = services_of(request)
    undone = await asyncio.to_thread(find_import, request, import_id)
    register = await asyncio.to_thread(register_of, request)
    queued = await asyncio.to_thread(
        accept_undo, services.installation, register, undone, principal_of(request).actor
    )
    return UploadReply("ok", import_reply(await follow_import(request, register, queued.id)))
