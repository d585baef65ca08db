"""An import large enough to be interrupted, and what it must give all the same.

Owns its records, how far it has come, and the comparison with one that nothing disturbed.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx

from tests.busy import wait_until
from tests.processes import sleeping
from tests.running_server import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.services.installation import Register
    from tests.running_server import Shop

RECORDS = 30_000


def large_body() -> bytes:
    """Records that make customers, change some of them again, and change lists."""
    made: list[dict[str, object]] = [
        {"external_id": str(n), "email": f"p{n}@example.org", "tags.add": ["first"]}
        for n in range(RECORDS // 2)
    ]
    again: list[dict[str, object]] = [
        {"external_id": str(n * 7 % RECORDS), "city": f"City {n}", "tags.add": [str(n)]}
        for n in range(RECORDS // 2)
    ]
    return json.dumps({"customers": made + again}).encode()


BODY = large_body()


def register_of(shop: Shop) -> Register:
    return shop.server.installation.open_register(shop.short_name)


def history_of(shop: Shop) -> list[tuple[object, ...]]:
    """Every change but for its time: each version once, without a gap."""
    store = register_of(shop).store
    position = store.read_position()
    changes = store.load_changes(range(1, position.last_customer_id + 1))
    assert [change.version for change in changes] == list(range(1, position.last_version + 1))
    return [
        (change.version, change.customer_id, change.record, change.before, change.after)
        for change in changes
    ]


def send_in_background(shop: Shop) -> threading.Thread:
    """Begin to upload the large body; what becomes of the connection does not matter."""

    def send() -> None:
        with shop.server.client(shop.token) as client:
            headers = {"Content-Type": "application/json"}
            with suppress(httpx.TransportError):
                client.post("/api/customers/upload/", content=BODY, headers=headers)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


def records_done(shop: Shop, undoes: str | None = None) -> int:
    """How far the large import, or the undo of one, has come; -1 before it is accepted."""
    runs = register_of(shop).store.load_imports(None, 1)
    # An undo that has not begun has the import that it undoes before it.
    if runs and runs[0].options.undoes == undoes:
        return runs[0].report.records
    store = shop.server.installation.store
    return 0 if store.line.load_queued_imports(shop.short_name) else -1


@contextmanager
def halted_halfway(shop: Shop) -> Iterator[None]:
    """The large import has applied some records, and applies no more while the block runs."""
    worker = shop.server.worker_pid
    wait_until(lambda: records_done(shop) > 1)
    with sleeping(worker):
        assert records_done(shop) < RECORDS
        yield


def wait_for_all_imports(shop: Shop, seconds: float = WAIT_SECONDS) -> list[dict[str, Any]]:
    reply = shop.http.get("/api/imports/", params={"limit": 1000}).json()
    assert "next_url" not in reply
    imports = reply["imports"]
    return [shop.wait(each, seconds) for each in imports]


def assert_is_as_undisturbed(shop: Shop) -> None:
    """The one import has ended, and gave what it gives where nothing comes between."""
    (report,) = wait_for_all_imports(shop)
    assert (report["status"], report["records"]) == ("done", RECORDS)
    calm = shop.server.make_shop()
    calm_report = calm.wait(calm.post_bytes(BODY).json()["import"])
    for key in ("created", "updated", "unchanged", "rejected", "customers_changed", "warnings"):
        assert report[key] == calm_report[key]
    assert shop.customers() == calm.customers()
    assert history_of(shop) == history_of(calm)
