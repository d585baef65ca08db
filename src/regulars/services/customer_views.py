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

from regulars.domain.imports.named_addresses import find_named_addresses
from regulars.errors import UnknownNameError
from regulars.services.suppressions import find_suppressed
from regulars.store.contract.visits import View

if TYPE_CHECKING:
    from regulars.services.installation import Installation, Register

_TYPING: Final = timedelta(seconds=10)
"""So long after a search somebody still types at it: nobody has sent its address to anybody."""
_OF_FORGOTTEN: Final = timedelta(hours=1)
"""So long at least such a view is kept."""
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
    of_forgotten: bool = False
    """Whether it names somebody who was forgotten when it was kept: who looks whether a person is
    gone must be told so.
    """


class CustomerViews:
    """The views of an installation's companies.

    A view may hold an address of somebody who is forgotten later (SPEC section 7): it is then
    found no more, and removed. One that was kept after that is found, and removed soon.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._store: Final = installation.store.visits

    def open(self, register: Register, view_id: str) -> CustomerView:
        """The view that an address means; from now on it stays what it is. Raises
        `UnknownNameError`.
        """
        kept, view = self._find(register, view_id)
        if view.is_typed:
            view = msgspec.structs.replace(view, is_typed=False)
            self._save(register, view_id, view)
        elif kept.seen_at + _SEEN_EVERY <= self._installation.now():
            self._save(register, view_id, view)
        return view

    def find(self, register: Register, view_id: str) -> CustomerView:
        """The same for a form, which looks at no address. Raises `UnknownNameError`."""
        return self._find(register, view_id)[1]

    def save(self, register: Register, view: CustomerView, *, instead_of: str = "") -> str:
        """Keep a view; gives its id. Of typing only the last view is kept: it takes the place of
        the one before.
        """
        view_id = secrets.token_hex(16)
        if view.is_typed and instead_of:
            with suppress(UnknownNameError):
                kept, before = self._find(register, instead_of)
                if before.is_typed and kept.seen_at + _TYPING > self._installation.now():
                    view_id = instead_of
        self._save(register, view_id, view)
        return view_id

    def delete_forgotten(self, register: Register) -> int:
        """Let go of views that hold an address of somebody forgotten; gives how many."""
        since = self._installation.now() - _OF_FORGOTTEN
        gone = [
            kept
            for kept in self._store.load_views(register.company.short_name)
            if (view := _read(kept)) is not None
            and not (view.of_forgotten and kept.seen_at > since)
            and _names_forgotten(register, kept.state)
        ]
        for kept in gone:
            self._store.delete_view(kept.company, kept.id)
        return len(gone)

    def _find(self, register: Register, view_id: str) -> tuple[View, CustomerView]:
        kept = self._store.find_view(register.company.short_name, view_id)
        view = None if kept is None else _read(kept)
        if kept is None or view is None:
            raise UnknownNameError(_VIEW)
        if not view.of_forgotten and _names_forgotten(register, kept.state):
            self._store.delete_view(kept.company, kept.id)
            raise UnknownNameError(_VIEW)
        return kept, view

    def _save(self, register: Register, view_id: str, view: CustomerView) -> None:
        of_forgotten = _names_forgotten(register, _encode(view))
        state = _encode(msgspec.structs.replace(view, of_forgotten=of_forgotten))
        self._store.save_view(
            View(view_id, register.company.short_name, state, self._installation.now())
        )


def _read(kept: View) -> CustomerView | None:
    """What is kept; None where it is the state of another page."""
    try:
        return _decode(kept.state)
    except msgspec.ValidationError:
        return None


def _names_forgotten(register: Register, state: bytes) -> bool:
    if not register.store.has_suppressions():
        return False
    addresses = find_named_addresses(state, register.context)
    if addresses is None:
        # More of them than can be looked up: rather a view too few.
        return True
    return bool(find_suppressed(register.store, register.hash_address, addresses))


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(CustomerView).decode
