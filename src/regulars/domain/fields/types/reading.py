"""The contract between field types and whoever reads records.

Owns the words all types share: what a canonical value is, how a reader asks for a key to be
removed, how it refuses. Must not know any single type, nor which field has which type.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, final
from zoneinfo import ZoneInfo


class Unreadable(Exception):  # noqa: N818 - a verdict on one value, no failure of the program
    """A value that its type cannot read; `code` is a problem code of SPEC section 2.

    Caught by record reading, which knows record and field, and never seen outside it. Holds no
    part of the value, so that a personal value cannot leak through a message.
    """

    __slots__ = ("code",)

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Remove(enum.Enum):
    """The class of `REMOVE`; an enumeration, so that it stays one object when pickled."""

    REMOVE = "remove"

    def __repr__(self) -> str:
        return "REMOVE"


REMOVE: Final = Remove.REMOVE
"""What a reader answers for an empty value: the record asks to remove this key."""


@final
class OutOfRange:
    """Stands for a number that the JSON reader could not represent, such as 1e400.

    Sources of records put it in place of the number; every type refuses it with its own code.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "OutOfRange()"


Value: TypeAlias = str | bool | int | float | list[str] | dict[str, object]
"""A canonical value: plain JSON, in the one form in which its type is stored."""

Reader: TypeAlias = Callable[[object], Value | Remove]
"""Reads one supplied value (never None); raises `Unreadable`."""


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What the company's settings contribute to reading a value.

    `timezone` is that of instants without zone; `country`, an upper-case ISO 3166-1 alpha-2 code,
    that of phone numbers without country prefix.
    """

    timezone: ZoneInfo
    country: str


@dataclass(frozen=True, slots=True)
class FieldType:
    """One field type of SPEC section 2.

    `problem_code` is what its reader raises where nothing more precise (`bad_text`, `too_long`)
    applies. `accepts` is a sentence for the reference pages, `example` a canonical value as text.
    """

    name: str
    problem_code: str
    accepts: str
    example: str
    compile_reader: Callable[[ReadingContext], Reader]


def same_for_every_company(reader: Reader) -> Callable[[ReadingContext], Reader]:
    """The `compile_reader` of a type whose reading depends on nothing but the value."""

    def compile_reader(_context: ReadingContext) -> Reader:
        return reader

    return compile_reader
