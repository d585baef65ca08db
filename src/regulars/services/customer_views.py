"""Views of the customers page, kept so that an address can mean one and hold nothing of it
(SPEC section 12).

Owns what a view is, and how long typing goes on changing one and the same. Must not know pages.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.errors import UnknownNameError
from regulars.store.contract.visits import View

if TYPE_CHECKING:
    from regulars.services.installation import Installation

_TYPING: Final = timedelta(seconds=10)
"""So long after a search somebody still types at it: nobody has sent its address to anybody."""
_SEEN_EVERY: Final = timedelta(days=1)
_VIEW: Final = "view; they are kept for 90 days after they were last looked at"


class CustomerView(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="customers", forbid_unknown_fields=True
):
    """What is looked at: all that is given must hold.

    `search` is what stands in the search box, words or a condition; `as_words` says that it is
    words, though it looks like a condition. `filters` is a further condition. `columns` are keys of
    fields, in order; None for those that are shown unasked.
    """

    search: str = ""
    as_words: bool = False
    filters: str = ""
    columns: tuple[str, ...] | None = None
    is_typed: bool = False
    """Whether it came of typing that may go on."""


class CustomerViews:
    """The views of an installation's companies."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation

    def open(self, company: str, view_id: str) -> CustomerView:
        """The view that an address means; from now on it stays what it is. Raises
        `UnknownNameError`.
        """
        kept, view = self._find(company, view_id)
        if view.is_typed:
            view = msgspec.structs.replace(view, is_typed=False)
            self._save(company, view_id, view)
        elif kept.seen_at + _SEEN_EVERY <= self._installation.now():
            self._save(company, view_id, view)
        return view

    def find(self, company: str, view_id: str) -> CustomerView:
        """The same for a form, which looks at no address. Raises `UnknownNameError`."""
        return self._find(company, view_id)[1]

    def save(self, company: str, view: CustomerView, *, instead_of: str = "") -> str:
        """Keep a view; gives its id. Of typing only the last view is kept: it takes the place of
        the one before.
        """
        view_id = secrets.token_hex(16)
        if view.is_typed and instead_of:
            with suppress(UnknownNameError):
                kept, before = self._find(company, instead_of)
                if before.is_typed and kept.seen_at + _TYPING > self._installation.now():
                    view_id = instead_of
        self._save(company, view_id, view)
        return view_id

    def _find(self, company: str, view_id: str) -> tuple[View, CustomerView]:
        kept = self._installation.store.visits.find_view(company, view_id)
        if kept is None:
            raise UnknownNameError(_VIEW)
        try:
            return kept, _decode(kept.state)
        except msgspec.ValidationError:
            # It is one of another page.
            raise UnknownNameError(_VIEW) from None

    def _save(self, company: str, view_id: str, view: CustomerView) -> None:
        state = _encode(view)
        now = self._installation.now()
        self._installation.store.visits.save_view(View(view_id, company, state, now))


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(CustomerView).decode
