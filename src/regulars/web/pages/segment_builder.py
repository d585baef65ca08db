"""`/segments/new/` and `/segments/ID/edit/`: the builder (SPEC section 12).

Every button sends all of it, and gives it back changed: nothing of an unsaved one is kept here or
stands in an address.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, get, post

from regulars.domain.segments.text import read_condition
from regulars.edge.services import services_of
from regulars.errors import (
    ConflictError,
    InvalidConditionError,
    InvalidValueError,
    NameTakenError,
    UnknownNameError,
)
from regulars.services.segment_descriptions import describe_segments
from regulars.web.builder_page import Builder, BuilderPage, Conflict
from regulars.web.condition_reading import tell_problem
from regulars.web.condition_words import tell_condition
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.forms import Form
from regulars.web.pages.segment import find_segment
from regulars.web.rendering import is_script, redirect, render
from regulars.web.segment_builder import edit_builder, read_builder, start_builder

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Condition
    from regulars.store.contract.segments import Segment
    from regulars.web.segment_builder import BuilderForm

_TEMPLATE: Final = "segment_builder.html"
_COUNTS: Final = "segment_counts.html"
_UNFINISHED: Final = "The segment was not saved: its condition is not finished. See below."


@get("/segments/new", sync_to_thread=True, guards=[check_may_edit])
def show_new(request: Request[Any, Any, Any]) -> Response[str]:
    """A builder to begin with."""
    return render(request, _TEMPLATE, _page(request, start_builder(), None))


@post("/segments/new", status_code=200, guards=[check_may_edit])
async def build_new(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """The builder of a new segment after one of its buttons."""
    return await asyncio.to_thread(_answer, request, form, None)


@get("/segments/{segment_id:int}/edit", sync_to_thread=True, guards=[check_may_edit])
def show_edited(request: Request[Any, Any, Any], segment_id: int) -> Response[str]:
    """The builder of a segment as it is."""
    segment = find_segment(request, segment_id)
    tree = read_condition(segment.condition).tree
    read = start_builder(tree, name=segment.name, version=segment.version)
    return render(request, _TEMPLATE, _page(request, read, segment))


@post("/segments/{segment_id:int}/edit", status_code=200, guards=[check_may_edit])
async def build_edited(
    request: Request[Any, Any, Any], segment_id: int, form: Form
) -> Response[str]:
    """The builder of a segment after one of its buttons."""
    return await asyncio.to_thread(_answer, request, form, segment_id)


def _answer(request: Request[Any, Any, Any], form: Form, segment_id: int | None) -> Response[str]:
    segment = None if segment_id is None else find_segment(request, segment_id)
    action = form.text("do")
    read = read_builder(form)
    if action in ("save", "overwrite"):
        if action == "overwrite":
            read = msgspec.structs.replace(read, version=form.number("seen"))
        return _save(request, read, segment)
    if action == "count" and is_script(request):
        has_rows = read.typed is not None
        return render(request, _COUNTS, _page(request, read, segment, has_rows=has_rows))
    page = _page(request, edit_builder(read, action), segment)
    return render(request, _TEMPLATE, page, fragment="builder")


def _page(
    request: Request[Any, Any, Any],
    read: BuilderForm,
    segment: Segment | None,
    *,
    has_rows: bool = True,
    is_strict: bool = False,
) -> BuilderPage:
    services, register = services_of(request), visitor_of(request).register
    builder = Builder(services, register, read, is_strict=is_strict)
    figures = builder.figures()
    return BuilderPage(
        address="/segments/new/" if segment is None else f"/segments/{segment.id}/edit/",
        title="New segment" if segment is None else segment.name,
        name=read.name,
        version=read.version,
        figures=figures,
        root=builder.root(figures) if has_rows else None,
        segment=segment,
    )


def _save(
    request: Request[Any, Any, Any], read: BuilderForm, segment: Segment | None
) -> Response[str]:
    """Save it and go to it; or the builder again, which says why not."""
    builder = Builder(services_of(request), visitor_of(request).register, read, is_strict=True)
    changes: dict[str, object] = {"notice": _UNFINISHED}
    status = HTTPStatus.BAD_REQUEST
    try:
        if builder.tree is not None:
            saved = _write(request, read, builder.tree, segment)
            return redirect(f"/segments/{saved.id}/")
    except InvalidValueError as error:
        changes = {"notice": "", "name_problem": f"A name is {error.reason}."}
    except NameTakenError:
        problem = "Another segment has this name already. Choose another one."
        changes, status = {"notice": "", "name_problem": problem}, HTTPStatus.CONFLICT
    except InvalidConditionError as error:
        said = " ".join(dict.fromkeys(map(tell_problem, error.problems)))
        changes = {"notice": f"The segment was not saved. {said}"}
    except ConflictError:
        changes, status = {"conflict": _find_conflict(request, segment)}, HTTPStatus.CONFLICT
    page = _page(request, read, segment, is_strict=True)
    page = msgspec.structs.replace(page, **changes)
    return render(request, _TEMPLATE, page, status=status.value)


def _write(
    request: Request[Any, Any, Any], read: BuilderForm, tree: Condition, segment: Segment | None
) -> Segment:
    segments, visitor = services_of(request).segments, visitor_of(request)
    if segment is None:
        return segments.create(visitor.register, read.name, tree, actor=visitor.actor)
    return segments.change(
        visitor.register,
        segment.name,
        new_name=read.name,
        condition=tree,
        version=read.version,
        actor=visitor.actor,
    )


def _find_conflict(request: Request[Any, Any, Any], segment: Segment | None) -> Conflict:
    """The segment as it is now, for whoever built on one that has changed since."""
    if segment is None:
        raise UnknownNameError("segment")
    now = find_segment(request, segment.id)
    register = visitor_of(request).register
    (described,) = describe_segments(register, [now])
    return Conflict(now, tell_condition(described.tree, register.load_schema()))
