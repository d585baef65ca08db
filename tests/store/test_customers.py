"""Customers and their history come back as they were written, by id and by identifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.domain.customers.customer import Customer, decode_fields, encode_fields
from regulars.domain.identity.identifiers import Kind
from regulars.domain.imports.decision import Position
from tests.store.make import (
    ADA,
    BOB,
    LATER,
    MOBILE,
    change_customer,
    make_batch,
    make_change,
    save,
    save_customers,
    start_run,
)

if TYPE_CHECKING:
    from regulars.domain.customers.customer import Fields
    from regulars.domain.identity.identifiers import Entry
    from regulars.store.contract import CompanyStore

REGISTERED: Fields = {"external_id": "A-1", "email": ADA, "phone_number": MOBILE}

AWKWARD: Fields = {
    "external_id": "\u00c5-1",
    "first_name": "back\\slash \\N \\. \\x41 \\t",
    "last_name": "tab\t line\n return\r \"quotes\" 'apostrophes'",
    "city": "\u00e9 e\u0301 \u6771\u4eac \U0001f600 \u2028 \ufeff \ufffd",
    "gender": "control \x01\x02\x1f\x7f\x85",
    "tags": ["\\", "\t", ",", "{}", "NULL", "%s", "%(id)s", ":id", "?1"],
    "ACME__object": {"\\n": [None, True, 1, -1.5, {"": ""}]},
}


def ids_under(store: CompanyStore, *entries: Entry) -> list[int]:
    customers, crowded = store.find_customers(entries, 100)
    assert not crowded
    return [customer.id for customer in customers]


def test_a_new_register_is_empty(store: CompanyStore) -> None:
    assert store.read_position() == Position(0, 0, 0)
    assert store.load_customers([1]) == []
    assert store.load_living_customers(0, 10) == []
    assert store.load_changes([1]) == []


def test_new_customers_come_back_with_version_and_fields(store: CompanyStore) -> None:
    save_customers(store, REGISTERED, {"email": BOB})
    assert store.load_customers([1, 2]) == [
        Customer(1, 1, encode_fields(REGISTERED)),
        Customer(2, 2, encode_fields({"email": BOB})),
    ]


def test_any_text_survives_in_new_and_in_changed_customers(store: CompanyStore) -> None:
    changed = AWKWARD | {"province": "\\\t\n\r"}
    save_customers(store, AWKWARD)
    assert store.load_customers([1]) == [Customer(1, 1, encode_fields(AWKWARD))]
    change_customer(store, 1, 2, changed)
    assert store.load_customers([1]) == [Customer(1, 2, encode_fields(changed))]


def test_any_text_survives_in_changes(store: CompanyStore) -> None:
    batch = make_batch(start_run(store), [(1, 1, AWKWARD)])
    (change,) = batch.changes
    change.before = encode_fields({"first_name": "\\"})
    change.proofs = encode_fields({"can_email": {"address": "\\\t"}})
    save(store, batch)
    assert store.load_changes([1]) == [change]


def test_customers_are_loaded_in_order_of_id_and_once(store: CompanyStore) -> None:
    save_customers(store, *({"external_id": str(number)} for number in range(1, 6)))
    loaded = store.load_customers([4, 2, 99, 2, 5])
    assert [customer.id for customer in loaded] == [2, 4, 5]
    assert store.load_customers([]) == []


@pytest.mark.parametrize(
    ("fields", "entry"),
    [
        (REGISTERED, (Kind.EXTERNAL_ID, "A-1")),
        (REGISTERED, (Kind.EMAIL_REGISTERED, ADA)),
        (REGISTERED, (Kind.PHONE_REGISTERED, MOBILE)),
        ({"external_id": "1", "phone_number": MOBILE}, (Kind.PHONE_ONLY_REGISTERED, MOBILE)),
        ({"email": ADA, "phone_number": MOBILE}, (Kind.EMAIL_UNREGISTERED, ADA)),
        ({"email": ADA, "phone_number": MOBILE}, (Kind.PHONE_UNREGISTERED, MOBILE)),
        ({"phone_number": MOBILE}, (Kind.PHONE_ONLY_UNREGISTERED, MOBILE)),
        (REGISTERED | {"is_deleted": True}, (Kind.EMAIL_DELETED, ADA)),
        (REGISTERED | {"is_deleted": True}, (Kind.PHONE_DELETED, MOBILE)),
    ],
)
def test_a_customer_is_found_by_each_kind_of_identifier(
    store: CompanyStore, fields: Fields, entry: Entry
) -> None:
    save_customers(store, {"external_id": "other", "email": BOB}, fields)
    assert ids_under(store, entry) == [2]
    others = [(kind, entry[1]) for kind in Kind if kind != entry[0]]
    assert ids_under(store, *others) == []


def test_external_ids_are_found_by_their_exact_case(store: CompanyStore) -> None:
    save_customers(store, {"external_id": "a-1"}, {"external_id": "A-1"})
    assert ids_under(store, (Kind.EXTERNAL_ID, "A-1")) == [2]


def test_a_customer_under_several_entries_is_given_once(store: CompanyStore) -> None:
    save_customers(store, REGISTERED, {"external_id": "2", "email": ADA})
    entries: list[Entry] = [
        (Kind.EMAIL_REGISTERED, ADA),
        (Kind.EXTERNAL_ID, "A-1"),
        (Kind.PHONE_REGISTERED, MOBILE),
        (Kind.EXTERNAL_ID, "nobody"),
    ]
    assert store.find_customers(entries, 100) == (
        [
            Customer(1, 1, encode_fields(REGISTERED)),
            Customer(2, 2, encode_fields({"external_id": "2", "email": ADA})),
        ],
        set(),
    )


def test_nothing_sought_is_nothing_found(store: CompanyStore) -> None:
    save_customers(store, REGISTERED)
    assert store.find_customers([], 100) == ([], set())


def test_a_changed_customer_is_found_by_its_new_identifiers_only(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": ADA})
    change_customer(store, 1, 3, {"external_id": "A-1", "email": BOB})
    assert ids_under(store, (Kind.EMAIL_UNREGISTERED, ADA)) == [2]
    assert ids_under(store, (Kind.EMAIL_REGISTERED, BOB)) == [1]
    assert ids_under(store, (Kind.EXTERNAL_ID, "A-1")) == [1]
    change_customer(store, 1, 4, {"email": ADA})
    assert ids_under(store, (Kind.EMAIL_UNREGISTERED, ADA)) == [1, 2]


def test_a_crowded_entry_gives_its_oldest_customers(store: CompanyStore) -> None:
    save_customers(
        store,
        {"email": BOB},
        *({"external_id": str(number), "email": ADA} for number in range(4)),
        {"external_id": "other"},
    )
    crowded: Entry = (Kind.EMAIL_REGISTERED, ADA)
    entries: list[Entry] = [crowded, (Kind.EXTERNAL_ID, "other"), (Kind.EMAIL_UNREGISTERED, BOB)]
    customers, found_crowded = store.find_customers(entries, 3)
    assert [customer.id for customer in customers] == [1, 2, 3, 4, 6]
    assert found_crowded == {crowded}
    customers, found_crowded = store.find_customers(entries, 4)
    assert [customer.id for customer in customers] == [1, 2, 3, 4, 5, 6]
    assert found_crowded == set()


def test_an_entry_that_very_many_share_gives_its_oldest_customers(store: CompanyStore) -> None:
    shared: list[Fields] = [{"email": ADA, "first_name": str(number)} for number in range(1500)]
    save_customers(store, {"email": BOB}, *shared)
    entries: list[Entry] = [(Kind.EMAIL_UNREGISTERED, ADA), (Kind.EMAIL_UNREGISTERED, BOB)]
    customers, crowded = store.find_customers(entries, 100)
    assert [customer.id for customer in customers] == list(range(1, 102))
    assert crowded == {(Kind.EMAIL_UNREGISTERED, ADA)}


def test_living_customers_come_in_pages_in_order_of_id(store: CompanyStore) -> None:
    save_customers(
        store,
        {"external_id": "1"},
        {"external_id": "2", "is_deleted": True},
        {"external_id": "3"},
        {"external_id": "4", "is_forgotten": True},
        {"external_id": "5"},
        {"external_id": "6"},
    )
    pages = []
    after = 0
    while page := [customer.id for customer in store.load_living_customers(after, 2)]:
        pages.append(page)
        after = page[-1]
    assert pages == [[1, 3], [5, 6]]


def test_a_customer_that_is_deleted_later_no_longer_lives(store: CompanyStore) -> None:
    save_customers(store, REGISTERED)
    change_customer(store, 1, 2, REGISTERED | {"is_deleted": True})
    assert store.load_living_customers(0, 10) == []
    assert store.load_customers([1]) == [
        Customer(1, 2, encode_fields(REGISTERED | {"is_deleted": True}))
    ]


def test_history_comes_in_order_of_version(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 2, 3, {"email": BOB, "city": "Epwell"})
    change_customer(store, 1, 4, {"email": ADA, "city": "Oslo"})
    assert store.load_changes([2, 1, 2, 99]) == [
        make_change(1, 1, {"email": ADA}),
        make_change(2, 2, {"email": BOB}),
        make_change(3, 2, {"email": BOB, "city": "Epwell"}, {"email": BOB}),
        make_change(4, 1, {"email": ADA, "city": "Oslo"}, {"email": ADA}),
    ]
    assert [change.version for change in store.load_changes([2])] == [2, 3]
    assert store.load_changes([]) == []


def test_the_past_of_a_customer_tells_when_and_by_what(store: CompanyStore) -> None:
    save_customers(store, {"email": ADA}, {"email": BOB})
    change_customer(store, 1, 3, {"city": "Oulu"})
    assert store.history.load(99) == []
    made, changed = store.history.load(1)
    newest, older = store.load_imports(None, 2)
    assert (made.version, made.at, made.before) == (1, LATER, None)
    assert decode_fields(made.after) == {"email": ADA}
    assert (made.import_id, made.actor) == (older.id, older.actor)
    assert (changed.version, changed.import_id, changed.actor) == (3, newest.id, newest.actor)
    assert (made.record, changed.record, changed.proofs) == (1001, 1003, None)
    assert decode_fields(changed.after) == {"city": "Oulu"}
