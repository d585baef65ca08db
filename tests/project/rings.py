"""Owns the rule which part of the package may import which: inner rings know nothing of outer ones.

Must not import the package: it reads the text, so that it also sees imports that are never run.
"""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE: Final = "regulars"

_VALUES: Final = frozenset({"errors", "domain"})
_STORES: Final = _VALUES | {"store", "index"}
_USE_CASES: Final = _STORES | {"settings", "services"}

# Each file or folder of the package, and what of the package it may import besides itself.
RINGS: Final[dict[str, frozenset[str]]] = {
    "errors": frozenset(),
    "settings": frozenset({"errors"}),
    "domain": frozenset({"errors"}),
    "store": _VALUES,
    "index": _VALUES | {"store"},
    "services": _USE_CASES,
    "worker": _USE_CASES,
    "index_socket": _USE_CASES,
    "edge": _USE_CASES,
    "api": _USE_CASES | {"edge"},
    "web": _USE_CASES | {"edge"},
    "app": _USE_CASES | {"worker", "index_socket", "edge", "api", "web"},
    # The commands are how the composed application is started.
    "cli": _USE_CASES | {"worker", "app"},
    "demo": _USE_CASES | {"worker", "app", "cli"},
    "__main__": frozenset({"cli"}),
    "__init__": frozenset(),
}

# Libraries that only these parts may know.
KEPT_INSIDE: Final[dict[str, frozenset[str]]] = {
    "sqlite3": frozenset({"store", "index"}),
    "psycopg": frozenset({"store", "index"}),
    "psycopg_pool": frozenset({"store", "index"}),
    "duckdb": frozenset({"store", "index"}),
    "litestar": frozenset({"edge", "api", "web", "app"}),
}

# All that the domain may import from outside: values, text and numbers, but no file, network,
# process, clock or chance.
# fmt: off
PURE: Final = frozenset({
    "__future__", "abc", "array", "base64", "binascii", "bisect", "calendar", "codecs",
    "collections", "contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "enum",
    "fractions", "functools", "hashlib", "heapq", "hmac", "io", "itertools", "json", "keyword",
    "math", "numbers", "operator", "re", "statistics", "string", "struct", "textwrap", "types",
    "typing", "unicodedata", "urllib.parse", "zlib", "zoneinfo",
    "backports.zstd", "compression", "email_validator", "msgspec", "phonenumbers", "pycountry",
})
# fmt: on
CLOCKS: Final = frozenset({"now", "utcnow", "today"})


def forbidden_edges(source: Path) -> list[str]:
    """What the modules of the package below `source` import against the rule, a line each."""
    edges = []
    for path in sorted((source / PACKAGE).rglob("*.py")):
        module = path.relative_to(source).with_suffix("").parts
        tree = ast.parse(path.read_text("utf-8"), path)
        found = [
            *((line, name, _objection(module[1], name)) for line, name in _imports(tree, module)),
            *((line, name, _clock_objection(module[1], name)) for line, name in _calls(tree)),
        ]
        edges += [
            f"{'/'.join(module)}.py:{line} -> {name}: {objection}"
            for line, name, objection in sorted(set(found), key=str)
            if objection
        ]
    return edges


def _objection(ring: str, imported: str) -> str:
    """Why a module of that ring may not import this; empty if it may."""
    top, _, rest = imported.partition(".")
    if ring not in RINGS:
        return f"{ring} is no known part of the package"
    if top == PACKAGE:
        target = rest.partition(".")[0]
        # A bare name such as __version__ is the package's own.
        allowed = target == ring or target in RINGS[ring] or (target not in RINGS and not rest)
        return "" if allowed else f"{ring} must not know {target or PACKAGE}"
    if ring not in KEPT_INSIDE.get(top, {ring}):
        return f"only {', '.join(sorted(KEPT_INSIDE[top]))} may know {top}"
    if ring == "domain" and not any(f"{imported}.".startswith(f"{pure}.") for pure in PURE):
        kind = "standard library" if top in sys.stdlib_module_names else "library"
        return f"the domain is pure, and this {kind} is not among what it may import"
    return ""


def _clock_objection(ring: str, called: str) -> str:
    clock = ring == "domain" and called in CLOCKS
    return "the time is passed to the domain, it has no clock" if clock else ""


def _imports(tree: ast.Module, module: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each imported name with its line, relative ones spelled out, those for type checkers too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot is the folder: of a module and of a package's __init__ alike.
            above = module[: len(module) - node.level] if node.level else ()
            start = [*above, *([node.module] if node.module else [])]
            yield from ((node.lineno, ".".join([*start, alias.name])) for alias in node.names)


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.lineno, node.func.attr
