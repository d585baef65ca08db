"""Many clients at once: nothing fails, and the result is that of one upload after the other."""

from __future__ import annotations

import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tests.api.large_import import history_of
from tests.busy import is_within
from tests.running_server import RunningServer, Shop

if TYPE_CHECKING:
    from pathlib import Path

THREADS = 10
UPLOADS = 8
LARGE = 1000
CUSTOMERS = "/api/data/customers/"


def make_records(dice: random.Random, sender: str) -> list[dict[str, object]]:
    """Records that contend for the same customers, and whose order shows in the result."""
    large = dice.random() < 0.1
    ids = range(LARGE) if large else [dice.randrange(40) for _ in range(dice.randint(1, 4))]
    return [make_record(dice, number, sender) for number in ids]


def make_record(dice: random.Random, number: int, sender: str) -> dict[str, object]:
    address = f"p{number}@example.org"
    match dice.randrange(5):
        case 0:
            return {"external_id": str(number), "email": address, "first_name": sender}
        case 1:
            return {"email": address, "city": sender, "can_email": dice.random() < 0.5}
        case 2:
            return {"external_id": str(number), "mailing_lists.add": [sender]}
        case 3:
            return {"external_id": str(number), "mailing_lists.remove": ["0", "1", "2"]}
        case _:
            return {"external_id": str(number), "tags.add": [sender], "city": ""}


def imports_in_order(shop: Shop) -> list[str]:
    """The ids of a company's imports, oldest first."""
    found: list[dict[str, Any]] = shop.http.get("/api/imports/?limit=1000").json()["imports"]
    assert {each["status"] for each in found} <= {"done"}
    return [each["id"] for each in reversed(found)]


def assert_equals_replay(shop: Shop, bodies: dict[str, bytes]) -> None:
    """The same bodies, one after the other in the order of the imports, give the same."""
    again = shop.server.make_shop()
    for import_id in imports_in_order(shop):
        reply = again.post_bytes(bodies[import_id])
        assert again.wait(reply.json()["import"])["status"] == "done"
    assert shop.customers() == again.customers()
    assert history_of(shop) == history_of(again)


def test_uploads_at_once_give_what_they_would_give_in_order(server: RunningServer) -> None:
    shops = [server.make_shop() for _ in range(3)]
    bodies: dict[str, dict[str, bytes]] = {shop.short_name: {} for shop in shops}
    sent: dict[tuple[str, str], list[str]] = {}

    def send_all(sender: str) -> None:
        dice = random.Random(f"dice {sender}")  # noqa: S311 - made-up records
        clients = {shop.short_name: server.client(shop.token) for shop in shops}
        for _ in range(UPLOADS):
            shop = dice.choice(shops)
            body = json.dumps({"customers": make_records(dice, sender)}).encode()
            reply = clients[shop.short_name].post(
                "/api/customers/upload/", content=body, headers={"Content-Type": "application/json"}
            )
            assert reply.status_code == 200, reply.text
            import_id = reply.json()["import"]["id"]
            bodies[shop.short_name][import_id] = body
            sent.setdefault((shop.short_name, sender), []).append(import_id)

    stop = threading.Event()
    with ThreadPoolExecutor(THREADS + 1) as pool:
        reading = pool.submit(read_without_waiting, server, shops, stop)
        try:
            for sending in [pool.submit(send_all, str(n)) for n in range(THREADS)]:
                sending.result()
        finally:
            stop.set()
        reading.result()

    for shop in shops:
        mine = bodies[shop.short_name]
        for import_id in mine:
            shop.end_of(import_id)
        order = imports_in_order(shop)
        assert sorted(order) == sorted(mine)
        for (company, _), ids in sent.items():
            if company == shop.short_name:
                assert ids == [each for each in order if each in ids]
        assert_equals_replay(shop, mine)


def read_without_waiting(server: RunningServer, shops: list[Shop], stop: threading.Event) -> None:
    """Ask for customers all the time; each answer comes soon."""
    clients = [server.client(shop.token) for shop in shops]
    while not stop.wait(0.02):
        for client in clients:
            began = time.monotonic()
            assert client.get(CUSTOMERS, params={"email": "p1@example.org"}).status_code == 200
            # Judged at once, while as much else is going on.
            assert is_within(time.monotonic() - began, 2)


def test_a_file_is_imported_while_uploads_arrive(server: RunningServer, tmp_path: Path) -> None:
    shop = server.make_shop()
    dice = random.Random("file")  # noqa: S311 - made-up records
    body = json.dumps([make_record(dice, number, "file") for number in range(8000)]).encode()
    path = tmp_path / "customers.json"
    path.write_bytes(body)
    bodies: dict[str, bytes] = {}
    with ThreadPoolExecutor(1) as pool:
        command = pool.submit(server.spawn, "import", shop.short_name, str(path))
        while not command.done():
            small = json.dumps(make_records(dice, "upload")[:4]).encode()
            reply = shop.post_bytes(small)
            assert reply.status_code == 200, reply.text
            bodies[reply.json()["import"]["id"]] = small
    ended = command.result()
    assert ended.status == 0, ended.errors
    bodies[ended.output.split()[1]] = body
    for import_id in bodies:
        shop.end_of(import_id)
    assert sorted(imports_in_order(shop)) == sorted(bodies)
    assert_equals_replay(shop, bodies)


def test_the_same_upload_from_many_makes_one_customer(shop: Shop, server: RunningServer) -> None:
    record = {"email": "p1@example.org", "city": "Oulu"}

    def send(_: int) -> dict[str, Any]:
        client = server.client(shop.token)
        reply = client.post("/api/customers/upload/", json=[record])
        assert reply.status_code == 200
        found: dict[str, Any] = reply.json()["import"]
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        reports = [shop.wait(report) for report in pool.map(send, range(30))]
    assert sum(report["created"] for report in reports) == 1
    assert sum(report["unchanged"] for report in reports) == 29
    assert len(shop.customers()) == 1
    assert len(history_of(shop)) == 1
