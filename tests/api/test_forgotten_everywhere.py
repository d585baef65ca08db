"""Whatever became of the imports that named a person: once forgotten, no row says anything of it
(SPEC section 7). An import is answered a moment before it leaves the line, so these tests wait.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.api.large_import import register_of
from tests.api.stored_rows import places_of
from tests.busy import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

UPLOAD = "/api/customers/upload/"
EMAIL = "xq7aino@example.org"
NUMBER = "+358409817263"
TRACES = (EMAIL, NUMBER, "409817263", "xq7trace", "XQ7TRACE")
PERSON = {"external_id": "1", "email": EMAIL, "phone_number": NUMBER, "city": "xq7trace"}
FORGET = {"external_id": "1", "is_forgotten": True}


def send(shop: Shop, records: object, query: str = "", **headers: str) -> dict[str, Any]:
    """Upload; gives the report, when the import has ended or waits for somebody."""
    reply = shop.http.post(
        UPLOAD + query,
        content=json.dumps(records).encode(),
        headers={"Content-Type": "application/json", **headers},
    )
    body = reply.json()
    report: dict[str, Any] = body["import"] if "import" in body else body["error"]["import"]
    return shop.wait(report)


def do(shop: Shop, report: dict[str, Any], what: str) -> dict[str, Any]:
    reply = shop.http.post(f"/api/imports/{report['id']}/{what}/")
    assert reply.status_code == 200, reply.text
    return shop.wait(reply.json()["import"])


def upload_in_every_way(shop: Shop) -> list[dict[str, Any]]:
    """Name the person in imports of all kinds; gives those that still wait for somebody."""
    send(shop, [PERSON], **{"Idempotency-Key": "first"})
    send(shop, [PERSON | {"birth_date": "xq7trace"}], "?strict=true")
    send(shop, [{"external_id": "a b", "city": "xq7trace", "email": EMAIL}, f"no object {EMAIL}"])
    send(shop, [{"email": "xq7trace", "phone_number": NUMBER}], "?strict=true")
    send(shop, [{"external_id": "1", "xq7trace@example.org": 1}, {"external_id": "2"}])
    undone = send(shop, [PERSON | {"city": "xq7trace two", "tags": ["xq7trace"]}])
    assert do(shop, undone, "undo")["status"] == "done"
    changed = [PERSON | {"last_name": "xq7trace"}]
    cancelled = send(shop, changed, "?dry_run=true")
    assert do(shop, cancelled, "cancel")["status"] == "cancelled"
    applied = send(shop, changed, "?dry_run=true")
    assert do(shop, applied, "apply")["status"] == "done"
    planned = send(shop, [PERSON | {"first_name": "xq7trace"}], "?dry_run=true")
    held = send(shop, [PERSON | {"zip_code": f"xq7trace {n}"} for n in range(101)])
    assert (planned["status"], held["status"]) == ("planned", "held")
    return [planned, held]


def test_after_forgetting_only_what_still_waits_says_anything(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    waiting = upload_in_every_way(shop)
    assert {"customer", "change", "rejected_record"} <= places_of(server, TRACES)
    assert send(shop, [FORGET])["updated"] == 1
    # Bodies of imports that wait go when these end.
    wait_until(lambda: places_of(server, TRACES) <= {"spool", "spool_part"})
    for report in waiting:
        do(shop, report, "cancel")
    wait_until(lambda: places_of(server, TRACES) == set())


def test_what_waited_says_nothing_of_the_forgotten_when_it_is_applied(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    _, held = upload_in_every_way(shop)
    send(shop, [FORGET])
    released = server.regulars("imports", "release", shop.short_name, held["id"])
    assert released.status == 0, released.errors
    assert shop.end_of(held["id"])["ignored"] == 101
    send(shop, [PERSON, {"email": EMAIL}, {"external_id": "a_b", "city": EMAIL}], "?strict=true")
    wait_until(lambda: places_of(server, TRACES) <= {"spool", "spool_part"})
    assert shop.customers(external_id="1")[0]["is_forgotten"] is True


def test_a_customer_that_an_undo_removed_leaves_nothing(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    made = send(shop, [PERSON])
    do(shop, made, "undo")
    wait_until(lambda: places_of(server, TRACES) == set())


def test_who_had_no_address_leaves_no_rejected_record(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    send(shop, [{"external_id": "1", "city": "xq7trace"}])
    send(shop, [FORGET])
    late = {"external_id": "1", "city": "xq7trace", "birth_date": "xq7trace"}
    send(shop, [late, {"external_id": "2"}], "?strict=true")
    wait_until(lambda: places_of(server, TRACES) == set())


def test_what_is_cancelled_before_it_begins_leaves_nothing(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server()
    shop = server.make_shop()
    with register_of(shop).store.lock():
        small = shop.post([PERSON]).json()["import"]
        large = shop.post([PERSON | {"street_name": "xq7trace" * 1000}] * 200).json()["import"]
        assert {small["status"], large["status"]} == {"queued"}
        assert "queued_import" in places_of(server, TRACES)
        for report in (small, large):
            assert shop.http.post(f"/api/imports/{report['id']}/cancel/").status_code == 200
    for report in (small, large):
        assert shop.end_of(report["id"])["status"] == "cancelled"
    wait_until(lambda: places_of(server, TRACES) == set())
