"""The history by its causes, the removal of customers, and the progress of an undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.imports.undo_traces import PastChange
from tests.store.make import ADA, BOB, make_batch, save, save_customers, start_run

if TYPE_CHECKING:
    from regulars.domain.customers.change import FieldValues
    from regulars.store.contract import CompanyStore, ImportRun, InstallationStore


def change(store: CompanyStore, run: ImportRun, number: int, version: int, city: str) -> None:
    (customer,) = store.load_customers([number])
    fields = customer.fields | {"city": city}
    save(store, make_batch(run, updated=[(customer, version, fields)]))


def test_the_changes_of_an_import_come_page_by_page(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    ours, other = start_run(store), start_run(store)
    for version, (run, number) in enumerate(
        [(ours, 1), (other, 2), (ours, 2), (ours, 1), (other, 1)], start=3
    ):
        change(store, run, number, version, f"city {version}")
    pages = store.undo.load_changes_of_import
    assert pages(ours.number, 0, 100, 100) == [(3, 1), (5, 2), (6, 1)]
    assert pages(ours.number, 0, 100, 2) == [(3, 1), (5, 2)]
    assert pages(ours.number, 5, 100, 2) == [(6, 1)]
    assert pages(ours.number, 0, 5, 100) == [(3, 1), (5, 2)]
    assert pages(ours.number, 6, 100, 100) == []


def test_a_history_tells_which_import_caused_each_change(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    ours = start_run(store)
    change(store, ours, 2, 3, "Turku \\ \u00c5bo\n")
    change(store, ours, 1, 4, "Oulu")
    after: FieldValues = {"email": BOB, "city": "Turku \\ \u00c5bo\n"}
    assert store.undo.load_history([2], 0) == [
        PastChange(2, 2, ours.number - 1, 1002, None, {"email": BOB}),
        PastChange(3, 2, ours.number, 1003, {"email": BOB}, after),
    ]
    assert [row.version for row in store.undo.load_history([1, 2], 2)] == [3, 4]
    assert store.undo.load_history([], 0) == []


def test_removed_customers_are_gone_and_others_stay(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB}, {"external_id": "1"})
    with store.lock():
        store.undo.remove_customers([1, 3, 77])
        store.undo.remove_customers([])
    assert [customer.id for customer in store.load_customers([1, 2, 3])] == [2]
    assert [customer.id for customer in store.load_living_customers(0, 10)] == [2]


def test_progress_is_kept_for_each_undo_until_it_ends(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    seen = other_installation.open_company("acme").undo
    with store.lock():
        assert store.undo.find_progress(7) is None
        store.undo.save_progress(7, 10)
        store.undo.save_progress(8, 20)
        store.undo.save_progress(7, 30)
    assert (seen.find_progress(7), seen.find_progress(8)) == (30, 20)
    with store.lock():
        store.undo.save_progress(7, None)
    assert (seen.find_progress(7), seen.find_progress(8)) == (None, 20)


def test_a_part_of_a_group_that_fails_leaves_nothing(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA})

    def begin_and_fail() -> None:
        with store.group_batches():
            store.undo.remove_customers([1])
            store.undo.save_progress(7, 10)
            assert store.load_customers([1]) == []
            assert store.undo.find_progress(7) == 10
            raise KeyError

    with store.lock(), pytest.raises(KeyError):
        begin_and_fail()
    assert [customer.id for customer in store.load_customers([1])] == [1]
    assert store.undo.find_progress(7) is None


def test_nothing_is_written_without_the_lock(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA})
    with pytest.raises(RuntimeError):
        store.undo.remove_customers([1])
    with pytest.raises(RuntimeError):
        store.undo.save_progress(7, 10)
    assert [customer.id for customer in store.load_customers([1])] == [1]
