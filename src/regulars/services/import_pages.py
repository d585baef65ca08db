"""Imports of a company, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from regulars.services.imports import Imports
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun


class ImportPage(NamedTuple):
    """Imports, newest first. `older` is the `before` of the next page; None where none follows."""

    runs: list[ImportRun]
    older: int | None


def load_page(imports: Imports, register: Register, before: int | None, limit: int) -> ImportPage:
    """So many imports that have started; on the first page also all that wait."""
    runs = imports.load(register, before, limit + 1)
    # Those that wait have no number. The first number is not always 1: PostgreSQL gives none twice.
    if len([run for run in runs if run.number]) <= limit:
        return ImportPage(runs, None)
    return ImportPage(runs[:-1], runs[-2].number)
