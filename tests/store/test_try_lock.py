"""Whoever does not want to wait for a company's lock is told at once that it is taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.store.make import ACME, make_run
from tests.store.other_process import is_done, other_process

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore, InstallationStore
    from tests.store.places import Place


def is_free(store: CompanyStore) -> bool:
    with ThreadPoolExecutor() as threads:
        return threads.submit(_try, store).result(20)


def _try(store: CompanyStore) -> bool:
    with store.try_lock() as is_ours:
        return is_ours


def test_a_lock_that_nobody_holds_is_ours_to_write(store: CompanyStore) -> None:
    with store.try_lock() as is_ours:
        assert is_ours
        store.start_import(make_run())
        assert not is_free(store)
    assert is_free(store)


def test_another_thread_holds_it(store: CompanyStore) -> None:
    with store.lock():
        assert not is_free(store)
    assert is_free(store)


def test_another_store_of_the_company_holds_it(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    other = other_installation.open_company(ACME.short_name)
    with other.lock():
        assert not _try(store)
        with store.try_lock(), pytest.raises(RuntimeError):
            store.start_import(make_run())
    assert _try(store)


def test_another_process_holds_it_until_it_is_killed(place: Place, store: CompanyStore) -> None:
    with other_process(place, "hold the lock") as process:
        assert is_done(process)
        assert not _try(store)
        process.kill()
        process.wait()
        with store.lock():
            pass
    assert _try(store)


def test_the_lock_is_let_go_after_an_error(store: CompanyStore) -> None:
    with pytest.raises(ZeroDivisionError), store.try_lock():
        raise ZeroDivisionError
    assert _try(store)
