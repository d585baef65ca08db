"""What is done to the installation's data and the entry that tells of it are one, and the entry
comes to the company's audit log once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.domain.access.credentials import Integration, Token, User
from regulars.errors import ConflictError, NameTakenError
from tests.store.make import ACME, ADA, BOB, BOLT, LATER, NOON, make_entry, make_queued

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.store.contract import InstallationStore
    from regulars.store.contract.due_audit import DueEntry

    Act = Callable[[InstallationStore], object]

ADMIN = User(ADA, "acme", "admin", "hash", NOON)
TOKEN = Token("t1", "acme", "till", b"secret", (), "user:ada", "user:ada", NOON, None)
ENTRY = make_entry("company:create")
"""Of the company that is there at first."""
OWN = make_entry("own:act")

ACTS: dict[str, Act] = {
    "company": lambda store: store.save_company(ACME, OWN),
    "user": lambda store: store.save_user(ADMIN, OWN),
    "user beside admin": lambda store: store.save_user_beside_admin(
        msgspec.structs.replace(ADMIN, email=BOB), OWN
    ),
    "new user": lambda store: store.create_user(
        msgspec.structs.replace(ADMIN, email="eve@example.org"), OWN
    ),
    "integration": lambda store: store.create_integration(
        Integration("i1", "acme", "Till", "", "user:ada", NOON), OWN
    ),
    "new token": lambda store: store.create_token(
        msgspec.structs.replace(TOKEN, id="t2", secret_hash=b"other"), OWN
    ),
    "token": lambda store: store.revoke_token("acme", "t1", LATER, OWN),
    "place": lambda store: store.line.enqueue_import(make_queued("b"), OWN),
    "cancel": lambda store: store.line.cancel_queued_import("acme", "a", OWN),
}
REFUSED: dict[str, Act] = {
    "unknown company": lambda store: store.save_company(BOLT, OWN),
    "unknown user": lambda store: store.save_user(
        msgspec.structs.replace(ADMIN, email="eve@example.org"), OWN
    ),
    "last admin": lambda store: store.save_user_beside_admin(ADMIN, OWN),
    "unknown token": lambda store: store.revoke_token("acme", "t3", LATER, OWN),
    "impossible token": lambda store: store.revoke_token("acme", "\0", LATER, OWN),
    "token of another": lambda store: store.revoke_token("bolt", "t1", LATER, OWN),
    "unknown import": lambda store: store.line.cancel_queued_import("acme", "c", OWN),
    "impossible import": lambda store: store.line.cancel_queued_import("acme", "\0", OWN),
}
TAKEN: dict[str, Act] = {
    "company": lambda store: store.create_company(ACME, NOON, OWN),
    "address": lambda store: store.create_user(ADMIN, OWN),
    "place": lambda store: store.line.enqueue_import(make_queued("a"), OWN),
}


@pytest.fixture
def filled(installation: InstallationStore) -> InstallationStore:
    """With things to act on, and nothing due."""
    for email, role in ((ADA, "admin"), (BOB, "viewer")):
        installation.create_user(msgspec.structs.replace(ADMIN, email=email, role=role), ENTRY)
    installation.create_token(TOKEN, ENTRY)
    installation.line.enqueue_import(make_queued("a"))
    installation.due_audit.delete([each.id for each in installation.due_audit.load("acme")])
    return installation


def carry_over(installation: InstallationStore, due: list[DueEntry]) -> None:
    installation.open_company("acme").audit_log.carry_over(due)


def test_a_new_company_has_an_entry_due(installation: InstallationStore) -> None:
    installation.create_company(BOLT, NOON, OWN)
    assert installation.due_audit.load_companies() == ["acme", "bolt"]
    (due,) = installation.due_audit.load("bolt")
    assert due.entry == OWN
    assert installation.open_company("bolt").audit_log.load() == []


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_has_its_entry_due(filled: InstallationStore, act: str) -> None:
    assert ACTS[act](filled) is not False
    (due,) = filled.due_audit.load("acme")
    assert due.entry == OWN
    assert filled.due_audit.load_companies() == ["acme"]


@pytest.mark.parametrize("act", REFUSED)
def test_what_is_not_done_has_none(filled: InstallationStore, act: str) -> None:
    assert not REFUSED[act](filled)
    assert filled.due_audit.load_companies() == []


@pytest.mark.parametrize("act", TAKEN)
def test_what_cannot_be_made_twice_has_none(filled: InstallationStore, act: str) -> None:
    with pytest.raises((NameTakenError, ConflictError)):
        TAKEN[act](filled)
    assert filled.due_audit.load_companies() == []


def test_an_import_that_is_only_accepted_has_none(filled: InstallationStore) -> None:
    filled.line.enqueue_import(make_queued("b"))
    assert filled.due_audit.load("acme") == []


def test_equal_entries_are_carried_over_each_once(filled: InstallationStore) -> None:
    for number in range(3):
        filled.line.enqueue_import(make_queued(f"b{number}"), OWN)
    due = filled.due_audit.load("acme")
    carry_over(filled, due[:2])
    carry_over(filled, due)
    assert filled.open_company("acme").audit_log.load() == [OWN] * 3
    filled.due_audit.delete([each.id for each in due[:2]])
    assert filled.due_audit.load("acme") == due[2:]


def test_entries_are_due_in_the_order_in_which_things_were_done(
    filled: InstallationStore,
) -> None:
    entries = [make_entry(f"own:act{number}") for number in range(20)]
    for number, entry in enumerate(entries):
        filled.line.enqueue_import(make_queued(f"b{number}"), entry)
    due = filled.due_audit.load("acme")
    assert [each.entry for each in due] == entries
    carry_over(filled, due)
    assert filled.open_company("acme").audit_log.load() == entries


def test_two_may_carry_over_at_the_same_time(
    filled: InstallationStore, other_installation: InstallationStore
) -> None:
    for number in range(50):
        filled.line.enqueue_import(make_queued(f"b{number}"), make_entry(f"own:act{number}"))
    due = filled.due_audit.load("acme")
    with ThreadPoolExecutor() as threads:
        both = [filled, other_installation] * 4
        for done in [threads.submit(carry_over, store, due) for store in both]:
            done.result()
    assert filled.open_company("acme").audit_log.load() == [each.entry for each in due]


def test_an_id_is_not_given_again_when_its_entry_has_gone(filled: InstallationStore) -> None:
    seen = set()
    for number in range(5):
        filled.line.enqueue_import(make_queued(f"b{number}"), OWN)
        (due,) = filled.due_audit.load("acme")
        seen.add(due.id)
        filled.due_audit.delete([due.id])
    assert len(seen) == 5
