"""Ten clients at once, five companies, uploads of all forms and sizes: nothing fails, and the
result is that of the same uploads one after the other in the order of their acceptance.
"""

from __future__ import annotations

import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.api.client_uploads import make_upload
from tests.api.large_import import register_of
from tests.postgres_server import own_database
from tests.running_server import RunningServer, Shop, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.api.client_uploads import Sent

CLIENTS = 10
COMPANIES = ("able", "baker", "charlie", "delta", "echo")
SMALL_UPLOADS = 25
LARGE_UPLOADS = 1
UPLOAD = "/api/customers/upload/"
# Hashes of addresses stand in the history: only with the same key are they the same.
SECRET_KEY = "a secret key for tests, the same twice"
COUNTS = (
    "records",
    "created",
    "updated",
    "unchanged",
    "rejected",
    "ignored",
    "customers_changed",
    "warnings",
    "problems",
)


@pytest.fixture(params=["sqlite", "postgres"])
def two_servers(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[RunningServer, RunningServer]]:
    """Two installations with the same secret key: one for many clients, one for a single one."""
    with ExitStack() as stack:
        found = []
        for name in ("many", "single"):
            url = ""
            if request.param == "postgres":
                url = stack.enter_context(own_database(request.getfixturevalue("postgres_url")))
            server = running_server(tmp_path / name, url, secret_key=SECRET_KEY)
            found.append(stack.enter_context(server))
        yield found[0], found[1]


def make_shops(server: RunningServer) -> dict[str, Shop]:
    """Companies of given names: fields of a company's own are named by them."""
    made = {}
    for name in COMPANIES:
        server.installation.create_company(
            name, name=name, timezone="Europe/Helsinki", country="FI", actor="test"
        )
        _, secret = server.access.create_token(name, "test", actor="test")
        made[name] = Shop(server, name, secret)
    return made


def send(client: httpx.Client, sent: Sent, key: str | None = None) -> dict[str, Any]:
    """Upload; gives the report in the answer."""
    headers = sent.headers if key is None else sent.headers | {"Idempotency-Key": key}
    reply = client.post(UPLOAD + sent.query, content=sent.body, headers=headers)
    assert reply.status_code == 200, reply.text
    report: dict[str, Any] = reply.json()["import"]
    assert report["status"] in ("queued", "running", "done"), report
    return report


def send_all(
    shops: dict[str, Shop], sender: str, seed: int
) -> tuple[dict[str, Sent], dict[str, list[str]]]:
    """All that one client sends: by the ids of the imports, and these ids of each company."""
    dice = random.Random(f"{seed} {sender}")  # noqa: S311 - made-up records
    clients = {name: shop.server.client(shop.token) for name, shop in shops.items()}
    sizes = [False] * SMALL_UPLOADS + [True] * LARGE_UPLOADS
    dice.shuffle(sizes)
    bodies: dict[str, Sent] = {}
    order: dict[str, list[str]] = {name: [] for name in shops}
    for number, is_large in enumerate(sizes):
        name = dice.choice(COMPANIES)
        sent = make_upload(dice, name, sender, is_large=is_large)
        key = f"{sender}-{number}" if dice.random() < 0.2 else None
        import_id = send(clients[name], sent, key)["id"]
        if key is not None:
            assert send(clients[name], sent, key)["id"] == import_id
        bodies[import_id] = sent
        order[name].append(import_id)
    return bodies, order


def imports_of(shop: Shop) -> list[dict[str, Any]]:
    """All imports of a company, oldest first, when the last of them has ended."""
    url = "/api/imports/?limit=1000"
    shop.wait(shop.http.get(url).json()["imports"][0])
    found: list[dict[str, Any]] = shop.http.get(url).json()["imports"]
    return found[::-1]


def contents_of(shop: Shop) -> dict[str, object]:
    """All that the company's store holds of customers, but for times and ids of imports."""
    store = register_of(shop).store
    position = store.read_position()
    ids = range(1, position.last_customer_id + 1)
    history = [msgspec.to_builtins(change) for change in store.load_changes(ids)]
    assert [change["version"] for change in history] == list(range(1, position.last_version + 1))
    return {
        "shown": shop.customers(),
        "customers": [msgspec.to_builtins(customer) for customer in store.load_customers(ids)],
        "history": history,
        "position": msgspec.to_builtins(position),
        "fields": store.load_fields(),
        "suppressed": [(each.kind, each.import_number) for each in store.load_suppressions()],
    }


def test_ten_clients_at_once_give_what_one_after_the_other_gives(
    two_servers: tuple[RunningServer, RunningServer],
) -> None:
    seed = int(os.environ.get("REGULARS_TEST_SEED", time.time_ns()))
    sys.stdout.write(f"REGULARS_TEST_SEED={seed}\n")  # shown where the test fails
    shops, single = map(make_shops, two_servers)
    bodies: dict[str, Sent] = {}
    with ThreadPoolExecutor(CLIENTS) as pool:
        sending = [pool.submit(send_all, shops, str(n), seed) for n in range(CLIENTS)]
        answered = [each.result() for each in sending]
    for mine, _ in answered:
        bodies |= mine
    assert len(bodies) == CLIENTS * (SMALL_UPLOADS + LARGE_UPLOADS)

    applied = {name: imports_of(shop) for name, shop in shops.items()}
    assert sorted(each["id"] for runs in applied.values() for each in runs) == sorted(bodies)
    for name, runs in applied.items():
        assert {each["status"] for each in runs} <= {"done"}
        ids = [each["id"] for each in runs]
        for _, order in answered:
            # Each client waited for the answer before it sent the next.
            assert order[name] == [each for each in ids if each in order[name]]

    def replay(name: str) -> None:
        client = single[name].server.client(single[name].token)
        for run in applied[name]:
            again = single[name].wait(send(client, bodies[run["id"]]))
            assert again["status"] == "done"
            assert {key: again[key] for key in COUNTS} == {
                key: shops[name].http.get(f"/api/imports/{run['id']}/").json()["import"][key]
                for key in COUNTS
            }

    with ThreadPoolExecutor(len(COMPANIES)) as pool:
        list(pool.map(replay, COMPANIES))
    for name in COMPANIES:
        theirs, ours = contents_of(shops[name]), contents_of(single[name])
        assert ours == theirs
    for server in two_servers:
        assert "Traceback" not in server.log
