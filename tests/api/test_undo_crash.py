"""An undo that is killed goes on by itself, and repeats and skips nothing."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from tests.api.large_import import BODY, history_of, records_done, wait_for_all_imports
from tests.busy import wait_until
from tests.processes import sleeping

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

KNOWN_BEFORE = 2_000


def make_wrong_import(shop: Shop) -> dict[str, Any]:
    """A large import that changes some customers and makes many; gives its report."""
    shop.upload(*({"external_id": str(n), "city": "Turku"} for n in range(KNOWN_BEFORE)))
    return shop.wait(shop.post_bytes(BODY).json()["import"])


def undo_in_background(shop: Shop, report: dict[str, Any]) -> threading.Thread:
    def send() -> None:
        with shop.server.client(shop.token) as client, suppress(httpx.TransportError):
            client.post(f"/api/imports/{report['id']}/undo/")

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def test_an_undo_that_is_killed_again_and_again_goes_on_by_itself(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    wrong = make_wrong_import(shop)
    changed = wrong["customers_changed"]
    senders = [undo_in_background(shop, wrong)]
    for records in (0, 1, 10_000):
        wait_until(lambda: records_done(shop, wrong["id"]) >= records)  # noqa: B023
        # Not one step more before it is looked at: others may keep this process waiting.
        with sleeping(server.worker_pid):
            server.kill()
            assert records_done(shop, wrong["id"]) < changed
        server.restart()
    senders[0].join()
    undone, *_ = wait_for_all_imports(shop)
    assert (undone["status"], undone["records"]) == ("done", changed)
    assert undone["updated"] == changed

    calm = server.make_shop()
    calm_undone = calm.http.post(f"/api/imports/{make_wrong_import(calm)['id']}/undo/")
    calm_report = calm.wait(calm_undone.json()["import"])
    for key in ("updated", "unchanged", "ignored", "customers_changed", "problems"):
        assert undone[key] == calm_report[key]
    customers = shop.customers()
    assert len(customers) == KNOWN_BEFORE
    assert {customer["city"] for customer in customers} == {"Turku"}
    assert customers == calm.customers()
    assert history_of(shop) == history_of(calm)
