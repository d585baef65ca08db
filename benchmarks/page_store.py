"""The company whose pages are measured: the demo's made-up customers, imported once, and kept for
further runs where that is asked for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from regulars.app import open_installation
from regulars.demo.__main__ import COMPANY, NAME
from regulars.demo.people import make_customers
from regulars.demo.segments import make_segments
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import UnknownNameError
from regulars.services.access import Access
from regulars.services.imports import Imports
from regulars.services.segments import Segments
from regulars.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from regulars.services.installation import Installation, Register

EMAIL: Final = "bench@example.org"
PASSWORD: Final = "as long as it need be"  # noqa: S105 - it opens made-up data


class PageStore:
    """A data folder with a company of so many customers, segments, and an admin."""

    def __init__(self, folder: Path, customers: int) -> None:
        self._folder: Final = folder
        self._customers: Final = customers

    def fill(self) -> None:
        """Make whatever is not there yet, the index too."""
        installation = open_installation(Settings(data=str(self._folder)))
        try:
            register = _open_company(installation)
            if not register.store.read_position().living:
                self._import(installation, register)
            _make_segments(installation, register)
            if installation.store.find_user(EMAIL) is None:
                Access(installation).create_user(COMPANY, EMAIL, "admin", PASSWORD, actor="bench")
        finally:
            installation.close()
        if not (self._folder / "index" / f"{COMPANY}.duckdb").exists():
            self._build_index()

    def _import(self, installation: Installation, register: Register) -> None:
        today = datetime.now(UTC).date()
        with tempfile.TemporaryFile() as file:
            for record in make_customers(self._customers, company=COMPANY.upper(), today=today):
                file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            size_bytes = file.tell()
            file.seek(0)
            options = ImportOptions(BodyForm("ndjson"))
            Imports(installation).run_file(
                register, file, options, size_bytes, "bench", lambda _: None
            )

    def _build_index(self) -> None:
        kept = {name: value for name, value in os.environ.items() if "REGULARS" not in name}
        subprocess.run(
            [sys.executable, "-m", "regulars", "index", "rebuild", COMPANY],
            check=True,
            stdout=subprocess.DEVNULL,
            env=kept | {"REGULARS_DATA": str(self._folder)},
        )


def _open_company(installation: Installation) -> Register:
    try:
        return installation.open_register(COMPANY)
    except UnknownNameError:
        installation.create_company(
            COMPANY, name=NAME, timezone="Europe/Helsinki", country="FI", actor="bench"
        )
        return installation.open_register(COMPANY)


def _make_segments(installation: Installation, register: Register) -> None:
    segments = Segments(installation)
    if not segments.load(register):
        for name, condition in make_segments(COMPANY.upper()):
            segments.save(register, name, condition, actor="bench")
