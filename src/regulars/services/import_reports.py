"""The reports of imports: every problem, every rejected record, and how far an import has come
(SPEC section 4).

Owns what is read at once, so that no file of any size needs much memory. Must not know HTTP.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.formula_guard import guard_cell
from regulars.domain.imports.rejected import write_rejected
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.errors import InvalidValueError
from regulars.store.contract import ProblemCodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from regulars.domain.records.problem import Problem
    from regulars.services.installation import Register
    from regulars.store.contract import ImportRun

PROBLEM_COLUMNS: Final = (
    "record", "line", "field", "code", "severity", "message", "suggestion", "count",
)  # fmt: skip
_PAGE_PROBLEMS: Final = 5_000
_LEAST_RECORDS: Final = 16
_MOST_RECORDS: Final = 4096
_PAGE_BYTES: Final = 1024 * 1024
_PIECE_BYTES: Final = 64 * 1024


class Progress(msgspec.Struct):
    """How far an import has come. What is not known is null."""

    records_done: int
    records_total: int | None
    records_per_second: float | None
    seconds_left: int | None


def measure_progress(run: ImportRun, now: datetime) -> Progress:
    """How far an import has come."""
    done = run.report.records
    if run.status == "running":
        done = done or run.report.counted
    total = done if run.status == "done" else run.records
    rate = None
    if run.status in ("running", "done", "failed", "cancelled") and done:
        seconds = ((run.ended_at or now) - run.started_at).total_seconds()
        rate = done / seconds if seconds > 0 else None
    left = 0 if run.status == "done" else None
    if run.status == "running" and rate and total is not None:
        left = round(max(total - done, 0) / rate + 0.5)
    return Progress(done, total, None if rate is None else round(rate, 1), left)


def read_codes(severity: str | None, code: str | None) -> ProblemCodes | None:
    """The problems that somebody asks for; None for all.

    Raises `InvalidValueError` for a severity or a code that does not exist.
    """
    if severity not in (None, "error", "warning"):
        raise InvalidValueError("severity", "error or warning")
    if code is not None and code not in PROBLEM_KINDS:
        raise InvalidValueError("code", "there is no such problem")
    if severity is None and code is None:
        return None
    codes = [kind for kind in PROBLEM_KINDS.values() if code in (None, kind.code)]
    return ProblemCodes(
        tuple(kind.code for kind in codes if severity in (None, kind.severity)),
        tuple(kind.code for kind in codes if severity in (None, "error")),
    )


def load_problems(
    register: Register, run: ImportRun, codes: ProblemCodes | None, after: int, limit: int
) -> list[tuple[int, Problem]]:
    """The next problems of an import in their order, with the number to go on after."""
    return register.store.reports.load_problems(run.number, after, limit, codes)


def iterate_problems(
    register: Register,
    run: ImportRun,
    codes: ProblemCodes | None = None,
    after: int = 0,
    limit: int | None = None,
) -> Iterator[Problem]:
    """The problems of an import in their order, read page by page."""
    while limit is None or limit > 0:
        wanted = _PAGE_PROBLEMS if limit is None else min(limit, _PAGE_PROBLEMS)
        page = load_problems(register, run, codes, after, wanted)
        yield from (problem for _, problem in page)
        if len(page) < wanted:
            return
        after = page[-1][0]
        limit = None if limit is None else limit - wanted


def write_problems(run: ImportRun, problems: Iterable[Problem]) -> Iterator[bytes]:
    """Problems as CSV, piece by piece."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(PROBLEM_COLUMNS)
    for problem in problems:
        kind = problem.kind
        row = (
            problem.record, problem.line, guard_cell(problem.field or ""), problem.code,
            problem.severity, kind.message, kind.suggestion, run.report.count_of(problem),
        )  # fmt: skip
        writer.writerow(row)
        if lines.tell() >= _PIECE_BYTES:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()


def find_with_rejected(register: Register, runs: Iterable[ImportRun]) -> set[str]:
    """The ids of those of some imports of which rejected records are kept: for some days only, and
    of nobody who was forgotten.
    """
    numbers = {run.number: run.id for run in runs if run.report.rejected}
    return {numbers[number] for number in register.store.reports.find_with_rejected(numbers)}


def write_rejected_file(register: Register, run: ImportRun) -> Iterator[bytes]:
    """The rejected records of an import in the format in which they came, piece by piece."""
    header = register.store.reports.load_header(run.number)
    records = _iterate_rejected(register, run)
    pieces = write_rejected(run.options.form, header, records)
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= _PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    yield bytes(gathered)


def _iterate_rejected(
    register: Register, run: ImportRun
) -> Iterator[tuple[int, bytes | None, list[Problem]]]:
    after, limit = 0, _LEAST_RECORDS
    while rows := register.store.reports.load_rejected(run.number, after, limit):
        size = sum(len(row.original or b"") for row in rows)
        yield from ((row.record, row.original, row.problems) for row in rows)
        if len(rows) < limit:
            return
        after = rows[-1].record
        # A record may be large: as many at a time as have room.
        limit = min(limit * 2, _MOST_RECORDS) if size < _PAGE_BYTES else _LEAST_RECORDS
