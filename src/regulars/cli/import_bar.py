"""A bar that shows how far an import has come, where standard error is a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from regulars.services.file_import import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from regulars.domain.imports.report import Report
    from regulars.store.contract import ImportRun


@contextmanager
def import_bar(description: str = "Waiting") -> Iterator[Watcher]:
    """Who watches an import, or the next step of one. `description` is what the bar says until
    something is known.
    """
    if not sys.stderr.isatty():
        yield Watcher()
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, progress.add_task(description, total=None))


class _Bar(Watcher):
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress: Final = progress
        self._task: Final = task

    def count(self, records: int) -> None:
        self._progress.update(self._task, total=records, description="Importing")

    def show(self, report: Report) -> None:
        self._progress.update(self._task, completed=report.records)

    def follow(self, run: ImportRun) -> None:
        self._progress.update(
            self._task,
            description=_describe(run),
            total=run.records,
            completed=run.report.records or run.report.counted,
        )


def _describe(run: ImportRun) -> str:
    if run.status == "queued":
        return "Waiting"
    if run.options.undoes is not None:
        return "Undoing"
    if run.report.counted and not run.report.records:
        return "Planning" if run.options.is_dry_run else "Counting"
    return "Importing"
