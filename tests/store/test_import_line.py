"""Accepted imports of a company stand in line in the order of acceptance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.errors import ConflictError
from regulars.store.contract.line import QUEUED_BYTES
from tests.store.make import BOLT, NOON, make_entry, make_queued

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore


def test_the_line_is_empty_at_first(installation: InstallationStore) -> None:
    assert installation.line.next_import("acme") is None
    assert installation.line.load_queued_imports("acme") == []
    assert installation.line.find_queued_import("acme", "a") is None


@pytest.mark.parametrize("is_spooled", [True, False])
def test_an_accepted_import_comes_back_with_its_sequence(
    installation: InstallationStore, is_spooled: bool
) -> None:
    given = msgspec.structs.replace(make_queued("a"), is_spooled=is_spooled)
    queued = installation.line.enqueue_import(given)
    assert queued == msgspec.structs.replace(given, sequence=queued.sequence)
    assert queued.sequence > 0
    assert installation.line.next_import("acme") == queued
    assert installation.line.find_queued_import("acme", "a") == queued
    assert installation.line.load_queued_imports("acme") == [queued]


def test_the_oldest_import_is_next_until_it_has_ended(installation: InstallationStore) -> None:
    first, second, third = (
        installation.line.enqueue_import(make_queued(import_id)) for import_id in ("z", "m", "a")
    )
    assert first.sequence < second.sequence < third.sequence
    assert installation.line.next_import("acme") == first
    assert installation.line.next_import("acme") == first
    installation.line.dequeue_import("m")
    assert installation.line.load_queued_imports("acme") == [first, third]
    installation.line.dequeue_import("z")
    installation.line.dequeue_import("z")
    assert installation.line.next_import("acme") == third


def test_sequences_are_never_given_again(installation: InstallationStore) -> None:
    first = installation.line.enqueue_import(make_queued("a"))
    installation.line.dequeue_import("a")
    assert installation.line.enqueue_import(make_queued("b")).sequence > first.sequence


def test_lines_of_companies_are_apart(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    installation.line.enqueue_import(make_queued("a"))
    other = installation.line.enqueue_import(make_queued("b", company="bolt"))
    assert installation.line.next_import("bolt") == other
    assert installation.line.load_queued_imports("bolt") == [other]
    assert installation.line.find_queued_import("bolt", "a") is None


def test_an_import_stands_in_line_once(installation: InstallationStore) -> None:
    installation.line.enqueue_import(make_queued("a"))
    with pytest.raises(ConflictError, match="waits in the line already"):
        installation.line.enqueue_import(make_queued("a"))
    assert len(installation.line.load_queued_imports("acme")) == 1


def test_whoever_leaves_the_line_knows_whether_it_was_cancelled(
    installation: InstallationStore,
) -> None:
    for import_id in ("a", "b"):
        installation.line.enqueue_import(make_queued(import_id))
    assert installation.line.cancel_queued_import("acme", "a", make_entry())
    assert not installation.line.cancel_queued_import("acme", "a", make_entry())
    assert not installation.line.dequeue_import("a", unless_cancelled=True)
    assert installation.line.find_queued_import("acme", "a") is not None
    assert installation.line.dequeue_import("a")
    assert not installation.line.dequeue_import("a")
    assert installation.line.dequeue_import("b", unless_cancelled=True)
    assert not installation.line.dequeue_import("b", unless_cancelled=True)


def test_uploads_in_line_are_given_newest_first_a_few_at_a_time(
    installation: InstallationStore,
) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    a, b, c = (
        installation.line.enqueue_import(
            msgspec.structs.replace(make_queued(import_id), step="start")
        )
        for import_id in "abc"
    )
    held = msgspec.structs.replace(make_queued("held"), step="release")
    installation.line.enqueue_import(held)
    installation.line.enqueue_import(make_queued("x", company="bolt"))
    assert installation.line.load_uploads_in_line("acme", None, 10) == [c, b, a]
    assert installation.line.load_uploads_in_line("acme", None, 2) == [c, b]
    assert installation.line.load_uploads_in_line("acme", b.sequence, 2) == [a]
    found = installation.line.load_queued_imports("acme", {"held", "a", "x", "gone"})
    assert [queued.id for queued in found] == ["a", "held"]
    assert installation.line.load_queued_imports("acme", set()) == []


def test_whoever_is_accepted_later_stands_behind(installation: InstallationStore) -> None:
    """What a look at the line has shown is never overtaken by what was not there yet."""

    def accept(thread: int) -> None:
        for number in range(15):
            installation.line.enqueue_import(make_queued(f"{thread}x{number}"))

    with ThreadPoolExecutor() as threads:
        accepting = [threads.submit(accept, thread) for thread in range(4)]
        seen: list[int] = []
        while len(seen) < 60:
            line = [queued.sequence for queued in installation.line.load_queued_imports("acme")]
            assert line[: len(seen)] == seen
            seen = line
        for future in accepting:
            future.result()


def test_companies_with_imports_in_line_are_found(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    assert installation.line.load_waiting_companies() == []
    for import_id, company in (("a", "bolt"), ("b", "acme"), ("c", "bolt")):
        installation.line.enqueue_import(make_queued(import_id, company=company))
    assert installation.line.load_waiting_companies() == ["acme", "bolt"]
    installation.line.dequeue_import("b")
    assert installation.line.load_waiting_companies() == ["bolt"]


def test_what_stands_before_an_import_is_told(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    assert installation.line.find_waiting([]) == {}
    for import_id, company, size in (("a", "acme", 70), ("x", "bolt", 9), ("b", "acme", 0)):
        queued = make_queued(import_id, company=company)
        installation.line.enqueue_import(msgspec.structs.replace(queued, size_bytes=size))
    found = installation.line.find_waiting(["a", "b", "x", "gone"])
    assert found == {"a": 0, "b": 70 + QUEUED_BYTES, "x": 0}
    installation.line.dequeue_import("a")
    assert installation.line.find_waiting(["a", "b"]) == {"b": 0}
