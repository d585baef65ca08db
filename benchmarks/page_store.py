"""The company whose pages are measured: the demo's made-up customers, imported once, and kept for
further runs where that is asked for.

Owns what its pages need besides: segments, changes of customers, a customer with very many, an
import with problems.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from regulars.app import open_installation
from regulars.demo.__main__ import COMPANY, NAME
from regulars.demo.people import make_customers
from regulars.demo.segments import make_segments
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import UnknownNameError
from regulars.services.access import Access
from regulars.services.customers import find_by_value
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.imports import Imports
from regulars.services.segments import Segments
from regulars.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from regulars.domain.customers.customer import Customer
    from regulars.services.installation import Installation, Register

Record: TypeAlias = dict[str, Any]

EMAIL: Final = "bench@example.org"
PASSWORD: Final = "as long as it need be"  # noqa: S105 - it opens made-up data

TWO: Final = "Two conditions"
FIVE: Final = "Five conditions"
HISTORY: Final = "Moved lately"
_SEGMENTS: Final = {
    TWO: "country = FI and last_login in last 365 days",
    FIVE: (
        "country in (FI, SE) and language = FI and can_email = true"
        " and last_login in last 365 days and tags has any (vip, outlet)"
    ),
    HISTORY: "city changed in last 30 days and country = FI",
}

_CHANGED: Final = "BENCH-1"
"""The customer with very many changes."""
_CHANGES: Final = 1_000
_FIRST_NUMBER: Final = 10_000_000
_CHANGED_SHARE: Final = 0.01
"""Of the customers, who have changed since they were imported."""
_PROBLEM_RECORDS: Final = 2_000
_KNOWN_EMAILS: Final = 10


class KnownStore(msgspec.Struct, frozen=True):
    """What addresses of pages and searches name."""

    segments: dict[str, int]
    """Their numbers by name."""
    customer: int
    changed_customer: int
    problem_import: str
    emails: list[str]
    """Of some customers."""


class PageStore:
    """A data folder with a company of so many customers, segments, and an admin."""

    def __init__(self, folder: Path, customers: int) -> None:
        self._folder: Final = folder
        self._customers: Final = customers

    def fill(self) -> KnownStore:
        """Make whatever is not there yet, the index too."""
        installation = open_installation(Settings(data=str(self._folder)))
        try:
            register = _open_company(installation)
            if not register.store.read_position().living:
                _import(installation, register, self._make_customers())
            if not _find_changed(register):
                _import(installation, register, _make_changes(self._customers))
                _import(installation, register, _make_problems())
            _make_segments(installation, register)
            if installation.store.find_user(EMAIL) is None:
                Access(installation).create_user(COMPANY, EMAIL, "admin", PASSWORD, actor="bench")
            known = _know(installation, register)
        finally:
            installation.close()
        if not (self._folder / "index" / f"{COMPANY}.duckdb").exists():
            self._build_index()
        return known

    def _make_customers(self) -> Iterator[Record]:
        today = datetime.now(UTC).date()
        return make_customers(self._customers, company=COMPANY.upper(), today=today)

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


def _import(installation: Installation, register: Register, records: Iterable[Record]) -> None:
    with tempfile.TemporaryFile() as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        size_bytes = file.tell()
        file.seek(0)
        options = ImportOptions(BodyForm("ndjson"))
        Imports(installation).run_file(register, file, options, size_bytes, "bench", lambda _: None)


def _make_changes(customers: int) -> Iterator[Record]:
    """Some customers move, and one changes again and again."""
    for number in range(int(customers * _CHANGED_SHARE)):
        # The demo's first customers have the first numbers, with a few that are not given out.
        yield {"external_id": f"R{_FIRST_NUMBER + number}", "city": f"City {number % 50}"}
    for number in range(_CHANGES):
        yield {
            "external_id": _CHANGED,
            "first_name": "Aino",
            "city": f"City {number % 50}",
            "can_email": number % 2 == 0,
            "email": f"aino.{number % 7}@example.org",
            "last_login": f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}T10:00:00Z",
        }


def _make_problems() -> Iterator[Record]:
    """Records of which each has something that cannot be read."""
    for number in range(_PROBLEM_RECORDS):
        record: Record = {"external_id": f"BENCH-P{number}", "country": "Atlantis"}
        if number % 3:
            record["email"] = "no address"
        if number % 5 == 0:
            record = {"phone_number": "none"}
        yield record


def _make_segments(installation: Installation, register: Register) -> None:
    segments = Segments(installation)
    known = {each.name for each in segments.load(register)}
    for name, condition in (*make_segments(COMPANY.upper()), *_SEGMENTS.items()):
        if name not in known:
            segments.save(register, name, condition, actor="bench")


def _find_changed(register: Register) -> list[Customer]:
    return find_by_value(register.store, "external_id", _CHANGED, most=1)


def _know(installation: Installation, register: Register) -> KnownStore:
    first = register.store.load_living_customers(0, 10 * _KNOWN_EMAILS)
    (changed,) = _find_changed(register)
    runs, _ = load_page(installation.store.line, register, ImportPlace(), 100)
    segments = Segments(installation).load(register)
    return KnownStore(
        {each.name: each.id for each in segments},
        first[0].id,
        changed.id,
        max(runs, key=lambda run: run.report.rejected).id,
        [f"{each.fields['email']}" for each in first if "email" in each.fields][:_KNOWN_EMAILS],
    )
