"""`/imports/ID/`: how an import goes, what it did, and the files of its report (SPEC 12)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from litestar import Request, Response, get
from litestar.response import Stream

from regulars.edge.media_types import MEDIA_TYPES
from regulars.edge.services import services_of
from regulars.services.import_reports import (
    iterate_problems,
    write_problems,
    write_rejected_file,
)
from regulars.web.context import visitor_of
from regulars.web.import_view import ImportPage, make_import_page
from regulars.web.pages.import_mapping import drafts_of
from regulars.web.rendering import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.imports.plan import Conflict
    from regulars.store.contract import ImportRun

_BOM: Final = b"\xef\xbb\xbf"
"""By which spreadsheets know that a CSV is UTF-8."""


@get("/imports/{import_id:str}", sync_to_thread=True)
def show_import(request: Request[Any, Any, Any], import_id: str) -> Response[str]:
    """Status, progress and report."""
    return render(request, "import.html", load_page(request, import_id), fragment="report")


@get("/imports/{import_id:str}/rejected", sync_to_thread=True)
def send_rejected(request: Request[Any, Any, Any], import_id: str) -> Stream:
    """The rejected records in the form in which they came, to mend and send again."""
    register, run = visitor_of(request).register, find_run(request, import_id)
    form = run.options.form
    pieces = write_rejected_file(register, run)
    if form.format == "csv" and form.charset == "utf-8":
        pieces = chain([_BOM], pieces)
    return _send(pieces, MEDIA_TYPES[form.format], f"rejected-{run.id}.{form.format}", form.charset)


@get("/imports/{import_id:str}/problems", sync_to_thread=True)
def send_problems(request: Request[Any, Any, Any], import_id: str) -> Stream:
    """Every problem, a line each."""
    register, run = visitor_of(request).register, find_run(request, import_id)
    pieces = write_problems(run, iterate_problems(register, run))
    return _send(chain([_BOM], pieces), MEDIA_TYPES["csv"], f"problems-{run.id}.csv")


def find_run(request: Request[Any, Any, Any], import_id: str) -> ImportRun:
    """An import of the visitor's company. Raises `UnknownNameError`."""
    return services_of(request).imports.find(visitor_of(request).register, import_id)


def load_page(
    request: Request[Any, Any, Any], import_id: str, conflicts: list[Conflict] | None = None
) -> ImportPage:
    """The page of an import as it is now; `conflicts` is what keeps its plan from being applied."""
    visitor = visitor_of(request)
    run = find_run(request, import_id)
    draft_id = None
    if run.status == "planned" and visitor.may_edit:
        draft_id = drafts_of(request).find_of_plan(visitor.register, run.id)
    return make_import_page(services_of(request), visitor, run, draft_id, conflicts or [])


def _send(pieces: Iterator[bytes], media_type: str, name: str, charset: str = "utf-8") -> Stream:
    # What fails before the first piece is shown like any failure.
    first = next(pieces, b"")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rest = chain([first], pieces)
    return Stream(rest, media_type=media_type, encoding=charset, headers=headers)


REPORT_HANDLERS: Final = (show_import, send_rejected, send_problems)
