"""Pages and parts of pages, written from templates.

Owns the templates' environment. A page and the part of it that a script asks for again are the same
block of the same template. Text is escaped wherever it stands; a name that is not there is an error
and not an empty text.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from litestar import MediaType, Response

from regulars.edge.services import services_of
from regulars.web import wording
from regulars.web.context import visitor_of
from regulars.web.csrf import FIELD
from regulars.web.import_wording import write_message

if TYPE_CHECKING:
    from datetime import datetime

    from jinja2.runtime import Context
    from litestar import Request

STATIC: Final = "/static"


def render(
    request: Request[Any, Any, Any],
    template: str,
    page: object,
    *,
    fragment: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    """A page, whose values the template knows as `page`.

    Where a script asks, and a `fragment` is named, it is the block of that name alone.
    """
    values = values_of(request) | {"page": page}
    source = TEMPLATES.get_template(template)
    if fragment is not None and is_script(request):
        context = source.new_context(values)
        text = "".join(source.blocks[fragment](context))
    else:
        text = source.render(values)
    # What an address gives depends on who asks for it, which the browser's cache must know.
    headers = {"Vary": "HX-Request", **(headers or {})}
    return Response(text, status_code=status, headers=headers, media_type=MediaType.HTML)


def redirect(address: str, *, headers: dict[str, str] | None = None) -> Response[str]:
    """To another page, once a form has done what it does (RFC 9110, 303)."""
    return Response(
        "", status_code=303, headers={"Location": address, **(headers or {})},
        media_type=MediaType.HTML,
    )  # fmt: skip


def is_script(request: Request[Any, Any, Any]) -> bool:
    """Whether a script asks for a part of a page, and not for all of it again."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def values_of(request: Request[Any, Any, Any]) -> dict[str, object]:
    """What every template knows."""
    visitor = visitor_of(request) if "visitor" in request.scope else None
    return {
        "visitor": visitor,
        # As addresses are written, whatever the framework makes of them.
        "path": f"{request.scope['path'].rstrip('/')}/",
        "now": services_of(request).installation.now(),
        "csrf_field": FIELD,
    }


@cache
def static_url(path: str) -> str:
    """The address of a file that pages load; it changes with the file, which may so be kept for
    as long as a browser likes.
    """
    content = files("regulars.web").joinpath("static", *path.split("/")).read_bytes()
    return f"{STATIC}/{path}?v={hashlib.sha256(content).hexdigest()[:12]}"


@pass_context
def _instant(context: Context, instant: datetime | None) -> str:
    if instant is None:
        return "–"
    return wording.write_instant(instant, context["visitor"].timezone)


@pass_context
def _ago(context: Context, instant: datetime | None) -> str:
    if instant is None:
        return "–"
    return wording.write_ago(instant, context["now"], context["visitor"].timezone)


def _make_templates() -> Environment:
    templates = Environment(
        loader=PackageLoader("regulars.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["static_url"] = static_url
    templates.filters.update(
        number=wording.write_number,
        share=wording.write_share,
        day=wording.write_day,
        size=wording.write_size,
        plural=wording.write_plural,
        actor=wording.write_actor,
        problem_message=write_message,
        instant=_instant,
        ago=_ago,
    )
    return templates


TEMPLATES: Final = _make_templates()
