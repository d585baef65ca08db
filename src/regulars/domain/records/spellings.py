"""Spellings of keys: which keys of one record have the same name (SPEC section 3).

Owns that names compare without regard to case and outer spaces, and that of equal keys the last
counts. Must not know which names there are.
"""

from __future__ import annotations

from typing import Final

from regulars.domain.imports.lenient_json import read_keys

_MOST_REMEMBERED: Final = 10_000
"""Keys; a file that names a new one in every record costs time, but no memory."""


def fold_key(key: str) -> str:
    """The name that a key means."""
    return key.strip().lower()


class Spellings:
    """The keys of one import as they are written."""

    def __init__(self) -> None:
        self._remembered: Final[set[str]] = set()
        """Keys of which no two have the same name."""
        self._names: Final[set[str]] = set()

    def without_repeats(
        self, given: dict[str, object], written: bytes | None = None
    ) -> dict[str, object]:
        """A record with each name once, as its last key has it, whatever the value. `written` is
        its JSON: a key that comes twice stands in `given` where it came first.
        """
        # Nearly all records of an import have the same keys: this one look is all they cost.
        if given.keys() <= self._remembered:
            return given
        last_keys = {}
        for key in given:
            name = fold_key(key)
            last_keys[name] = key
            if name not in self._names and len(self._names) < _MOST_REMEMBERED:
                self._names.add(name)
                self._remembered.add(key)
        if len(last_keys) == len(given):
            return given
        if written is not None:
            last_keys = {fold_key(key): key for key in read_keys(written)}
        return {key: given[key] for key in last_keys.values()}
