"""Which fields the columns of a company's files became the last time (SPEC section 12).

Owns the memory: of a whole header, and of single columns where the header is new. Names are kept as
keyed hashes, since a file without a header has values of people in their place.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.column_mapping import (
    find_repeated,
    guess_columns,
    is_note,
    read_key,
)
from regulars.domain.imports.column_names import fold_name
from regulars.store.contract.visits import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regulars.services.installation import Installation, Register

_MOST_HEADERS: Final = 100
_MOST_NAMES: Final = 2_000


class _Memory(msgspec.Struct):
    """By hash, what was chosen last; the newest is the last one."""

    headers: dict[str, list[str]] = msgspec.field(default_factory=dict)
    names: dict[str, str] = msgspec.field(default_factory=dict)


class ColumnMemory:
    """What the companies of an installation chose for their files."""

    def __init__(self, installation: Installation) -> None:
        self._installation: Final = installation
        self._secret: Final = installation.derive_secret("columns")

    def find_keys(self, register: Register, names: Sequence[str]) -> tuple[list[str], bool]:
        """The keys of columns, and whether they are all as they were the last time."""
        schema = register.load_schema()
        memory = self._load(register)
        own = [name for name in names if not is_note(name)]
        keys = memory.headers.get(self._hash(register, own))
        is_remembered = keys is not None and len(keys) == len(own)
        if keys is None or not is_remembered:
            guesses = guess_columns(schema, own)
            hashes = [self._hash(register, [name]) for name in own]
            keys = [
                memory.names.get(each, guess) for each, guess in zip(hashes, guesses, strict=True)
            ]
            if find_repeated(keys):
                keys = guesses
        # A field may have become something else since.
        left = iter([read_key(schema, key) or "" for key in keys])
        return ["" if is_note(name) else next(left) for name in names], is_remembered

    def remember(self, register: Register, names: Sequence[str], keys: Sequence[str]) -> None:
        """Keep what was chosen for columns."""
        memory = self._load(register)
        own = [(name, key) for name, key in zip(names, keys, strict=True) if not is_note(name)]
        header = self._hash(register, [name for name, _ in own])
        memory.headers.pop(header, None)
        memory.headers[header] = [key for _, key in own]
        for name, key in own:
            named = self._hash(register, [name])
            memory.names.pop(named, None)
            memory.names[named] = key
        _shorten(memory.headers, _MOST_HEADERS)
        _shorten(memory.names, _MOST_NAMES)
        view = View(
            self._id(register), register.company.short_name, msgspec.json.encode(memory),
            self._installation.now(),
        )  # fmt: skip
        self._installation.store.visits.save_view(view)

    def _load(self, register: Register) -> _Memory:
        visits = self._installation.store.visits
        view = visits.find_view(register.company.short_name, self._id(register))
        return _Memory() if view is None else msgspec.json.decode(view.state, type=_Memory)

    def _id(self, register: Register) -> str:
        return f"columns{self._digest(register.company.short_name, '')}"

    def _hash(self, register: Register, names: Sequence[str]) -> str:
        return self._digest(register.company.short_name, *map(fold_name, names))

    def _digest(self, *texts: str) -> str:
        return hmac.digest(self._secret, msgspec.json.encode(texts), "sha256").hex()[:32]


def _shorten(entries: dict[str, list[str]] | dict[str, str], most: int) -> None:
    """Let go of the oldest."""
    for key in list(entries)[: max(0, len(entries) - most)]:
        del entries[key]
