"""A batch is written as a whole, durably, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.customers.customer import Customer, encode_fields
from regulars.domain.fields.company_field import CompanyField
from regulars.domain.identity.identifiers import Kind
from regulars.domain.imports.decision import Position
from regulars.store.contract import ChangeRow
from tests.store.make import ADA, BOB, LATER, make_batch, save, save_customers, start_run

if TYPE_CHECKING:
    from regulars.store.contract import Batch, CompanyStore, InstallationStore


def make_full_batch(store: CompanyStore) -> Batch:
    """Every kind of write at once, on a store whose customer 1 has the email of Ada."""
    (ada,) = store.load_customers([1])
    batch = make_batch(
        start_run(store, "full"),
        created=[(2, 2, {"email": BOB})],
        updated=[(ada, 3, {"external_id": "1", "is_forgotten": True})],
    )
    batch.blanked.append(
        ChangeRow(1, 1, 1001, None, encode_fields({"email": None}), encode_fields({"a": None}))
    )
    batch.suppressed.append(("email", "hash of ada"))
    batch.fields.append(CompanyField("level", "integer", "inferred", as_given=True))
    batch.position = Position(2, 3, 1)
    batch.import_run.report.records = 2
    return batch


def test_a_batch_writes_all_that_it_holds(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    save_customers(store, {"email": ADA})
    batch = make_full_batch(store)
    save(store, batch)
    seen = other_installation.open_company("acme")
    assert seen.load_customers([1, 2]) == [
        Customer(1, 3, encode_fields({"external_id": "1", "is_forgotten": True})),
        Customer(2, 2, encode_fields({"email": BOB})),
    ]
    assert seen.load_changes([1]) == [*batch.blanked, batch.changes[1]]
    assert seen.load_changes([2]) == [batch.changes[0]]
    assert seen.find_suppressed(["hash of ada"]) == {"hash of ada"}
    assert seen.load_fields() == batch.fields
    assert seen.read_position() == Position(2, 3, 1)
    assert seen.find_import("full") == batch.import_run


def test_a_batch_that_fails_half_way_leaves_nothing(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA})
    batch = make_full_batch(store)
    before = store.load_changes([1])
    # The version of the first change again: refused when customers and identifiers are written.
    batch.changes.append(before[0])
    with pytest.raises(Exception, match=r"(?i)unique"):
        save(store, batch)
    assert store.load_customers([1, 2]) == [Customer(1, 1, encode_fields({"email": ADA}))]
    customers, _ = store.find_customers(
        [(Kind.EMAIL_UNREGISTERED, ADA), (Kind.EMAIL_UNREGISTERED, BOB)], 100
    )
    assert [customer.id for customer in customers] == [1]
    assert store.load_changes([1, 2]) == before
    assert not store.has_suppressions()
    assert store.load_fields() == []
    assert store.read_position() == Position(1, 1, 0)
    run = store.find_import("full")
    assert run is not None
    assert run.report.records == 0


def test_the_store_works_on_after_a_batch_that_failed(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA})
    batch = make_full_batch(store)
    repeated = store.load_changes([1])[0]
    with store.lock():
        batch.changes.append(repeated)
        with pytest.raises(Exception, match=r"(?i)unique"):
            store.save_batch(batch)
        batch.changes.remove(repeated)
        store.save_batch(batch)
    assert store.read_position() == Position(2, 3, 1)


def test_an_empty_batch_moves_position_and_import(store: CompanyStore) -> None:
    run = start_run(store)
    batch = make_batch(run)
    batch.position = Position(7, 8, 9)
    run.report.unchanged = 5
    run.ended_at = LATER
    save(store, batch)
    assert store.read_position() == Position(7, 8, 9)
    assert store.find_import(run.id) == run


def test_blanked_changes_keep_what_they_do_not_hold_empty(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    batch = make_batch(start_run(store))
    batch.blanked += [
        ChangeRow(1, 1, 1001, None, b'{"email":null}', None),
        ChangeRow(2, 2, 1002, b'{"city":null}', b'{"city":null}', b'{"can_sms":{}}'),
    ]
    save(store, batch)
    assert store.load_changes([1, 2]) == batch.blanked


def test_a_batch_of_thousands_comes_back(store: CompanyStore) -> None:
    count = 3000
    save_customers(
        store,
        *({"external_id": str(n), "email": f"{n}@example.org"} for n in range(1, count + 1)),
    )
    entries = [(Kind.EXTERNAL_ID, str(n)) for n in range(1, count + 1)]
    customers, crowded = store.find_customers(entries, 100)
    assert not crowded
    assert [customer.id for customer in customers] == list(range(1, count + 1))
    run = start_run(store)
    save(
        store,
        make_batch(
            run,
            updated=[
                (customer, count + customer.id, customer.fields | {"email": ADA})
                for customer in customers
            ],
        ),
    )
    assert [customer.version for customer in store.load_living_customers(count - 2, 10)] == [
        2 * count - 1,
        2 * count,
    ]
    old = [(Kind.EMAIL_REGISTERED, f"{n}@example.org") for n in range(1, count + 1)]
    assert store.find_customers(old, 100) == ([], set())
