"""Imports of a company, a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from regulars.services.import_status import MAY_GO_ON, tell_run, waiting_run

if TYPE_CHECKING:
    from regulars.services.installation import Register
    from regulars.store.contract import ImportLine, ImportRun, QueuedImport


class ImportPlace(NamedTuple):
    """Where a page begins: behind an upload that waits, by its `sequence`, or behind an import that
    has started, by its `number`.
    """

    waiting_before: int | None = None
    before: int | None = None


class ImportPage(NamedTuple):
    """Imports, newest first. `older` is where the next page begins; None where none follows."""

    runs: list[ImportRun]
    older: ImportPlace | None


def load_page(line: ImportLine, register: Register, place: ImportPlace, limit: int) -> ImportPage:
    """So many imports: first the uploads that wait to be started, then those that have started,
    each once. One that starts between two pages may be on both.
    """
    wanted = limit + 1
    # The line before the register: an import that ends between the two looks is in both, where the
    # other way round it would be in neither.
    waiting = _load_waiting(line, register, place, wanted)
    runs = register.store.load_imports(place.before, wanted - len(waiting))
    started = {run.id for run in runs}
    if not started.isdisjoint(queued.id for queued in waiting):
        waiting = [queued for queued in waiting if queued.id not in started]
        runs = register.store.load_imports(place.before, wanted - len(waiting))
    _tell(line, register, runs)
    page = [*map(waiting_run, waiting), *runs][:limit]
    if len(waiting) + len(runs) <= limit:
        return ImportPage(page, None)
    if len(waiting) >= limit:
        return ImportPage(page, ImportPlace(waiting_before=waiting[limit - 1].sequence))
    # The first number is not always 1: PostgreSQL gives none twice.
    return ImportPage(page, ImportPlace(before=page[-1].number))


def _load_waiting(
    line: ImportLine, register: Register, place: ImportPlace, limit: int
) -> list[QueuedImport]:
    """The next uploads that have not started, newest first."""
    if place.before is not None and place.waiting_before is None:
        return []
    company = register.company.short_name
    waiting = line.load_uploads_in_line(company, place.waiting_before, limit)
    # Only the first ones of a line have started.
    while waiting and register.store.find_import(waiting[-1].id) is not None:
        waiting.pop()
    return waiting


def _tell(line: ImportLine, register: Register, runs: list[ImportRun]) -> None:
    may_go_on = {run.id for run in runs if run.status in MAY_GO_ON}
    if may_go_on:
        queued = line.load_queued_imports(register.company.short_name, may_go_on)
        places = {each.id: each for each in queued}
        for run in runs:
            tell_run(run, places.get(run.id))
