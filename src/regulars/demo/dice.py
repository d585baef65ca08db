"""Chance for the demo customers: the same throws for the same seed on every Python version.

Owns how something is drawn from a table. Uses of ``random.Random`` only the integer seed and
``random()``, whose sequence Python promises to keep; ``choices`` and ``shuffle`` carry no such
promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of throws; ``throw()`` gives a float from 0 up to, not including, 1."""

    def __init__(self, seed: int) -> None:
        """Begin the stream that belongs to ``seed``."""
        self.throw = Random(seed).random

    def chance(self, share: float) -> bool:
        """Return whether something happens that happens in ``share`` of all cases."""
        return self.throw() < share

    def pick(self, table: Sequence[T]) -> T:
        """Return one entry of ``table``, each as likely as the others."""
        return table[int(self.throw() * len(table))]

    def below(self, limit: int) -> int:
        """Return an integer from 0 up to, not including, ``limit``."""
        return int(self.throw() * limit)


def weighted(entries: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    """Return a table for ``Dice.pick`` in which each entry stands as often as its weight says."""
    return tuple(entry for entry, weight in entries for _ in range(weight))


def ranked(entries: Sequence[T]) -> tuple[T, ...]:
    """Return a table for ``Dice.pick`` of entries given from frequent to rare.

    Frequencies fall off as those of names do: the first of twenty is about four times as common
    as the last.
    """
    count = len(entries)
    slope = count / 3
    return weighted(
        (entry, round(3 * (count + slope) / (rank + slope))) for rank, entry in enumerate(entries)
    )
