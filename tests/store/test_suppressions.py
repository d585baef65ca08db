"""The suppression list: in force once at a time, lifted with a reason, never rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regulars.store.contract import Suppression
from tests.store.make import LATER, NOON, make_batch, make_entry, save, start_run

if TYPE_CHECKING:
    from regulars.store.contract import AddressKind, CompanyStore, ImportRun

LIFT = make_entry("suppression:lift")


def suppress(store: CompanyStore, *suppressed: tuple[AddressKind, str]) -> ImportRun:
    run = start_run(store)
    batch = make_batch(run)
    batch.suppressed += suppressed
    save(store, batch)
    return run


def lift(store: CompanyStore, suppression_id: int, reason: str = "she came back") -> bool:
    with store.lock():
        return store.lift_suppression(suppression_id, LIFT, reason)


def test_nothing_is_suppressed_at_first(store: CompanyStore) -> None:
    assert not store.has_suppressions()
    assert store.find_suppressed(["a"]) == set()
    assert store.load_suppressions() == []


def test_suppressed_hashes_are_found(store: CompanyStore) -> None:
    suppress(store, ("email", "a"), ("phone_number", "b"))
    assert store.has_suppressions()
    assert store.find_suppressed(["b", "c", "a", "A"]) == {"a", "b"}
    assert store.find_suppressed([]) == set()


def test_the_list_says_what_was_suppressed_when_and_by_which_import(store: CompanyStore) -> None:
    first = suppress(store, ("email", "a"))
    second = suppress(store, ("phone_number", "b"))
    listed = store.load_suppressions()
    assert listed == [
        Suppression(listed[0].id, "email", LATER, first.number, None, None, None),
        Suppression(listed[1].id, "phone_number", LATER, second.number, None, None, None),
    ]
    assert listed[0].id < listed[1].id


def test_what_is_suppressed_already_stays_as_it_is(store: CompanyStore) -> None:
    suppress(store, ("email", "a"))
    listed = store.load_suppressions()
    suppress(store, ("email", "a"))
    assert store.load_suppressions() == listed


def test_a_lifted_suppression_is_no_longer_in_force_and_stays_listed(store: CompanyStore) -> None:
    run = suppress(store, ("email", "a"))
    (suppression,) = store.load_suppressions()
    assert lift(store, suppression.id)
    assert not store.has_suppressions()
    assert store.find_suppressed(["a"]) == set()
    assert store.load_suppressions() == [
        Suppression(suppression.id, "email", LATER, run.number, NOON, LIFT.actor, "she came back")
    ]


def test_lifting_is_audited_and_lifting_nothing_is_not(store: CompanyStore) -> None:
    suppress(store, ("email", "a"))
    (suppression,) = store.load_suppressions()
    assert not lift(store, suppression.id + 1)
    assert store.audit_log.load() == []
    assert lift(store, suppression.id)
    assert not lift(store, suppression.id, "again")
    assert store.audit_log.load() == [LIFT]
    assert store.load_suppressions()[0].lift_reason == "she came back"


def test_what_was_lifted_can_be_suppressed_again(store: CompanyStore) -> None:
    suppress(store, ("email", "a"))
    lift(store, store.load_suppressions()[0].id)
    suppress(store, ("email", "a"))
    assert store.find_suppressed(["a"]) == {"a"}
    assert [entry.lifted_at for entry in store.load_suppressions()] == [NOON, None]
    assert lift(store, store.load_suppressions()[1].id)
    assert store.find_suppressed(["a"]) == set()
