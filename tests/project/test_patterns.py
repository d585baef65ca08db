"""Patterns mean the same on every Python that is supported.

Before Python 3.11.5 a possessive group whose last turn fails in its middle ends there, and not
where that turn began (https://github.com/python/cpython/issues/106052). Debian 12 has 3.11.2. An
empty alternative, as in `(?:ab|)*+`, takes the group back to where the turn began.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.project.checkout import ROOT, python_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")
_SOUND = "|)*+"


def unsound_groups(paths: Iterable[Path]) -> list[str]:
    """Where a text has a possessive group that is none on some Python: `path:line: group`."""
    return [
        f"{path.name}:{node.lineno}: {match[0]}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8"), path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
        for text in [node.value if isinstance(node.value, str) else node.value.decode("latin-1")]
        for match in _POSSESSIVE_GROUP.finditer(text)
        if not text[: match.end()].endswith(_SOUND)
    ]


def test_each_possessive_group_can_do_nothing() -> None:
    sources = [path for path in python_files() if (ROOT / "src") in path.parents]
    assert unsound_groups(sources) == []


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"rb'(?:a\\.)*+'", ")*+"),
        (r"r'(?:a|b)++'", ")++"),
        (r"r'(?:a|)?+'", ")?+"),
        (r"r'(?:a){2,}+'", "){2,}+"),
        (r"f'{1}(?:a)*+'", ")*+"),
        (r"r'(?:a|)*+'", None),
        (r"r'[a)]*+\)++(?:a)*'", None),
    ],
)
def test_unsound_groups_are_found(pattern: str, found: str | None, tmp_path: Path) -> None:
    module = tmp_path / "one.py"
    module.write_text(f"import re\nPATTERN = {pattern}\n", "utf-8")
    assert unsound_groups([module]) == ([] if found is None else [f"one.py:2: {found}"])


@pytest.mark.parametrize(
    ("pattern", "text", "end"),
    [
        (r'"(?:[^"\\]|\\["\\]|)*+', r'"a\x', 2),
        (r'(?:(?:[0-9]++|"[^"]*+"),|)*+', '1,2,"3', 4),
        (r'(?:"a":(?:1|2),|)*+', '"a":1,"a":2}', 6),
    ],
)
def test_a_group_that_can_do_nothing_ends_behind_its_last_whole_turn(
    pattern: str, text: str, end: int
) -> None:
    match = re.match(pattern, text)
    assert match is not None
    assert match.end() == end
