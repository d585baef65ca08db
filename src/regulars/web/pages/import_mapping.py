"""`/imports/new/ID/`: what the columns of a file mean, what its first records would be read as, and
how it is to be imported (SPEC section 12).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.domain.imports.column_mapping import propose_field, read_key
from regulars.edge.failures import describe
from regulars.edge.services import services_of
from regulars.errors import InvalidValueError, MalformedBodyError
from regulars.services.import_drafts import ImportDrafts
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.forms import Form
from regulars.web.mapping_view import CHARSETS, DELIMITERS, MODES, NEW, make_mapping_page
from regulars.web.pages.import_upload import PATH
from regulars.web.rendering import is_script, redirect, render

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema
    from regulars.services.import_drafts import Draft

_WAIT_SECONDS: Final = 2.5


@get(f"{PATH}/{{draft_id:str}}", guards=[check_may_edit], sync_to_thread=True)
def show_mapping(request: Request[Any, Any, Any], draft_id: str) -> Response[str]:
    """The columns, a preview, and the choices."""
    register, drafts = visitor_of(request).register, drafts_of(request)
    page = make_mapping_page(register, drafts, drafts.find(register, draft_id))
    return render(request, "import_mapping.html", page)


@post(f"{PATH}/{{draft_id:str}}", guards=[check_may_edit])
async def choose(request: Request[Any, Any, Any], form: Form, draft_id: str) -> Response[str]:
    """Keep the choices; then show the preview anew, or start the import."""
    register, drafts = visitor_of(request).register, drafts_of(request)
    draft = await asyncio.to_thread(drafts.find, register, draft_id)
    draft = await asyncio.to_thread(_save_choices, request, draft, form)
    wanted = form.text("do")
    page = await asyncio.to_thread(make_mapping_page, register, drafts, draft)
    if wanted not in ("plan", "import"):
        if is_script(request):
            return render(request, "import_mapping.html", page, fragment="preview")
        return redirect(f"{PATH}/{draft.id}/")
    if page.preview.problems:
        return render(request, "import_mapping.html", page, status=400)
    try:
        import_id = await asyncio.to_thread(_start, request, draft, is_plan=wanted == "plan")
    except MalformedBodyError as error:
        reason = describe(error)[1]
        problem = f"The file cannot be imported: {reason}. Nothing of it was."
        page = msgspec.structs.replace(page, problem=problem)
        return render(request, "import_mapping.html", page, status=400)
    await follow(request, import_id)
    return redirect(f"/imports/{import_id}/")


@post(f"{PATH}/{{draft_id:str}}/reading", guards=[check_may_edit], sync_to_thread=True)
def choose_reading(request: Request[Any, Any, Any], form: Form, draft_id: str) -> Response[str]:
    """Read the file with another charset or delimiter; its columns are then others."""
    register, drafts = visitor_of(request).register, drafts_of(request)
    draft = drafts.find(register, draft_id)
    charset, delimiter = form.text("charset"), form.raw("delimiter")
    if charset not in CHARSETS or delimiter not in DELIMITERS:
        raise InvalidValueError("charset", "one of those that the page offers")
    written = msgspec.structs.replace(draft.form, charset=charset, delimiter=delimiter)
    drafts.save(register, msgspec.structs.replace(draft, form=written, keys=None))
    return redirect(f"{PATH}/{draft.id}/")


@post(f"{PATH}/{{draft_id:str}}/discard", guards=[check_may_edit], sync_to_thread=True)
def discard(request: Request[Any, Any, Any], form: Form, draft_id: str) -> Response[str]:  # noqa: ARG001 - its check
    """Let go of the file."""
    register, drafts = visitor_of(request).register, drafts_of(request)
    drafts.drop(register, drafts.find(register, draft_id).id)
    return redirect("/imports/")


def drafts_of(request: Request[Any, Any, Any]) -> ImportDrafts:
    """The files that are kept for the company of whoever is behind a request."""
    services = services_of(request)
    return ImportDrafts(services.installation, services.imports)


async def follow(request: Request[Any, Any, Any], import_id: str) -> None:
    """Have an accepted import run, and wait a little: a small one is shown as it ended."""
    company = visitor_of(request).register.company.short_name
    ended = services_of(request).run_import(company, import_id)
    await asyncio.wait([asyncio.wrap_future(ended)], timeout=_WAIT_SECONDS)


# Choices


def _save_choices(request: Request[Any, Any, Any], draft: Draft, form: Form) -> Draft:
    register, drafts = visitor_of(request).register, drafts_of(request)
    schema = register.load_schema()
    try:
        table = drafts.read_table(register, draft)
    except MalformedBodyError:
        return draft
    keys = tuple(_read_choice(schema, form, place) for place in range(len(table.names)))
    mode = form.text("mode")
    clears = draft.form.format == "csv" and "clear" in form
    chosen = msgspec.structs.replace(
        draft,
        form=msgspec.structs.replace(draft.form, clear_empty_cells=clears),
        keys=keys,
        mode=mode if mode in MODES else "upsert",
        is_strict="strict" in form,
        keep=tuple(field.name for name in form.texts("keep") if (field := schema.find(name))),
    )
    drafts.save(register, chosen)
    return chosen


def _read_choice(schema: Schema, form: Form, place: int) -> str:
    text = form.text(f"key-{place}")
    if text == NEW:
        name = form.text(f"new-{place}")
        is_whole = name.upper().startswith(schema.prefix)
        text = name if is_whole else f"{schema.prefix}{name}"
        if read_key(schema, text) is None:
            text = propose_field(schema, name)
    return read_key(schema, text) or ""


def _start(request: Request[Any, Any, Any], draft: Draft, *, is_plan: bool) -> str:
    visitor = visitor_of(request)
    started = drafts_of(request).start(
        visitor.register, draft, is_dry_run=is_plan, actor=visitor.actor
    )
    return started.id


MAPPING_HANDLERS: Final = (show_mapping, choose, choose_reading, discard)
