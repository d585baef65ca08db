"""Whose turn it is, within this process, to write a company's register.

Owns exclusion between threads; exclusion between processes is the engine's. Alike for both engines.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRIEF_SECONDS: Final = 0.05
"""For those before who write a few rows as well, each in some milliseconds."""


class Turn:
    """One thread at a time, which may have its work done by others."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._holder: int | None = None

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for those before, then be the one. Raises `RuntimeError` in the thread that already
        is: it would wait for itself.
        """
        with self._taken(-1):
            yield

    @contextmanager
    def try_to_take(self, *, briefly: bool) -> Iterator[bool]:
        """Be the one, and give True, if there is none, or `briefly` no longer; else give False.

        Raises `RuntimeError` as `take` does.
        """
        with self._taken(_BRIEF_SECONDS if briefly else 0) as is_taken:
            yield is_taken

    def check_taken(self) -> None:
        """Raises `RuntimeError` if it is nobody's turn: whoever writes forgot the lock."""
        if self._holder is None:
            raise RuntimeError("the company's register is written without its lock")

    @contextmanager
    def _taken(self, seconds: float) -> Iterator[bool]:
        if self._holder == get_ident():
            raise RuntimeError("this thread holds the company's lock already")
        if not self._lock.acquire(timeout=seconds):
            yield False
            return
        self._holder = get_ident()
        try:
            yield True
        finally:
            self._holder = None
            self._lock.release()
