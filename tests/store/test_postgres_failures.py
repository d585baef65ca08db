"""What goes wrong with PostgreSQL is told by exceptions of ours, without anybody's values."""

from __future__ import annotations

import secrets
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from regulars.domain.customers.customer import encode_fields
from regulars.errors import SettingsError, StorageFullError, StoreUnavailableError
from regulars.store.contract import CompanyStore
from tests.postgres_server import own_database
from tests.store.make import (
    ACME,
    ADA,
    NOON,
    keep_body,
    make_batch,
    make_entry,
    save_customers,
    start_run,
)
from tests.store.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.store.contract import InstallationStore


@pytest.fixture
def place(postgres_url: str) -> Iterator[Place]:
    """PostgreSQL alone, in a database that a test may change as it likes."""
    with own_database(postgres_url) as url:
        yield Place("postgres", url)


def end_sessions(place: Place) -> None:
    """End all sessions on the database but our own, as a restart of the server would."""
    with psycopg.connect(place.address, autocommit=True) as connection:
        connection.execute(
            """
            SELECT pg_terminate_backend(pid, 5000)
            FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )


def use_many_sessions(store: CompanyStore) -> None:
    """Read in several threads at once, so that several sessions are there afterwards."""
    together = Barrier(6)

    def parts() -> Iterator[bytes]:
        together.wait()
        yield b"part"

    with ThreadPoolExecutor(6) as threads:
        for future in [
            threads.submit(keep_body, store, secrets.token_hex(8), parts()) for _ in range(6)
        ]:
            future.result()


def refuse_writes(place: Place) -> None:
    """From now on the database takes no writes, as when somebody guards a disk that fills up."""
    name = psycopg.conninfo.conninfo_to_dict(place.address)["dbname"]
    statement = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on")
    with psycopg.connect(place.address, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(str(name))))
    end_sessions(place)


def test_a_server_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(StoreUnavailableError):
        Place("postgres", "postgresql://regulars@localhost:1/regulars").open()


@pytest.mark.parametrize("url", ["postgresql://:s3cret@[", "hunter2", "nonsense=s3cret"])
def test_a_url_that_cannot_be_read_is_not_shown(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Place("postgres", url).open()
    shown = "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in shown
    assert "hunter2" not in shown


def test_a_database_that_holds_no_unicode_is_refused(place: Place) -> None:
    with psycopg.connect(place.address, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE regulars_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
        )
        try:
            url = psycopg.conninfo.make_conninfo(place.address, dbname="regulars_latin1")
            with pytest.raises(SettingsError, match="UTF8"):
                Place("postgres", url).open()
        finally:
            connection.execute("DROP DATABASE regulars_latin1 WITH (FORCE)")


def test_sessions_that_the_server_ended_are_replaced(
    place: Place, installation: InstallationStore, store: CompanyStore
) -> None:
    use_many_sessions(store)
    end_sessions(place)
    assert installation.find_company("acme") == ACME
    assert store.load_customers([]) == []
    save_customers(store, {"external_id": "1"})
    use_many_sessions(store)


def test_nothing_is_written_once_the_lock_was_lost(place: Place, store: CompanyStore) -> None:
    run = start_run(store)
    with store.lock():
        end_sessions(place)
        with pytest.raises(StoreUnavailableError):
            store.save_batch(make_batch(run, [(1, 1, {"external_id": "1"})]))
    assert store.load_customers([1]) == []
    save_customers(store, {"external_id": "1"})
    assert store.load_customers([1])


def test_a_lock_lost_between_writes_is_noticed(place: Place, store: CompanyStore) -> None:
    run = start_run(store)
    with store.lock():
        store.save_batch(make_batch(run, [(1, 1, {"external_id": "1"})]))
        end_sessions(place)
        assert store.load_customers([1])  # readers need no lock
        with pytest.raises(StoreUnavailableError):
            store.save_batch(make_batch(run, [(2, 2, {"external_id": "2"})]))
    assert [customer.id for customer in store.load_customers([1, 2])] == [1]


def test_a_database_that_takes_no_writes_counts_as_full(
    place: Place, installation: InstallationStore, store: CompanyStore
) -> None:
    refuse_writes(place)
    with pytest.raises(StorageFullError):
        installation.check()
    with pytest.raises(StorageFullError):
        installation.create_company(ACME, NOON, make_entry())
    with pytest.raises(StorageFullError):
        keep_body(store, "abc1", [b"{}"])
    assert installation.find_company("acme") == ACME


@pytest.mark.parametrize("number", [1, 2**70, -(2**70)])
def test_no_error_shows_a_value(store: CompanyStore, number: int) -> None:
    """Not even what PostgreSQL adds about the row: it may all end in a log."""
    save_customers(store, {"external_id": "1"})
    batch = make_batch(start_run(store))
    batch.created.append((number, 2, 0, encode_fields({"email": ADA}), None))
    with store.lock(), pytest.raises(psycopg.Error) as caught:
        store.save_batch(batch)
    shown = "".join(traceback.format_exception(caught.value))
    assert "SQLSTATE" in shown
    assert ADA not in shown
    assert str(2**70) not in shown
