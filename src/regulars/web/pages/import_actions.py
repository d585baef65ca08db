"""What can be done with an import: cancel, undo, apply, release, restart (SPEC section 4)."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, Final

from litestar import Request, Response, post

from regulars.edge.import_steps import apply_plan, cancel_import
from regulars.edge.services import services_of
from regulars.errors import NotAllowedError
from regulars.services.import_restart import restart_import
from regulars.services.import_undo import accept_undo
from regulars.services.kept_imports import PlanMovedError
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.forms import Form
from regulars.web.import_view import may_cancel, may_release
from regulars.web.pages.import_mapping import drafts_of, follow
from regulars.web.pages.import_report import find_run, load_page
from regulars.web.rendering import redirect, render


@post("/imports/{import_id:str}/cancel", guards=[check_may_edit])
async def cancel(request: Request[Any, Any, Any], form: Form, import_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """An import that waits never starts, one that runs stops, a plan or held one is dropped."""
    services, visitor = services_of(request), visitor_of(request)
    run = await asyncio.to_thread(find_run, request, import_id)
    if not may_cancel(visitor, run):
        raise NotAllowedError("the import is somebody else's, so only an admin may cancel it")
    await cancel_import(services, visitor.register, run.id, actor=visitor.actor)
    return redirect(f"/imports/{run.id}/")


@post("/imports/{import_id:str}/undo", guards=[check_may_edit])
async def undo(request: Request[Any, Any, Any], form: Form, import_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """Put back what it changed: an import of its own, whose page is shown."""
    services, visitor = services_of(request), visitor_of(request)
    undone = await asyncio.to_thread(find_run, request, import_id)
    queued = await asyncio.to_thread(
        accept_undo, services.installation, visitor.register, undone, visitor.actor
    )
    await follow(request, queued.id)
    return redirect(f"/imports/{queued.id}/")


@post("/imports/{import_id:str}/apply", guards=[check_may_edit])
async def apply(request: Request[Any, Any, Any], form: Form, import_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """Have a dry run take effect, where it still does what was shown."""
    try:
        await _apply(request, import_id)
    except PlanMovedError as error:
        page = await asyncio.to_thread(load_page, request, import_id, error.conflicts)
        return render(request, "import.html", page, status=409)
    await follow(request, import_id)
    return redirect(f"/imports/{import_id}/")


@post("/imports/{import_id:str}/release", guards=[check_may_edit])
async def release(request: Request[Any, Any, Any], form: Form, import_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """Let a held import take effect."""
    services, visitor = services_of(request), visitor_of(request)
    if not may_release(visitor, import_id):
        raise NotAllowedError("this takes the role of an admin")
    run = await asyncio.to_thread(find_run, request, import_id)
    kept = services.imports.kept
    await asyncio.to_thread(kept.release, visitor.register, run, actor=visitor.actor)
    await follow(request, run.id)
    return redirect(f"/imports/{run.id}/")


@post("/imports/{import_id:str}/restart", guards=[check_may_edit])
async def restart(request: Request[Any, Any, Any], form: Form, import_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """Let a failed import go on where it stopped."""
    services, visitor = services_of(request), visitor_of(request)
    run = await asyncio.to_thread(find_run, request, import_id)
    again = partial(restart_import, services.installation, visitor.register, run)
    await asyncio.to_thread(again, actor=visitor.actor)
    await follow(request, run.id)
    return redirect(f"/imports/{run.id}/")


async def _apply(request: Request[Any, Any, Any], import_id: str) -> None:
    visitor, drafts = visitor_of(request), drafts_of(request)
    run = await asyncio.to_thread(find_run, request, import_id)
    draft_id = await asyncio.to_thread(drafts.find_of_plan, visitor.register, run.id)
    await apply_plan(
        services_of(request),
        visitor.register,
        run,
        actor=visitor.actor,
        may_release=may_release(visitor, run.id),
    )
    if draft_id is not None:
        await asyncio.to_thread(drafts.drop, visitor.register, draft_id)


ACTION_HANDLERS: Final = (cancel, undo, apply, release, restart)
