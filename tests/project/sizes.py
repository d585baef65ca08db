"""Owns the limits that keep a module and a function readable, and the names that say nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MODULE_LINES: Final = 300
FUNCTION_LINES: Final = 40

EMPTY_NAMES: Final = frozenset(
    {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
)


def long_modules(root: Path, paths: Iterable[Path]) -> dict[str, int]:
    """Modules of more than `MODULE_LINES` lines: path below `root` -> lines."""
    lines = {path.relative_to(root).as_posix(): len(_text(path).splitlines()) for path in paths}
    return {name: count for name, count in lines.items() if count > MODULE_LINES}


def long_functions(root: Path, paths: Iterable[Path]) -> dict[str, int]:
    """Functions of more than `FUNCTION_LINES` lines: `path::name` -> lines of the body.

    The docstring and the signature do not count.
    """
    return {
        f"{path.relative_to(root).as_posix()}::{node.name}": lines
        for path in paths
        for node in ast.walk(ast.parse(_text(path), path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := _body_lines(node)) > FUNCTION_LINES
    }


def empty_names(root: Path, paths: Iterable[Path]) -> list[str]:
    """Modules that, or whose folders, have a name that would fit anything."""
    names = (path.relative_to(root) for path in paths)
    return [
        name.as_posix()
        for name in names
        if EMPTY_NAMES.intersection(part.strip("_") for part in name.with_suffix("").parts)
    ]


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1 if body else 0


def _text(path: Path) -> str:
    return path.read_text("utf-8")
