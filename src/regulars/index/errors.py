"""What may be wrong with an index. These never leave the ring: the index is then made anew."""

from __future__ import annotations


class UnfitIndexError(Exception):
    """The file cannot serve this register; the message says why, without values of persons."""


class DamagedIndexError(UnfitIndexError):
    """The file is missing, or cannot be read."""


class ForeignIndexError(UnfitIndexError):
    """The file is a copy of another register, or of a later state than the register's own."""


class OutdatedIndexError(UnfitIndexError):
    """The file has columns other than the fields ask for."""
