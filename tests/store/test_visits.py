"""Who is signed in with a browser, and views of pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.store.contract.visits import View, Visit
from tests.store.make import ADA, BOB, LATER, NOON

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

VISIT = Visit(bytes(range(32)), ADA, NOON, NOON)
VIEW = View("v1", "acme", b'{"search": "\xc3\x85sa"}', NOON)


def test_a_visit_is_found_until_its_user_signs_out(
    installation: InstallationStore, other_installation: InstallationStore
) -> None:
    installation.visits.save_visit(VISIT)
    assert other_installation.visits.find_visit(VISIT.secret_hash) == VISIT
    seen = msgspec.structs.replace(VISIT, seen_at=LATER)
    other_installation.visits.save_visit(seen)
    assert installation.visits.find_visit(VISIT.secret_hash) == seen
    installation.visits.delete_visit(VISIT.secret_hash)
    installation.visits.delete_visit(VISIT.secret_hash)
    assert installation.visits.find_visit(VISIT.secret_hash) is None


def test_a_user_is_signed_out_everywhere_and_nobody_else(installation: InstallationStore) -> None:
    others = Visit(b"other", BOB, NOON, NOON)
    for visit in (VISIT, msgspec.structs.replace(VISIT, secret_hash=b"second"), others):
        installation.visits.save_visit(visit)
    installation.visits.delete_visits_of(ADA)
    assert installation.visits.find_visit(VISIT.secret_hash) is None
    assert installation.visits.find_visit(b"second") is None
    assert installation.visits.find_visit(b"other") == others


def test_a_view_is_found_by_its_company_alone(installation: InstallationStore) -> None:
    installation.visits.save_view(VIEW)
    assert installation.visits.find_view("acme", "v1") == VIEW
    assert installation.visits.find_view("bolt", "v1") is None


def test_views_of_a_company_are_listed_and_let_go_of(installation: InstallationStore) -> None:
    visits = installation.visits
    second = msgspec.structs.replace(VIEW, id="v2")
    for view in (VIEW, second):
        visits.save_view(view)
    visits.delete_view("bolt", "v1")
    assert sorted(visits.load_views("acme"), key=lambda view: view.id) == [VIEW, second]
    visits.delete_view("acme", "v1")
    visits.delete_view("acme", "v1")
    assert visits.load_views("acme") == [second]
    assert visits.load_views("bolt") == []


@pytest.mark.parametrize("view_id", ["", "\0", "\ud800", "' OR 1=1 --", "%(id)s"])
def test_an_impossible_view_is_not_found(installation: InstallationStore, view_id: str) -> None:
    installation.visits.save_view(VIEW)
    assert installation.visits.find_view("acme", view_id) is None


def test_what_nobody_has_seen_since_goes(installation: InstallationStore) -> None:
    visits = installation.visits
    late = LATER + timedelta(seconds=1)
    visits.save_visit(VISIT)
    visits.save_visit(Visit(b"late", ADA, NOON, late))
    visits.save_view(VIEW)
    visits.save_view(View("late", "acme", b"{}", late))
    visits.delete_unseen(LATER, LATER)
    assert visits.find_visit(VISIT.secret_hash) is None
    assert visits.find_visit(b"late") is not None
    assert visits.find_view("acme", "v1") is None
    assert visits.find_view("acme", "late") is not None


def test_when_users_last_came_is_known_while_they_are_signed_in(
    installation: InstallationStore,
) -> None:
    visits = installation.visits
    visits.save_visit(VISIT)
    visits.save_visit(Visit(b"second", ADA, NOON, LATER))
    assert visits.find_last_seen([ADA, BOB]) == {ADA: LATER}
    assert visits.find_last_seen([]) == {}
