"""An installation comes to its newest schema by itself, whoever opens it, however often."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from importlib.resources import files
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import psycopg
import pytest

from regulars.errors import NameTakenError
from regulars.store.statements import load_statements
from tests.store.make import ACME, BOLT, NOON, make_entry, save_customers
from tests.store.other_process import is_done, other_process

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore
    from tests.store.places import Place


def schema_of(place: Place) -> list[tuple[object, ...]]:
    """Every table, column, index and constraint that the database itself tells of."""
    if place.engine == "sqlite":
        found: list[tuple[object, ...]] = []
        for path in sorted(Path(place.address).rglob("*.db")):
            with closing(sqlite3.connect(path)) as connection:
                found += connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
                found += connection.execute("PRAGMA user_version")
        return found
    with psycopg.connect(place.address) as connection:
        return connection.execute(
            """
            SELECT table_schema::text, table_name::text, column_name::text, data_type::text
            FROM information_schema.columns
            WHERE table_schema = 'regulars' OR table_schema LIKE 'company\\_%'
            UNION ALL
            SELECT schemaname::text, tablename::text, indexname::text, indexdef
            FROM pg_catalog.pg_indexes
            WHERE schemaname = 'regulars' OR schemaname LIKE 'company\\_%'
            UNION ALL
            SELECT 'regulars', 'migration', number::text, applied_at::text
            FROM regulars.migration
            ORDER BY 1, 2, 3, 4
            """
        ).fetchall()


def test_opening_again_changes_nothing(place: Place, installation: InstallationStore) -> None:
    save_customers(installation.open_company("acme"), {"external_id": "1"})
    before = schema_of(place)
    assert before
    again = place.open()
    assert again.open_company("acme").load_customers([1])
    again.close()
    assert schema_of(place) == before


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
@pytest.mark.parametrize("kind", ["installation", "company"])
def test_migrations_are_numbered_from_one_without_a_gap(engine: str, kind: str) -> None:
    folder = files("regulars.store").joinpath(engine, "sql")
    names = sorted(file.name for file in folder.iterdir() if file.name.startswith(f"{kind}_"))
    assert names == [f"{kind}_{number:04}.sql" for number in range(1, len(names) + 1)]
    assert names


@pytest.mark.parametrize("kind", ["installation", "company"])
def test_both_engines_name_the_same_tables(kind: str) -> None:
    def tables(engine: str) -> set[str]:
        folder = files("regulars.store").joinpath(engine, "sql")
        scripts = [file for file in folder.iterdir() if file.name.startswith(f"{kind}_")]
        script = "".join(file.read_text("utf-8") for file in scripts)
        lines = [line for line in script.splitlines() if line.startswith("CREATE TABLE ")]
        return {line.split()[2].removeprefix("{schema}.").strip('"') for line in lines}

    own = {"recent_identifier", "spool_part"}
    assert tables("sqlite") - own == tables("postgres") - own


@pytest.mark.parametrize(
    ("engine", "file"),
    [
        (engine, file)
        for engine, names in {
            "sqlite": ("company", "installation", "segments", "undo"),
            "postgres": ("company", "installation", "segments", "undo", "migration", "session"),
        }.items()
        for file in names
    ],
)
def test_every_statement_says_its_purpose(engine: str, file: str) -> None:
    for name, statement in load_statements(engine, f"{file}.sql").items():
        purpose = statement.splitlines()[0]
        assert purpose.startswith("-- "), name
        assert purpose.endswith((".", ",")) or len(purpose) > 60, name


def test_threads_can_open_a_fresh_installation_at_once(place: Place) -> None:
    together = Barrier(4)

    def open_at_once() -> InstallationStore:
        together.wait()
        opened = place.open()
        try:
            opened.create_company(ACME, NOON, make_entry())
        except NameTakenError:
            opened.open_company("acme")
        return opened

    with ThreadPoolExecutor(4) as threads:
        opening = [threads.submit(open_at_once) for _ in range(4)]
    installations = [future.result() for future in opening]
    save_customers(installations[0].open_company("acme"), {"external_id": "1"})
    for installation in installations:
        assert installation.open_company("acme").load_customers([1])
        installation.close()


def test_processes_can_open_a_fresh_installation_at_once(place: Place) -> None:
    with ExitStack() as stack:
        processes = [
            stack.enter_context(other_process(place, "make the company")) for _ in range(3)
        ]
        assert [is_done(process) for process in processes] == [True, True, True]
    installation = place.open()
    save_customers(installation.open_company("acme"), {"external_id": "1"})
    installation.close()


def test_a_company_whose_making_broke_off_is_made_when_it_is_opened(
    place: Place, installation: InstallationStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(short_name: str) -> None:
        raise KeyboardInterrupt(short_name)

    monkeypatch.setattr(installation, "open_company", break_off)
    with pytest.raises(KeyboardInterrupt):
        installation.create_company(BOLT, NOON, make_entry())
    after_restart = place.open()
    assert after_restart.load_companies() == [ACME, BOLT]
    save_customers(after_restart.open_company("bolt"), {"external_id": "1"})
    after_restart.close()
