"""What the buttons beside the search box do to a view: filters come and go (SPEC section 12).

Owns where a filter is put: into the search box where a condition stands there, so that it can be
read and changed as text; else beside it. Must not know how views are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from regulars.services.customer_list import parts_of, read_view, write_parts
from regulars.web.condition_draft import Draft, condition_of, fit_draft

if TYPE_CHECKING:
    from regulars.services.customer_search import CustomerSearch
    from regulars.services.customer_views import CustomerView
    from regulars.services.installation import Register
    from regulars.web.forms import Form

_MOST_SEARCH: Final = 25_000
"""Characters that are kept of what is typed: more than a condition may have, so that it is told
that it is too long.
"""


def read_search(view: CustomerView, form: Form) -> CustomerView:
    """The view with what stands in the search box now, if the form has it."""
    if "search" not in form:
        return msgspec.structs.replace(view, is_typed=False)
    search = form.text("search")[:_MOST_SEARCH]
    return msgspec.structs.replace(
        view,
        search=search,
        # Once somebody has said that it is words, it is, until it changes.
        as_words=view.as_words and search == view.search,
        is_typed="typed" in form,
    )


def apply_buttons(
    search: CustomerSearch, register: Register, form: Form, view: CustomerView
) -> CustomerView:
    """The view after the button that was pressed, if it was one of these."""
    step, removed = form.text("step"), form.text("remove")
    if step == "words":
        return msgspec.structs.replace(view, as_words=True)
    if step == "condition":
        return msgspec.structs.replace(view, as_words=False)
    if step == "clear":
        return msgspec.structs.replace(view, search="", as_words=False, filters="")
    if removed == "filters":
        return msgspec.structs.replace(view, filters="")
    if removed:
        return _remove(search, register, view, removed)
    return view


def add_filter(
    search: CustomerSearch, register: Register, view: CustomerView, draft: Draft
) -> CustomerView:
    """The view with a filter more. Raises `InvalidConditionError`."""
    schema = register.load_schema()
    draft = fit_draft(draft, schema)
    new = search.explain(register, condition_of(draft, schema)).tree
    asked = read_view(search, register, schema, view)
    source = "filters" if asked.searched is None else "search"
    tree = asked.filters if asked.searched is None else asked.searched
    parts = parts_of(tree)
    if new in parts:
        return view
    return msgspec.structs.replace(view, **{source: write_parts((*parts, new))})


def read_pick(form: Form) -> Draft | None:
    """The filter for a value of the statistics that was chosen there, as `tags:vip`."""
    field, _, value = form.text("pick").partition(":")
    if not field:
        return None
    # What does not fit a list is put right where the filter is added.
    return Draft(field, "is", (value,))


def _remove(
    search: CustomerSearch, register: Register, view: CustomerView, name: str
) -> CustomerView:
    """Without one part of a condition, which the name of its chip names."""
    asked = read_view(search, register, register.load_schema(), view)
    for source, tree in (("search", asked.searched), ("filters", asked.filters)):
        parts = parts_of(tree)
        kept = [part for number, part in enumerate(parts) if name != f"{source}-{number}"]
        if len(kept) < len(parts):
            return msgspec.structs.replace(view, **{source: write_parts(kept)})
    return view
