from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project.checkout import ROOT
from tests.project.rings import forbidden_edges

if TYPE_CHECKING:
    from pathlib import Path


def test_imports_go_from_outer_rings_to_inner_ones() -> None:
    edges = forbidden_edges(ROOT / "src")

    assert not edges, "\n".join(edges)


OFFENDERS = [
    ("domain/clock.py", "import time", "time"),
    ("domain/files.py", "from pathlib import Path", "pathlib.Path"),
    ("domain/web.py", "import urllib.request", "urllib.request"),
    ("domain/web.py", "from urllib import request", "urllib.request"),
    ("domain/outward.py", "from regulars import services", "regulars.services"),
    ("domain/outward.py", "from regulars.store.contract import Store", "regulars.store.contract"),
    ("domain/fields/outward.py", "from ...services import imports", "regulars.services.imports"),
    ("domain/fields/__init__.py", "from ...store import contract", "regulars.store.contract"),
    ("domain/hidden.py", "def read() -> None:\n    import socket", "socket"),
    ("domain/hidden.py", "if TYPE_CHECKING:\n    import sqlite3", "sqlite3"),
    ("domain/clock.py", "moment = datetime.now(UTC)", "now"),
    ("domain/hashes.py", "import argon2", "argon2"),
    ("store/sqlite/outward.py", "from regulars.services import imports", "regulars.services"),
    ("services/driver.py", "import psycopg.rows", "psycopg.rows"),
    ("services/driver.py", "from duckdb import connect", "duckdb.connect"),
    ("services/framework.py", "from litestar import get", "litestar.get"),
    ("cli/framework.py", "import litestar", "litestar"),
    ("api/sideways.py", "from regulars.web import pages", "regulars.web"),
    ("api/outward.py", "import regulars.app", "regulars.app"),
    ("errors.py", "from regulars.domain import records", "regulars.domain"),
    ("everything.py", "import json", "everything is no known part"),
]


@pytest.mark.parametrize(("path", "text", "printed"), OFFENDERS)
def test_an_edge_outward_is_named(path: str, text: str, printed: str, tmp_path: Path) -> None:
    _write(tmp_path, path, text)

    edges = forbidden_edges(tmp_path)

    assert len(edges) == 1, edges
    assert f"regulars/{path}" in edges[0]
    assert printed in edges[0]


ALLOWED = [
    ("domain/plain.py", "from urllib.parse import quote\nimport collections.abc\nimport msgspec"),
    ("domain/plain.py", "from regulars.errors import RegularsError\nfrom . import records"),
    ("domain/fields/types/plain.py", "from ...records import problem"),
    ("domain/fields/__init__.py", "from .types import reading\nfrom ..records import problem"),
    ("store/sqlite/plain.py", "import sqlite3\nfrom regulars.domain import customers"),
    ("api/plain.py", "import litestar\nfrom regulars.services import imports"),
    ("cli/plain.py", "from regulars.app import compose\nimport time"),
    ("services/plain.py", "moment = datetime.now(UTC)\nimport sqlite_like"),
]


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_an_edge_inward_is_allowed(path: str, text: str, tmp_path: Path) -> None:
    _write(tmp_path, path, text)

    assert forbidden_edges(tmp_path) == []


def _write(source: Path, path: str, text: str) -> None:
    module = source / "regulars" / path
    module.parent.mkdir(parents=True)
    module.write_text(text, "utf-8")
