"""New identifiers in SQLite move to the large table now and then, which no answer shows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.domain.identity.identifiers import Kind
from regulars.store.sqlite import register
from tests.store.make import ACME, ADA, NOON, change_customer, make_batch, make_entry, start_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import CompanyStore
    from tests.store.places import Place

CUSTOMERS = 60


@pytest.fixture
def folding_store(sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[CompanyStore]:
    monkeypatch.setattr(register, "FOLD_AT", 50)
    monkeypatch.setattr(register, "_FOLD_SLICE", 7)
    installation = sqlite_place.open()
    installation.create_company(ACME, NOON, make_entry())
    yield installation.open_company("acme")
    installation.close()


def count_keys(place: Place) -> tuple[int, int]:
    """Keys in the large table and in that of the new ones."""
    path = Path(place.address) / "companies" / "acme" / "register.db"
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM identifier), (SELECT count(*) FROM recent_identifier)"
        ).fetchone()
    return row[0], row[1]


def fill(store: CompanyStore) -> None:
    """Customers that all have the email of Ada, a few in each batch."""
    run = start_run(store)
    for first in range(1, CUSTOMERS + 1, 4):
        created = [
            (number, number, {"external_id": str(number), "email": ADA})
            for number in range(first, first + 4)
        ]
        with store.lock(), store.group_batches():
            store.save_batch(make_batch(run, created))


def test_keys_are_moved_over(sqlite_place: Place, folding_store: CompanyStore) -> None:
    fill(folding_store)
    moved, waiting = count_keys(sqlite_place)
    assert moved + waiting == 2 * CUSTOMERS
    assert moved > 50
    assert waiting < 50


def test_customers_are_found_wherever_their_keys_are(folding_store: CompanyStore) -> None:
    fill(folding_store)
    entries: list[Entry] = [(Kind.EXTERNAL_ID, str(n)) for n in range(1, CUSTOMERS + 1)]
    customers, crowded = folding_store.find_customers(entries, 10)
    assert [customer.id for customer in customers] == list(range(1, CUSTOMERS + 1))
    assert not crowded


def test_the_oldest_are_given_wherever_their_keys_are(folding_store: CompanyStore) -> None:
    fill(folding_store)
    ada: Entry = (Kind.EMAIL_REGISTERED, ADA)
    customers, crowded = folding_store.find_customers([ada], CUSTOMERS - 3)
    assert [customer.id for customer in customers] == list(range(1, CUSTOMERS - 2))
    assert crowded == {ada}


def test_removed_keys_are_gone_wherever_they_were(
    sqlite_place: Place, folding_store: CompanyStore
) -> None:
    fill(folding_store)
    for number in range(1, CUSTOMERS + 1):
        change_customer(folding_store, number, CUSTOMERS + number, {"external_id": str(number)})
    assert folding_store.find_customers([(Kind.EMAIL_REGISTERED, ADA)], 10) == ([], set())
    assert sum(count_keys(sqlite_place)) == CUSTOMERS
