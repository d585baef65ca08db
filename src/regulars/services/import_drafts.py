"""Files that somebody sent in a browser and has not imported yet (SPEC section 12).

Owns how long they are kept, and what was chosen for them so far. A file lies in the spool of its
company, from where an import takes it; nobody of another company can name it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions, Mode
from regulars.errors import UnknownNameError
from regulars.services.column_memory import ColumnMemory
from regulars.services.draft_reading import map_form, read_preview, read_table
from regulars.services.file_form import FormWatch
from regulars.services.imports import DRAFT_SECONDS
from regulars.store.contract.company import DRAFT
from regulars.store.contract.visits import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from regulars.services.draft_reading import PreviewRecord, Table
    from regulars.services.import_acceptance import Accepted
    from regulars.services.imports import Imports
    from regulars.services.installation import Installation, Register

_ID_BYTES: Final = 16
_PIECE_BYTES: Final = 1024 * 1024
_LONGEST_NAME: Final = 200
_OF_PLAN: Final = "plan"
"""What the id of the view begins with that says from which file a dry run came."""


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file, how it is written, and what was chosen for it. Stored as JSON."""

    id: str
    name: str
    """What its sender calls it."""
    size_bytes: int
    form: BodyForm
    kept_until: datetime
    keys: tuple[str, ...] | None = None
    """The key that each of its columns becomes; None before anybody has chosen."""
    mode: Mode = "upsert"
    is_strict: bool = False
    keep: tuple[str, ...] = ()


class ImportDrafts:
    """The drafts of all companies of an installation."""

    def __init__(self, installation: Installation, imports: Imports) -> None:
        self._installation: Final = installation
        self._imports: Final = imports
        self._memory: Final = ColumnMemory(installation)

    def receive(self, register: Register, pieces: Iterable[bytes], name: str) -> Draft:
        """Keep a file piece by piece. Raises `MalformedBodyError` where it is none that could be
        imported, and what `pieces` raises; then nothing is kept.
        """
        draft_id = DRAFT + secrets.token_hex(_ID_BYTES)
        watch = FormWatch(name)
        with register.store.create_spool(draft_id) as spool:
            for piece in pieces:
                watch.feed(piece)
                spool.write(piece)
            form = watch.find_form()
        kept_until = self._installation.now() + timedelta(seconds=DRAFT_SECONDS)
        shown = name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
        draft = Draft(draft_id, shown, watch.size_bytes, form, kept_until)
        try:
            self.read_table(register, draft)
        except BaseException:
            register.store.remove_spool(draft_id)
            raise
        self.save(register, draft)
        return draft

    def find(self, register: Register, draft_id: str) -> Draft:
        """A file of the company that is kept still. Raises `UnknownNameError`."""
        view = None
        if draft_id.startswith(DRAFT):
            company = register.company.short_name
            view = self._installation.store.visits.find_view(company, draft_id)
        draft = None if view is None or not view.state else _decode(view.state)
        if draft is None or draft.kept_until <= self._installation.now():
            raise UnknownNameError("file", "that is kept")
        try:
            register.store.open_spool(draft_id).close()
        except FileNotFoundError:
            raise UnknownNameError("file", "that is kept") from None
        return draft

    def save(self, register: Register, draft: Draft) -> None:
        """Keep what was chosen."""
        self._save(register, draft.id, _encode(draft))

    def drop(self, register: Register, draft_id: str) -> None:
        """Let go of a file, if it is there."""
        if draft_id.startswith(DRAFT) and draft_id.isalnum() and draft_id.islower():
            register.store.remove_spool(draft_id)
            self._save(register, draft_id, b"")

    def read_table(self, register: Register, draft: Draft) -> Table:
        """The columns of a file and its first records. Raises `MalformedBodyError`."""
        with register.store.open_spool(draft.id) as body:
            return read_table(body, draft.form, self._unpacked_bytes)

    def find_keys(self, register: Register, draft: Draft, table: Table) -> tuple[list[str], bool]:
        """The key of each column: as chosen, or as it was for these columns before, or guessed from
        their names; and whether it was remembered.
        """
        if draft.keys is not None and len(draft.keys) == len(table.names):
            return list(draft.keys), False
        return self._memory.find_keys(register, table.names)

    def read_preview(
        self, register: Register, draft: Draft, table: Table, keys: Sequence[str]
    ) -> list[PreviewRecord]:
        """The first records as they would be read, a cell for each key that is not empty. Raises
        `MalformedBodyError`.
        """
        shown = [key for key in keys if key]
        schema = register.load_schema()
        with register.store.open_spool(draft.id) as body:
            return read_preview(body, _options(draft, table, keys), schema, shown)

    def start(self, register: Register, draft: Draft, *, is_dry_run: bool, actor: str) -> Accepted:
        """Import a file with what was chosen for it. A dry run leaves it where it is, so that
        something else can be chosen. Raises `MalformedBodyError` and the like.
        """
        table = self.read_table(register, draft)
        keys, _ = self.find_keys(register, draft, table)
        options = msgspec.structs.replace(_options(draft, table, keys), is_dry_run=is_dry_run)
        with register.store.open_spool(draft.id) as body:
            accepted = self._imports.acceptance.receive(register, _pieces(body), options, actor)
        self._memory.remember(register, table.names, keys)
        if is_dry_run:
            self._save(register, f"{_OF_PLAN}{accepted.id}", draft.id.encode())
        else:
            self.drop(register, draft.id)
        return accepted

    def find_of_plan(self, register: Register, import_id: str) -> str | None:
        """The id of the file that a dry run came from, if it is kept still."""
        company = register.company.short_name
        view = self._installation.store.visits.find_view(company, f"{_OF_PLAN}{import_id}")
        if view is None:
            return None
        try:
            return self.find(register, view.state.decode()).id
        except UnknownNameError:
            return None

    @property
    def _unpacked_bytes(self) -> int:
        return self._installation.settings.unpacked_bytes

    def _save(self, register: Register, draft_id: str, state: bytes) -> None:
        company = register.company.short_name
        view = View(draft_id, company, state, self._installation.now())
        self._installation.store.visits.save_view(view)


def _options(draft: Draft, table: Table, keys: Sequence[str]) -> ImportOptions:
    form = map_form(draft.form, table, keys)
    return ImportOptions(form, draft.mode, is_strict=draft.is_strict, keep=draft.keep)


def _pieces(body: BinaryIO) -> Iterator[bytes]:
    while piece := body.read(_PIECE_BYTES):
        yield piece


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Draft).decode
