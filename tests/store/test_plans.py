"""Plans and holds are kept as they were given, on both engines."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.domain.imports.hold import HoldReason
from regulars.domain.imports.report import Report
from regulars.store.contract.plans import Plan
from tests.store.make import LATER, NOON, save_customers, start_run

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore

REASONS = [HoldReason("permission_taken", 1001, 2000, "can_sms"), HoldReason("customers_gone", 9)]


def test_a_plan_is_found_as_it_was_saved(store: CompanyStore) -> None:
    plan = Plan(7, 12, 5, LATER, REASONS)
    with store.lock():
        store.plans.save_plan(plan)
        assert store.plans.find_plan(7) == plan
        plan.began_after_id = 9
        plan.hold_reasons = []
        store.plans.save_plan(plan)
    assert store.plans.find_plan(7) == plan
    assert store.plans.find_plan(8) is None


def test_parts_are_found_by_the_records_that_they_hold(store: CompanyStore) -> None:
    with store.lock():
        store.plans.add_part(7, 1, 10, b"\x00one")
        store.plans.add_part(7, 11, 20, b"two")
        store.plans.add_part(7, 21, 21, b"three")
        store.plans.add_part(8, 1, 100, b"other")
    assert store.plans.load_parts(7, 1, 10) == [b"\x00one"]
    assert store.plans.load_parts(7, 10, 11) == [b"\x00one", b"two"]
    assert store.plans.load_parts(7, 12, 30) == [b"two", b"three"]
    assert store.plans.load_parts(7, 22, 30) == []


def test_samples_are_replaced_and_go_all_at_once(store: CompanyStore) -> None:
    with store.lock():
        store.plans.save_samples(7, [b'{"a":"\xc3\xa5"}', b"2"])
        store.plans.save_samples(7, [b"1", b'{"a":"\xc3\xa5"}'])
        store.plans.save_samples(8, [b"3"])
        assert store.plans.load_samples(7) == [b"1", b'{"a":"\xc3\xa5"}']
        store.plans.delete_samples()
    assert store.plans.load_samples(7) == store.plans.load_samples(8) == []


def test_a_deleted_plan_keeps_only_what_it_says_of_itself(store: CompanyStore) -> None:
    plan = Plan(7, 12, 5, LATER, [])
    with store.lock():
        store.plans.save_plan(plan)
        for number in (7, 8):
            store.plans.add_part(number, 1, 10, b"one")
            store.plans.save_samples(number, [b"1"])
        store.plans.delete_plan(7)
    assert store.plans.load_parts(7, 1, 10) == store.plans.load_samples(7) == []
    assert store.plans.load_parts(8, 1, 10) == [b"one"]
    assert store.plans.load_samples(8) == [b"1"]
    assert store.plans.find_plan(7) == plan


def test_planned_and_held_imports_are_found_until_they_begin_again(store: CompanyStore) -> None:
    runs = [start_run(store) for _ in range(3)]
    with store.lock():
        for run, status in zip(runs, ("planned", "done", "held"), strict=True):
            run.status = status  # type: ignore[assignment]
            run.report = Report(records=3)
            run.ended_at = NOON
            store.save_import(run)
        assert [run.id for run in store.plans.load_kept()] == [runs[0].id, runs[2].id]
        again = msgspec.structs.replace(
            runs[0],
            status="running",
            report=Report(),
            ended_at=None,
            started_at=LATER + timedelta(days=1),
            began_at_version=12,
        )
        store.plans.begin_again(again)
        assert store.find_import(runs[0].id) == again
    assert [run.id for run in store.plans.load_kept()] == [runs[2].id]


def test_living_customers_with_a_permission_are_counted(store: CompanyStore) -> None:
    save_customers(
        store,
        {"external_id": "1", "can_sms": True},
        {"external_id": "2", "can_sms": True, "ACME__x": {"can_email": True}},
        {"external_id": "3", "can_sms": False},
        {"external_id": "4", "can_sms": True, "is_deleted": True},
        {"external_id": "5", "first_name": '"can_sms":true'},
    )
    assert store.plans.count_permitted("can_sms") == 2
    assert store.plans.count_permitted("can_email") == 0


def test_nobody_writes_plans_without_the_lock(store: CompanyStore) -> None:
    with pytest.raises(RuntimeError):
        store.plans.save_plan(Plan(7, 12, 5, LATER, []))
    with pytest.raises(RuntimeError):
        store.plans.save_samples(7, [])
    with pytest.raises(RuntimeError):
        store.plans.delete_plan(7)


def test_what_is_undone_leaves_no_plan(store: CompanyStore) -> None:
    with store.lock(), suppress(ZeroDivisionError), store.group_batches():
        store.plans.save_plan(Plan(7, 12, 5, LATER, []))
        store.plans.add_part(7, 1, 2, b"one")
        assert store.plans.find_plan(7)
        raise ZeroDivisionError
    assert store.plans.find_plan(7) is None
    assert store.plans.load_parts(7, 1, 2) == []
