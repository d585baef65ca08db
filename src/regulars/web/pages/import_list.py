"""`/imports/`: all imports of the company (SPEC section 12)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get

from regulars.edge.services import services_of
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_reports import measure_progress
from regulars.web.context import visitor_of
from regulars.web.import_wording import STATUSES, Actors, write_kind
from regulars.web.rendering import render

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun

PAGE_IMPORTS: Final = 50
LIVE: Final = ("queued", "running")


class ImportRow(msgspec.Struct, frozen=True):
    """An import in the list. `share` is how much of it is done, of 100, where that is known."""

    id: str
    kind: str
    status: str
    status_label: str
    who: str
    at: datetime
    records: int | None
    created: int
    updated: int
    unchanged: int
    ignored: int
    rejected: int
    warnings: int
    share: int | None


class ImportListPage(msgspec.Struct, frozen=True):
    """What the page shows. `query` leads to it, `older_query` to the next one, if there is one."""

    rows: list[ImportRow]
    is_live: bool
    is_first: bool
    query: str
    older_query: str


@get("/imports", sync_to_thread=True)
def show_imports(
    request: Request[Any, Any, Any],
    before: int | None = None,
    waiting_before: int | None = None,
) -> Response[str]:
    """Imports, newest first, a page of them."""
    services, register = services_of(request), visitor_of(request).register
    place = ImportPlace(_read_number(waiting_before), _read_number(before))
    runs, older = load_page(services.installation.store.line, register, place, PAGE_IMPORTS)
    actors = Actors(services.access, register.company.short_name)
    now = services.installation.now()
    rows = [_make_row(run, actors, now) for run in runs]
    page = ImportListPage(
        rows,
        is_live=any(run.status in LIVE for run in runs),
        is_first=place == ImportPlace(),
        query=_write_query(place),
        older_query="" if older is None else _write_query(older),
    )
    return render(request, "imports.html", page, fragment="list")


def _read_number(number: int | None) -> int | None:
    return number if number and 0 < number < 2**62 else None


def _write_query(place: ImportPlace) -> str:
    given = {name: number for name, number in place._asdict().items() if number}
    return f"?{urlencode(given)}" if given else ""


def _make_row(run: ImportRun, actors: Actors, now: datetime) -> ImportRow:
    report = run.report
    progress = measure_progress(run, now)
    total = progress.records_total
    is_running = run.status == "running"
    return ImportRow(
        run.id, write_kind(run), run.status, STATUSES[run.status], actors.name(run.actor),
        run.accepted_at, report.records or run.records, report.created, report.updated,
        report.unchanged, report.ignored, report.rejected, report.warnings,
        min(99, 100 * progress.records_done // total) if is_running and total else None,
    )  # fmt: skip


LIST_HANDLERS: Final = (show_imports,)
