"""What is asked of planned and held imports is answered while another import runs (SPEC section 4).

An import that runs elsewhere is here a lock that the test holds: nobody else may write the company.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pytest

from regulars.domain.access.scopes import DEFAULT_SCOPES
from tests.api.large_import import halted_halfway, register_of, send_in_background
from tests.audit import audit_log
from tests.busy import is_within

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.running_server import RunningServer, Shop

REPEATED = 101
"""So many records with one address are held."""
SOON_SECONDS = 2.5
PATIENCE_SECONDS = 8


@pytest.fixture
def shop(server: RunningServer) -> Shop:
    """A company of this test alone, with a token that may do everything with imports."""
    scopes = [*DEFAULT_SCOPES, "POST /api/imports/*/*/"]
    made = server.make_shop()
    _, secret = server.access.create_token(made.short_name, "", scopes, actor="test")
    return type(made)(server, made.short_name, secret)


def post(shop: Shop, report: dict[str, Any], what: str) -> httpx.Response:
    with shop.client(shop.token) as client:
        client.timeout = 60
        return client.post(f"/api/imports/{report['id']}/{what}/")


def read(shop: Shop, report: dict[str, Any]) -> dict[str, Any]:
    """An import, by its id and in the list: both say the same."""
    found: dict[str, Any] = shop.http.get(f"/api/imports/{report['id']}/").json()["import"]
    listed = [each for each in list_all(shop) if each["id"] == report["id"]]
    assert [each["status"] for each in listed] == [found["status"]]
    return found


def read_at_end(shop: Shop, report: dict[str, Any]) -> dict[str, Any]:
    shop.end_of(report["id"])
    return read(shop, report)


def list_all(shop: Shop, limit: int = 2) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    url: str | None = f"/api/imports/?limit={limit}"
    while url is not None:
        reply = shop.http.get(url).json()
        assert 0 < len(reply["imports"]) <= limit
        found += reply["imports"]
        url = reply.get("next_url")
    return found


def hold(shop: Shop) -> dict[str, Any]:
    records = [{"external_id": str(n), "email": "ada@example.org"} for n in range(REPEATED)]
    report = shop.wait(shop.post(records).json()["import"])
    assert report["status"] == "held"
    return report


def plan(shop: Shop) -> dict[str, Any]:
    reply = shop.http.post("/api/customers/upload/?dry_run=true", json=[{"external_id": "1"}])
    report = shop.wait(reply.json()["import"])
    assert report["status"] == "planned"
    return report


def test_a_held_import_is_released_while_another_one_runs(shop: Shop) -> None:
    held = hold(shop)
    with register_of(shop).store.lock():
        released = post(shop, held, "release")
        assert (released.status_code, released.json()["import"]["status"]) == (200, "queued")
        again = post(shop, held, "release")
        assert again.status_code == 409
        assert again.json()["error"]["reason"] == "the import waits in the line already"
        assert read(shop, held)["status"] == "queued"
    assert read_at_end(shop, held)["status"] == "done"
    assert len(shop.customers()) == REPEATED
    assert post(shop, held, "release").status_code == 409


@pytest.mark.parametrize("kind", [hold, plan])
def test_a_kept_import_is_cancelled_while_another_one_runs(shop: Shop, kind: Any) -> None:
    report = kind(shop)
    with register_of(shop).store.lock():
        began = time.monotonic()
        reply = post(shop, report, "cancel")
        assert is_within(time.monotonic() - began, SOON_SECONDS)
        assert (reply.status_code, reply.json()["import"]["status"]) == (200, "cancelled")
        assert read(shop, report)["status"] == "cancelled"
        with pytest.raises(FileNotFoundError):
            register_of(shop).store.open_spool(report["id"])
        for what in ("cancel", "release", "apply"):
            refused = post(shop, report, what)
            assert refused.status_code == 409
            assert "is cancelled" in refused.json()["error"]["reason"]
    assert shop.upload({"external_id": "after"})["status"] == "done"
    found = read(shop, report)
    assert (found["status"], found["ended_at"] is None) == ("cancelled", False)
    assert len(shop.customers()) == 1
    assert post(shop, report, "cancel").status_code == 409


def test_a_released_import_is_cancelled_while_it_waits(shop: Shop) -> None:
    held = hold(shop)
    with register_of(shop).store.lock():
        assert post(shop, held, "release").status_code == 200
        assert post(shop, held, "cancel").json()["import"]["status"] == "cancelled"
        assert post(shop, held, "cancel").status_code == 409
    assert shop.upload({"external_id": "after"})["status"] == "done"
    assert read(shop, held)["status"] == "cancelled"
    assert len(shop.customers()) == 1


def test_what_is_no_plan_is_a_conflict_while_an_import_runs(shop: Shop) -> None:
    done, held = shop.upload({"external_id": "1"}), hold(shop)
    with register_of(shop).store.lock():
        waiting = shop.post([{"external_id": "2"}]).json()["import"]
        assert waiting["status"] == "queued"
        for report in (done, held, waiting):
            assert post(shop, report, "apply").status_code == 409
        for report in (done, waiting):
            assert post(shop, report, "release").status_code == 409


def test_plans_of_a_busy_company_keep_no_other_company_waiting(
    server: RunningServer, shop: Shop
) -> None:
    other = server.make_shop()
    busy, free = [plan(shop) for _ in range(12)], plan(other)
    with register_of(shop).store.lock(), ThreadPoolExecutor(12) as threads:
        waiting = [threads.submit(post, shop, report, "apply") for report in busy]
        time.sleep(0.5)
        began = time.monotonic()
        post(other, free, "apply")
        assert is_within(time.monotonic() - began, SOON_SECONDS)
        assert other.end_of(free["id"])["status"] == "done"
        for refused in waiting:
            assert refused.result().status_code == 503
            assert "is running" in refused.result().json()["error"]["reason"]
    assert read(shop, busy[0])["status"] == "planned"


def test_of_all_who_ask_at_once_one_decides(shop: Shop) -> None:
    for _ in range(2):
        held = hold(shop)
        asked = ["release", "cancel"] * 4
        with ThreadPoolExecutor(len(asked)) as threads:
            replies = list(threads.map(post, repeat(shop), repeat(held), asked))
        assert {reply.status_code for reply in replies} <= {200, 409}
        ok = [what for what, reply in zip(asked, replies, strict=True) if reply.status_code == 200]
        # Cancels may both come while it runs, and stops.
        assert ok
        assert ok.count("release") <= 1
        report = read_at_end(shop, held)
        assert report["status"] == ("cancelled" if "cancel" in ok else "done")
        if report["status"] == "cancelled":
            assert report["records"] in (0, REPEATED)


def test_every_import_is_listed_once_and_no_page_is_too_long(shop: Shop) -> None:
    held, planned, dropped = hold(shop), plan(shop), plan(shop)
    done = shop.upload({"external_id": "done"})
    with register_of(shop).store.lock():
        waiting = [shop.post([{"external_id": str(n)}]).json()["import"] for n in range(3)]
        post(shop, held, "release")
        post(shop, dropped, "cancel")
        newest_first = [each["id"] for each in (*waiting[::-1], done, dropped, planned, held)]
        for limit in (1, 2, 3, 7, 50):
            listed = list_all(shop, limit)
            assert [each["id"] for each in listed] == newest_first
            statuses = [each["status"] for each in listed]
            assert statuses == ["queued"] * 3 + ["done", "cancelled", "planned", "queued"]
    assert read_at_end(shop, held)["status"] == "done"


def test_a_cancel_is_answered_while_the_worker_does_nothing(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    sender = send_in_background(shop)
    with halted_halfway(shop):
        (running,) = list_all(shop)
        began = time.monotonic()
        reply = post(shop, running, "cancel")
        assert is_within(time.monotonic() - began, PATIENCE_SECONDS)
        assert (reply.status_code, reply.json()["import"]["status"]) == (200, "running")
        waiting = shop.post([{"external_id": "waits"}]).json()["import"]
        assert post(shop, waiting, "cancel").json()["import"]["status"] == "cancelled"
    sender.join()
    assert shop.wait(running)["status"] == "cancelled"
    assert shop.wait(waiting)["status"] == "cancelled"
    assert set(cancels_of(shop)) == {
        (f"import {running['id']}", "it was running"),
        (f"import {waiting['id']}", "it was queued"),
    }


def cancels_of(shop: Shop) -> list[tuple[str, str]]:
    log = audit_log(shop.server.installation, shop.short_name)
    return [(entry.subject, entry.details) for entry in log if entry.action == "import:cancel"]
