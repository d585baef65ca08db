"""The import as the command does it."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from benchmarks.made_up import COMPANY
from regulars.app import open_installation
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.imports import Imports
from regulars.settings import Settings

if TYPE_CHECKING:
    from regulars.domain.imports.body_form import Format
    from regulars.services.installation import Installation

TIMEZONE: Final = "Europe/Helsinki"
"""Of the benchmark's company: it says which day is today."""

_PAGE: Final = 10_000


def open_company(folder: Path, database_url: str) -> Installation:
    """An installation with the benchmark's company, made if it is new."""
    installation = open_installation(Settings(data=str(folder), database_url=database_url))
    if installation.store.find_company(COMPANY) is None:
        installation.create_company(
            COMPANY, name="Company", timezone=TIMEZONE, country="FI", actor="benchmark"
        )
    return installation


def import_file(installation: Installation, path: Path) -> int:
    """Import a file, whose ending tells its format; gives how many records it has."""
    # As the command does: nothing of an import makes cycles, and looking for them takes long.
    gc.freeze()
    gc.disable()
    with path.open("rb") as file:
        run = Imports(installation).run_file(
            installation.open_register(COMPANY),
            file,
            ImportOptions(BodyForm(cast("Format", path.suffix[1:]))),
            path.stat().st_size,
            "benchmark",
            lambda _: None,
        )
    if run.report.rejected or run.report.warnings:
        raise AssertionError(run.report)
    return run.report.records


def count_customers(installation: Installation) -> int:
    """How many living customers the company holds, counted one by one."""
    store = installation.open_register(COMPANY).store
    count, last = 0, 0
    while page := store.load_living_customers(last, _PAGE):
        count += len(page)
        last = page[-1].id
    return count
