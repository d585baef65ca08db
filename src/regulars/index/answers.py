"""Answers that are kept for as long as nothing changes: the same question has the same answer.

Owns how many are kept. Questions are known by a hash: what was asked for is not kept.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_ANSWERS: Final = 200
"""Each is a few numbers, at most some hundred values of a field."""

Answer = TypeVar("Answer")


class Answers:
    """Those of one state of an index; any number of threads may use them."""

    def __init__(self) -> None:
        self._lock: Final = Lock()
        self._answers: Final[OrderedDict[bytes, Any]] = OrderedDict()

    def find(self, key: bytes, make: Callable[[], Answer]) -> Answer:
        """The answer with that key, made where it is not there."""
        if (found := self.look_up(key)) is not None:
            answer: Answer = found
            return answer
        answer = make()
        self.keep(key, answer)
        return answer

    def look_up(self, key: bytes) -> Any:  # noqa: ANN401 - whatever was kept
        """The answer with that key, or None."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def keep(self, key: bytes, answer: object) -> None:
        """Keep an answer; those that nobody asked for longest go."""
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)


def question_key(name: str, text: str, values: Sequence[object]) -> bytes:
    """What a question is known by: its name, and the SQL and values of whom it is about."""
    return hashlib.sha256(f"{name}\n{text}\n{values!r}".encode()).digest()
