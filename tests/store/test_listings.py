"""The audit log and the suppression list, looked through some entries at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.make import make_batch, make_entry, save, start_run

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore

ACTIONS = ["user:create", "token:create", "user:create", "token:revoke", "user:create"]


@pytest.fixture
def logged(store: CompanyStore) -> CompanyStore:
    for action in ACTIONS:
        store.audit_log.add(make_entry(action))
    return store


def test_pages_of_the_audit_log_give_every_entry_once_newest_first(logged: CompanyStore) -> None:
    first = logged.listings.load_audit_page(None, 2)
    second = logged.listings.load_audit_page(first[-1].number, 2)
    third = logged.listings.load_audit_page(second[-1].number, 2)
    assert [each.entry.action for each in first + second + third] == ACTIONS[::-1]
    assert logged.listings.load_audit_page(third[-1].number, 2) == []
    assert [each.entry for each in first + second + third] == logged.audit_log.load()[::-1]


def test_the_audit_log_is_paged_by_kind_of_act(logged: CompanyStore) -> None:
    newest = logged.listings.load_audit_page(None, 2, "user:create")
    older = logged.listings.load_audit_page(newest[-1].number, 2, "user:create")
    assert [len(newest), len(older)] == [2, 1]
    assert {each.entry.action for each in newest + older} == {"user:create"}


@pytest.mark.parametrize("action", ["", "\0", "\ud800", "user", "' OR 1=1 --", "%(id)s"])
def test_no_entry_is_of_a_kind_that_nothing_is(logged: CompanyStore, action: str) -> None:
    assert logged.listings.load_audit_page(None, 10, action) == []


def test_the_kinds_of_acts_come_once_each_in_order(logged: CompanyStore) -> None:
    assert logged.listings.load_audit_actions() == ["token:create", "token:revoke", "user:create"]


def test_an_empty_log_has_no_pages_and_no_kinds(store: CompanyStore) -> None:
    assert store.listings.load_audit_page(None, 10) == []
    assert store.listings.load_audit_actions() == []
    assert store.listings.load_suppressions(None, 10) == []


def test_the_suppression_list_is_paged_with_the_imports_it_is_from(store: CompanyStore) -> None:
    run = start_run(store)
    batch = make_batch(run)
    batch.suppressed += [("email", "a"), ("phone_number", "b"), ("email", "c")]
    save(store, batch)
    newest = store.listings.load_suppressions(None, 2)
    older = store.listings.load_suppressions(newest[-1].suppression.id, 2)
    assert [each.suppression for each in newest + older] == store.load_suppressions()[::-1]
    assert {each.import_id for each in newest + older} == {run.id}


@pytest.mark.parametrize("before", [2**63, 2**70])
def test_a_number_beyond_all_numbers_is_the_first_page(logged: CompanyStore, before: int) -> None:
    assert len(logged.listings.load_audit_page(before, 10)) == len(ACTIONS)
