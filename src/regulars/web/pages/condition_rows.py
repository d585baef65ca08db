"""The inputs of one condition, as filters and the builder of segments show them.

Owns where their suggestions come from. What was chosen is sent in a form: it stands in no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Request, Response, post

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError
from regulars.services.value_suggestions import suggest_values
from regulars.web.condition_draft import SEGMENT, Draft, read_draft
from regulars.web.condition_inputs import ConditionRow, is_prefix, make_row
from regulars.web.context import visitor_of
from regulars.web.forms import Form
from regulars.web.rendering import render

if TYPE_CHECKING:
    from regulars.domain.fields.schema import Schema


class RowPage(msgspec.Struct, frozen=True):
    """What the fragment shows."""

    row: ConditionRow


@post("/conditions/row", sync_to_thread=True, status_code=200)
def show_row(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """The inputs for the field and the operator that were chosen."""
    prefix = form.text("row")
    if not is_prefix(prefix):
        raise InvalidValueError("row", "the number of a row")
    row = load_row(request, read_draft(form, prefix), prefix=prefix)
    return render(request, "condition_row_alone.html", RowPage(row))


def load_row(
    request: Request[Any, Any, Any],
    draft: Draft,
    *,
    prefix: str = "",
    schema: Schema | None = None,
    problems: tuple[str, ...] = (),
) -> ConditionRow:
    """The inputs for a draft, with suggestions of values. Raises `StoreUnavailableError`."""
    services, register = services_of(request), visitor_of(request).register
    segments = []
    if draft.field == SEGMENT:
        segments = [each.name for each in services.segments.load(register)]
    return make_row(
        schema or register.load_schema(),
        draft,
        suggested=suggest_values(services.search, register, draft.field),
        segments=segments,
        prefix=prefix,
        problems=problems,
    )


HANDLERS: Final = (show_row,)
