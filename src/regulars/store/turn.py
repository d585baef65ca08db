"""Whose turn it is, within this process, to write a company's register.

Owns exclusion between threads; exclusion between processes is the engine's. Alike for both engines.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class Turn:
    """One thread at a time, which may have its work done by others."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._holder: int | None = None

    @contextmanager
    def take(self, *, wait: bool = True) -> Iterator[bool]:
        """Wait for those before, then be the one; or do not wait, and give whether there are none.

        Raises `RuntimeError` in the thread that already is: it would wait for itself.
        """
        if self._holder == get_ident():
            raise RuntimeError("this thread holds the company's lock already")
        if not self._lock.acquire(blocking=wait):
            yield False
            return
        self._holder = get_ident()
        try:
            yield True
        finally:
            self._holder = None
            self._lock.release()

    def check_taken(self) -> None:
        """Raises `RuntimeError` if it is nobody's turn: whoever writes forgot the lock."""
        if self._holder is None:
            raise RuntimeError("the company's register is written without its lock")
