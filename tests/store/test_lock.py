"""One thread of one process at a time writes a company's register."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.store.make import (
    ACME,
    BOLT,
    NOON,
    keep_body,
    make_batch,
    make_entry,
    make_run,
    save_customers,
    start_run,
)
from tests.store.other_process import COUNTS, count_up, is_done, other_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from regulars.store.contract import CompanyStore, InstallationStore
    from tests.store.places import Place

A_MOMENT_SECONDS = 0.3
PATIENCE_SECONDS = 20


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as executor:
        yield executor


def take_and_let_go(store: CompanyStore) -> None:
    with store.lock():
        pass


def assert_waits(future: Future[None]) -> None:
    with pytest.raises(StillWaitingError):
        future.result(A_MOMENT_SECONDS)


def test_the_lock_keeps_other_threads_waiting(
    store: CompanyStore, threads: ThreadPoolExecutor
) -> None:
    with store.lock():
        waiting = threads.submit(take_and_let_go, store)
        assert_waits(waiting)
    waiting.result(PATIENCE_SECONDS)


def test_the_lock_keeps_other_stores_of_the_company_waiting(
    store: CompanyStore, other_installation: InstallationStore, threads: ThreadPoolExecutor
) -> None:
    other = other_installation.open_company(ACME.short_name)
    with store.lock():
        waiting = threads.submit(take_and_let_go, other)
        assert_waits(waiting)
    waiting.result(PATIENCE_SECONDS)


def test_the_lock_is_let_go_after_an_error(store: CompanyStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock():
        raise ZeroDivisionError
    take_and_let_go(store)


def test_the_lock_of_one_company_leaves_others_alone(
    store: CompanyStore, installation: InstallationStore, threads: ThreadPoolExecutor
) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    bolt = installation.open_company(BOLT.short_name)
    with store.lock():
        threads.submit(save_customers, bolt, {"external_id": "1"}).result(PATIENCE_SECONDS)


def test_the_lock_cannot_be_taken_twice_by_one_thread(store: CompanyStore) -> None:
    with store.lock(), pytest.raises(RuntimeError, match="already"), store.lock():
        pass
    take_and_let_go(store)


def test_reading_never_waits_for_the_lock(store: CompanyStore, threads: ThreadPoolExecutor) -> None:
    save_customers(store, {"external_id": "1"})
    with store.lock():
        assert threads.submit(store.load_customers, [1]).result(PATIENCE_SECONDS)
        threads.submit(store.audit_log.add, make_entry()).result(PATIENCE_SECONDS)
        threads.submit(keep_body, store, "body1", [b"{}"]).result(PATIENCE_SECONDS)


def test_what_needs_no_lock_comes_between_the_transactions_of_an_import(
    store: CompanyStore, other_installation: InstallationStore, threads: ThreadPoolExecutor
) -> None:
    other = other_installation.open_company(ACME.short_name)
    groups = 0
    is_over = Event()

    def import_without_a_pause() -> None:
        nonlocal groups
        batch = make_batch(start_run(store))
        with store.lock():
            while not is_over.is_set():
                groups += 1
                with store.group_batches():
                    store.save_batch(batch)
                    # Far longer than this thread may have to wait for a processor.
                    is_over.wait(A_MOMENT_SECONDS)

    importing = threads.submit(import_without_a_pause)
    waited: list[int] = []
    try:
        while len(waited) < 5:
            groups_before = groups
            other.audit_log.add(make_entry())
            waited.append(groups - groups_before)
            is_over.wait(A_MOMENT_SECONDS / 10)
    finally:
        is_over.set()
    importing.result(PATIENCE_SECONDS)
    # The transaction that is open, and one that was to begin at the same moment.
    assert max(waited) <= 2


def test_nothing_is_written_without_the_lock(store: CompanyStore) -> None:
    for write in (
        lambda: store.save_batch(make_batch(make_run())),
        lambda: store.start_import(make_run()),
        lambda: store.save_import(make_run()),
        lambda: store.lift_suppression(1, make_entry(), "reason"),
    ):
        with pytest.raises(RuntimeError, match="lock"):
            write()
    assert store.load_imports(None, 10) == []


def test_many_threads_that_want_the_lock_each_get_it(
    store: CompanyStore, threads: ThreadPoolExecutor
) -> None:
    everybody_here = Event()

    def write() -> None:
        everybody_here.wait()
        with store.lock():
            store.start_import(make_run())

    writing = [threads.submit(write) for _ in range(30)]
    everybody_here.set()
    for future in writing:
        future.result(PATIENCE_SECONDS)
    assert len(store.load_imports(None, 100)) == 30


def test_the_lock_keeps_another_process_waiting(
    place: Place, store: CompanyStore, threads: ThreadPoolExecutor
) -> None:
    with store.lock(), other_process(place, "hold the lock") as process:
        waiting = threads.submit(is_done, process)
        with pytest.raises(StillWaitingError):
            waiting.result(2)
    # It was killed while it waited, and leaves nothing behind.
    take_and_let_go(store)


def test_the_lock_is_free_after_its_holder_was_killed(
    place: Place, store: CompanyStore, threads: ThreadPoolExecutor
) -> None:
    with other_process(place, "hold the lock") as process:
        assert is_done(process)
        waiting = threads.submit(take_and_let_go, store)
        assert_waits(waiting)
        process.kill()
        waiting.result(PATIENCE_SECONDS)


def test_processes_and_threads_that_write_at_once_lose_nothing(
    place: Place, store: CompanyStore, threads: ThreadPoolExecutor
) -> None:
    with other_process(place, "count up") as one, other_process(place, "count up") as other:
        own = threads.submit(count_up, store)
        assert is_done(one)
        assert is_done(other)
        own.result(PATIENCE_SECONDS)
    assert store.read_position().last_version == 3 * COUNTS
