"""The import as the command does it, in one process."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

from regulars.app import open_installation
from regulars.services.imports import Imports
from regulars.settings import Settings

from benchmarks.made_up import COMPANY

if TYPE_CHECKING:
    from regulars.services.installation import Installation


def open_company(folder: Path, database_url: str) -> Installation:
    """An installation with the benchmark's company, made if it is new."""
    installation = open_installation(Settings(data=str(folder), database_url=database_url))
    if installation.store.find_company(COMPANY) is None:
        installation.create_company(
            COMPANY, name="Company", timezone="Europe/Helsinki", country="FI", actor="benchmark"
        )
    return installation


def import_file(installation: Installation, path: Path) -> int:
    """Import an NDJSON file; gives how many customers it made."""
    # As the command does: nothing of an import makes cycles, and looking for them takes long.
    gc.freeze()
    gc.disable()
    with path.open("rb") as file:
        run = Imports(installation).run_file(
            installation.open_register(COMPANY),
            file,
            "ndjson",
            path.stat().st_size,
            "benchmark",
            lambda _: None,
        )
    return run.report.created
