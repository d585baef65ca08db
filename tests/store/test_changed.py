"""The history from a version on, with customers as they are now, for whoever keeps a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.customers.customer import decode_fields, encode_fields
from regulars.store.contract import GONE, ChangedRow
from regulars.store.contract.retention import Purge
from regulars.store.rows import to_microseconds
from tests.store.make import (
    ADA,
    BOB,
    LATER,
    STATES,
    change_customer,
    make_batch,
    make_entry,
    save_customers,
    start_run,
)
from tests.store.other_process import CHANGES, GROUP_CUSTOMERS, GROUPS, other_process

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regulars.store.contract import CompanyStore, InstallationStore
    from tests.store.places import Place

AT = to_microseconds(LATER)
AWKWARD = {"city": "back\\slash \t \u00c5bo \U0001f600 \x01", "tags": ["\\N", "%s", "\u2028"]}


def told(rows: list[ChangedRow]) -> dict[int, tuple[int | None, bytes | None]]:
    """What the rows say of their customers, by version."""
    return {row.version: (row.state, row.document) for row in rows}


def living(fields: Mapping[str, object]) -> tuple[int, bytes]:
    return STATES["living"], encode_fields(fields)


def test_a_register_without_history_gives_nothing(store: CompanyStore) -> None:
    assert store.load_changed(0, 100) == []


def test_the_change_that_made_a_customer_leaves_its_values_to_the_document(
    store: CompanyStore,
) -> None:
    save_customers(store, AWKWARD)
    (row,) = store.load_changed(0, 100)
    assert row == ChangedRow(1, 1, AT, None, None, *living(AWKWARD))
    assert row.is_creation


def test_a_change_tells_what_was_before_and_after(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA})
    change_customer(store, 1, 2, AWKWARD)
    creation, change = store.load_changed(0, 100)
    before, after = encode_fields({"email": ADA}), encode_fields(AWKWARD)
    assert change == ChangedRow(2, 1, AT, before, after, *living(AWKWARD))
    assert not change.is_creation
    assert creation.is_creation


def test_only_the_latest_change_of_a_customer_tells_what_it_is(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 1, 3, {"email": ADA, "city": "Oulu"})
    change_customer(store, 1, 4, {"email": ADA, "city": "Kemi"})
    assert told(store.load_changed(0, 100)) == {
        1: (None, None),
        2: living({"email": BOB}),
        3: (None, None),
        4: living({"email": ADA, "city": "Kemi"}),
    }


def test_changes_come_in_order_and_by_pages_of_versions(store: CompanyStore) -> None:
    save_customers(store, *({"external_id": str(number)} for number in range(1, 8)))
    change_customer(store, 2, 8, {"external_id": "2", "city": "Oulu"})
    pages = [[row.version for row in store.load_changed(after, 3)] for after in (0, 3, 6, 8)]
    assert pages == [[1, 2, 3], [4, 5, 6], [7, 8], []]


def test_a_customer_that_changed_behind_the_page_is_told_as_it_is_now(
    store: CompanyStore,
) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 1, 3, {"email": ADA, "city": "Oulu"})
    now = living({"email": ADA, "city": "Oulu"})
    assert told(store.load_changed(0, 2)) == {1: now, 2: living({"email": BOB})}


def test_whoever_reads_on_is_told_once(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 1, 3, {"email": ADA, "city": "Oulu"})
    assert told(store.load_changed(0, 1, until_version=3)) == {1: (None, None)}
    assert told(store.load_changed(1, 2, until_version=3))[3][0] == STATES["living"]
    change_customer(store, 1, 4, {"email": ADA, "city": "Kemi"})
    # Nobody who reads up to version 3 comes to the change that tells of it.
    now = living({"email": ADA, "city": "Kemi"})
    assert told(store.load_changed(0, 1, until_version=3)) == {1: now}
    assert told(store.load_changed(2, 1, until_version=3)) == {3: now}


@pytest.mark.parametrize("state", ["deleted", "forgotten"])
def test_deleted_and_forgotten_customers_are_told_with_their_state(
    store: CompanyStore, state: str
) -> None:
    fields = {"external_id": "1", f"is_{state}": True}
    save_customers(store, {"external_id": "1", "email": ADA})
    change_customer(store, 1, 2, fields)
    assert told(store.load_changed(0, 100)) == {
        1: (None, None),
        2: (STATES[state], encode_fields(fields)),
    }


def test_a_purged_customer_is_told_with_what_is_left(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA, "is_deleted": True})
    left = (1, 1, STATES["deleted"], encode_fields({"is_deleted": True}), None)
    with store.lock():
        store.retention.save_purge(Purge([left], [], [], make_entry(), 1))
    assert told(store.load_changed(0, 100)) == {1: (left[2], left[3])}


def test_a_customer_that_was_taken_out_is_gone_at_each_of_its_changes(
    store: CompanyStore,
) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 1, 3, {"email": ADA, "city": "Oulu"})
    with store.lock():
        store.undo.remove_customers([1])
    assert told(store.load_changed(0, 100)) == {
        1: (GONE, None),
        2: living({"email": BOB}),
        3: (GONE, None),
    }


def test_what_is_not_durable_yet_is_not_told(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    other_store = other_installation.open_company("acme")
    save_customers(store, {"email": ADA})
    run = start_run(store)
    with store.lock():
        with store.group_batches():
            store.save_batch(make_batch(run, [(2, 2, {"email": BOB})]))
            assert [row.version for row in other_store.load_changed(0, 100)] == [1]
        assert [row.version for row in other_store.load_changed(0, 100)] == [1, 2]


def test_a_reader_beside_an_import_sees_whole_groups_and_skips_nothing(
    place: Place, store: CompanyStore
) -> None:
    seen = 0
    with other_process(place, "import customers"):
        while seen < GROUPS * GROUP_CUSTOMERS:
            rows = store.load_changed(seen, 1_000)
            assert [row.version for row in rows] == list(range(seen + 1, seen + len(rows) + 1))
            assert all(row.state == STATES["living"] for row in rows)
            seen += len(rows)
            assert seen % GROUP_CUSTOMERS == 0
    assert store.load_changed(seen, 1_000) == []


def test_a_copy_that_is_brought_up_to_a_version_is_nowhere_behind_it(
    place: Place, store: CompanyStore
) -> None:
    copy: dict[int, int] = {}
    seen = 0
    with other_process(place, "change customers"):
        while seen < CHANGES:
            before = {customer.id: customer.version for customer in store.load_customers([1, 2, 3])}
            until = store.read_position().last_version
            while seen < until:
                page = store.load_changed(seen, min(5, until - seen), until)
                for row in page:
                    if row.document is not None:
                        copy[row.customer_id] = decode_fields(row.document)["acme__version"]
                seen = page[-1].version
            assert all(copy[number] >= version for number, version in before.items())
    assert copy == {customer.id: customer.version for customer in store.load_customers([1, 2, 3])}
