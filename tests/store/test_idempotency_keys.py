"""A key is used once, in one with the import that it stands for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from regulars.store.contract import IdempotencyKey, QueuedImport
from tests.store.make import NOON, make_entry, make_queued

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

LONG_AGO = NOON - timedelta(days=7)


def make_key(import_id: str | None, fingerprint: bytes = b"one") -> IdempotencyKey:
    return IdempotencyKey("acme", "key", fingerprint, import_id, NOON)


def test_a_key_is_used_with_its_import(installation: InstallationStore) -> None:
    accepted = installation.line.enqueue_import_once(make_queued("a"), make_key("a"), LONG_AGO)
    assert isinstance(accepted, QueuedImport)
    used = installation.line.enqueue_import_once(make_queued("b"), make_key("b", b"two"), LONG_AGO)
    assert used == make_key("a")
    assert [queued.id for queued in installation.line.load_queued_imports("acme")] == ["a"]


def test_a_key_can_be_used_for_no_import(installation: InstallationStore) -> None:
    assert installation.line.use_idempotency_key(make_key(None), LONG_AGO) is None
    assert installation.line.use_idempotency_key(make_key(None, b"two"), LONG_AGO) == make_key(None)
    used = installation.line.enqueue_import_once(make_queued("a"), make_key("a"), LONG_AGO)
    assert used == make_key(None)
    assert installation.line.load_queued_imports("acme") == []


def test_of_many_at_once_one_uses_the_key(installation: InstallationStore) -> None:
    def accept(number: int) -> QueuedImport | IdempotencyKey:
        import_id = f"i{number}"
        return installation.line.enqueue_import_once(
            make_queued(import_id), make_key(import_id), LONG_AGO
        )

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(accept, range(8)))
    (accepted,) = installation.line.load_queued_imports("acme")
    assert sum(isinstance(each, QueuedImport) for each in found) == 1
    others = [each for each in found if isinstance(each, IdempotencyKey)]
    assert others == [make_key(accepted.id)] * 7


def test_a_key_used_too_long_ago_is_used_anew(installation: InstallationStore) -> None:
    installation.line.use_idempotency_key(make_key(None), LONG_AGO)
    later = msgspec.structs.replace(make_key("a"), created_at=NOON + timedelta(days=8))
    expired_before = NOON + timedelta(seconds=1)
    accepted = installation.line.enqueue_import_once(make_queued("a"), later, expired_before)
    assert isinstance(accepted, QueuedImport)
    assert installation.line.use_idempotency_key(make_key(None), expired_before) == later


def test_old_keys_are_let_go_of(installation: InstallationStore) -> None:
    installation.line.use_idempotency_key(make_key(None), LONG_AGO)
    assert installation.line.delete_idempotency_keys(NOON) == 0
    assert installation.line.delete_idempotency_keys(NOON + timedelta(seconds=1)) == 1
    assert installation.line.use_idempotency_key(make_key(None), LONG_AGO) is None


def test_a_small_body_is_given_to_whoever_runs_it_and_goes_when_cancelled(
    installation: InstallationStore,
) -> None:
    given = msgspec.structs.replace(make_queued("a"), body=b"\0\xff[]")
    installation.line.enqueue_import(given)
    following = installation.line.next_import("acme")
    assert following is not None
    assert following.body == b"\0\xff[]"
    (listed,) = installation.line.load_queued_imports("acme")
    assert listed.body is None
    assert not installation.line.cancel_queued_import("bolt", "a", make_entry())
    assert installation.line.cancel_queued_import("acme", "a", make_entry())
    following = installation.line.next_import("acme")
    assert following is not None
    assert (following.body, following.is_cancelled) == (None, True)
    installation.line.dequeue_import("a")
    assert not installation.line.cancel_queued_import("acme", "a", make_entry())
