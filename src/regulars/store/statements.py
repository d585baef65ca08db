"""Named SQL statements, read from the .sql files beside the engines.

A statement begins with a line `-- name: word`, followed by a line of purpose.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

_NAME: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load_statements(engine: str, file: str) -> dict[str, str]:
    """The statements of `store/ENGINE/sql/FILE`, by name.

    Raises `ValueError` on a repeated name.
    """
    text = files(__package__).joinpath(engine, "sql", file).read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    statements: dict[str, str] = {}
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if name in statements:
            msg = f"statement {name} stands twice in {engine}/sql/{file}"
            raise ValueError(msg)
        statements[name] = body.strip().removesuffix(";")
    return statements
