"""Owns how a compiled file of requirements is read, and what is wrong with one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable


def requirement_lines(text: str) -> list[str]:
    """The lines without comments, continued ones joined."""
    joined = text.replace("\\\n", " ")
    lines = (line.partition("#")[0].split() for line in joined.splitlines())
    return [" ".join(words) for words in lines if words]


def read_pins(text: str) -> dict[str, str]:
    """Package -> version."""
    pins = (re.match(r"([\w.-]+)==([^ ;]+)", line) for line in requirement_lines(text))
    return {pin[1]: pin[2] for pin in pins if pin}


def unsafe_lines(text: str) -> list[str]:
    """Lines that leave open what is installed, or say from where."""
    pinned = re.compile(r"[\w.-]+==[^ ;]+( ;[^:]*?)?( --hash=sha256:[0-9a-f]{64})+")
    return [line for line in requirement_lines(text) if not pinned.fullmatch(line)]


def unmet(requirements: Iterable[str], pins: dict[str, str]) -> list[str]:
    """The requirements that the pins do not fulfil."""
    wanted = map(Requirement, requirements)
    return [str(each) for each in wanted if not each.specifier.contains(pins.get(each.name, "0"))]
