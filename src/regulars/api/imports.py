"""`GET /api/imports/` and `GET /api/imports/ID/` (SPEC section 4)."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

from litestar import Request, get
from litestar.params import Parameter

from regulars.api.context import (
    check_parameters,
    check_scope,
    principal_of,
    read_number,
    register_of,
)
from regulars.api.documentation import IMPORT_LIST_PARAMETERS, failures
from regulars.api.links import absolute_url
from regulars.api.plan_replies import plan_reply
from regulars.api.replies import ImportFoundReply, ImportListReply, import_detail_reply
from regulars.edge.services import services_of
from regulars.errors import UnknownNameError
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_reports import find_with_rejected

if TYPE_CHECKING:
    from regulars.edge.services import Services
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun

ANSWER_SECONDS: Final = 4.0
"""The longest that an answer waits for an import to end."""
DEFAULT_LIMIT: Final = 50
MOST_IMPORTS: Final = 1000

ImportId = Annotated[str, Parameter(description="The `id` in the answer to an upload.")]


@get(
    "/api/imports",
    guards=[check_scope],
    sync_to_thread=True,
    operation_class=IMPORT_LIST_PARAMETERS,
    responses=failures(400, 401, 403, 429, 503),
    tags=["Imports"],
    summary="List imports",
)
def read_imports(request: Request[Any, Any, Any]) -> ImportListReply:
    """Imports of the company, newest first."""
    parameters = check_parameters(request, {"limit", "before", "waiting_before"})
    limit = read_number(parameters, "limit", DEFAULT_LIMIT, MOST_IMPORTS)
    place = ImportPlace(
        read_number(parameters, "waiting_before", 0, 2**62) or None,
        read_number(parameters, "before", 0, 2**62) or None,
    )
    services = services_of(request)
    runs, older = load_page(services.installation.store.line, register_of(request), place, limit)
    next_url = None
    if older is not None:
        given = older._asdict().items()
        following = {"limit": limit} | {name: number for name, number in given if number}
        next_url = absolute_url(request, "/api/imports/", following)
    now = services.installation.now()
    kept = find_with_rejected(register_of(request), runs)
    replies = [import_detail_reply(run, now, has_rejected=run.id in kept) for run in runs]
    return ImportListReply(replies, next_url)


@get(
    "/api/imports/{import_id:str}",
    guards=[check_scope],
    sync_to_thread=True,
    responses=failures(400, 401, 403, 404, 429, 503),
    tags=["Imports"],
    summary="Follow an import",
)
def read_import(request: Request[Any, Any, Any], import_id: ImportId) -> ImportFoundReply:
    """Status, progress and report of an import."""
    check_parameters(request, set())
    run = find_import(request, import_id)
    register, now = register_of(request), services_of(request).installation.now()
    has_rejected = run.id in find_with_rejected(register, [run])
    reply = import_detail_reply(run, now, has_rejected=has_rejected)
    plan = services_of(request).imports.kept.find_plan(register, run)
    reply.plan = None if plan is None else plan_reply(plan)
    return ImportFoundReply(reply)


async def follow_import(
    request: Request[Any, Any, Any],
    register: Register,
    import_id: str,
    seconds: float = ANSWER_SECONDS,
) -> ImportRun:
    """Have an accepted import run in its turn: as it is once it has ended, or after so long."""
    services = services_of(request)
    begun = await asyncio.to_thread(begin_import, services, register, import_id)
    return await await_import(services, begun, seconds)


class BegunImport(NamedTuple):
    """An accepted import: as it is where it has ended, else what is done when it has."""

    register: Register
    id: str
    outcome: ImportRun | Future[None]


def begin_import(services: Services, register: Register, import_id: str) -> BegunImport:
    """Have an accepted import run in its turn. For a thread, since it waits a moment: many imports
    have ended by then.
    """
    ended = services.run_import(register.company.short_name, import_id)
    outcome = services.imports.find(register, import_id) if ended.done() else ended
    return BegunImport(register, import_id, outcome)


async def await_import(services: Services, begun: BegunImport, seconds: float) -> ImportRun:
    """An import as it is once it has ended, or after so long."""
    if not isinstance(begun.outcome, Future):
        return begun.outcome
    await asyncio.wait([asyncio.wrap_future(begun.outcome)], timeout=seconds)
    return await asyncio.to_thread(services.imports.find, begun.register, begun.id)


def find_import(request: Request[Any, Any, Any], import_id: str) -> ImportRun:
    """An import that whoever is behind the request may know of. Raises `UnknownNameError`."""
    run = services_of(request).imports.find(register_of(request), import_id)
    principal = principal_of(request)
    if principal.own_imports_only and run.actor != principal.actor:
        raise UnknownNameError("import", "of that id")
    return run
