"""What was uploaded and answered `done` is found by the next request, whoever applied it; and what
is answered while there is no index (DESIGN section 1).
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.postgres_server import own_database
from tests.processes import sleeping
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from tests.running_server import RunningServer, Shop

PATH = "/api/data/customers/"
KEY = "k" * 64
ATTEMPTS = 12
NAP_SECONDS = 10


def find(http: httpx.Client, **parameters: str) -> list[str]:
    reply = http.get(PATH, params=parameters)
    assert reply.status_code == 200, reply.text
    return [each["external_id"] for each in reply.json()["customers"]]


def test_what_was_answered_done_is_found_by_the_next_request(shop: Shop) -> None:
    for number in range(25):
        name = f"n{number}"
        reply = shop.post([{"external_id": name, "city": f"City {number}", "tags": [name]}])
        assert reply.json()["import"]["status"] == "done"
        assert find(shop.http, city=f"city {number}") == [name]
        shop.post([{"external_id": name, "tags.remove": [name], "city": "Turku"}])
        assert find(shop.http, tags=name) == []
        assert len(find(shop.http, where="city = Turku", q=name)) == 1
    shop.post([{"external_id": "n3", "is_deleted": True}, {"external_id": "n4", "is_forgotten": 1}])
    assert len(find(shop.http, where="city = Turku")) == 23
    assert find(shop.http, is_forgotten="true") == ["n4"]


def test_what_a_command_imported_is_found_when_it_has_ended(shop: Shop, tmp_path: Path) -> None:
    assert find(shop.http, city="Turku") == []
    file = tmp_path / "customers.ndjson"
    for number in range(3):
        file.write_text(f'{{"external_id": "{number}", "city": "Turku"}}\n', "utf-8")
        done = shop.server.regulars("import", shop.short_name, str(file))
        assert done.status == 0, done.errors
        assert len(find(shop.http, city="Turku")) == number + 1


def test_what_a_further_worker_applied_is_found(start_server: Callable[..., RunningServer]) -> None:
    server = start_server()
    shop = server.make_shop()
    assert find(shop.http, city="Turku") == []
    further = server.further_worker()
    elsewhere = 0
    try:
        for number in range(ATTEMPTS):
            with sleeping(server.worker_pid):
                # With a key it is no import that the web process applies itself.
                record = {"external_id": str(number), "city": "Turku"}
                reply = shop.post([record], headers={"Idempotency-Key": str(number)}).json()
                is_done = has_ended_within(NAP_SECONDS, shop, reply["import"])
                if is_done:
                    elsewhere += 1
                    assert len(find(shop.http, city="Turku")) == number + 1
            shop.wait(reply["import"])
            if elsewhere == 3:
                return
    finally:
        further.terminate()
        further.wait(20)
    pytest.fail(f"the further worker applied {elsewhere} of {ATTEMPTS}")


def has_ended_within(seconds: float, shop: Shop, report: dict[str, Any]) -> bool:
    """Whether an import ends so soon. It does not where who sleeps has a lock in its hand."""
    try:
        shop.wait(report, seconds)
    except AssertionError:
        return False
    return True


def test_what_another_machine_took_is_found(postgres_url: str, tmp_path: Path) -> None:
    with (
        own_database(postgres_url) as url,
        running_server(tmp_path / "one", url, secret_key=KEY) as one,
        running_server(tmp_path / "other", url, secret_key=KEY) as other,
    ):
        shop = one.make_shop()
        there = other.client(shop.token)
        for number in range(10):
            shop.upload({"external_id": str(number), "city": "Turku"})
            assert len(find(there, city="Turku")) == number + 1
            assert len(find(shop.http, city="Turku")) == number + 1


# Without an index


@contextmanager
def folder_held(data: Path) -> Iterator[None]:
    """Have the folder of the indexes, as a command has it for some time."""
    folder = data / "index"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def assert_busy(reply: httpx.Response) -> None:
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) >= 1
    error: dict[str, Any] = reply.json()["error"]
    assert error["progress"] == 0.0
    assert "0%" in error["reason"]


def test_without_the_index_identifiers_are_looked_up_and_all_else_has_to_wait(
    start_server: Callable[..., RunningServer], tmp_path: Path
) -> None:
    with folder_held(tmp_path / "data"):
        server = start_server()
        shop = server.make_shop()
        shop.upload(
            {"external_id": "1", "email": "aino@example.org", "city": "Turku"},
            {"external_id": "2", "email": "eino@example.org", "city": "Oulu"},
            {"external_id": "3", "is_forgotten": True},
        )
        for parameters, found in (
            ({}, ["1", "2"]),
            ({"limit": "1"}, ["1"]),
            ({"external_id": "2"}, ["2"]),
            ({"email": "aino@example.org", "city": "turku"}, ["1"]),
            ({"email": "aino@example.org", "order": "city"}, ["1"]),
            ({"external_id": "3"}, ["3"]),
        ):
            assert find(shop.http, **parameters) == found
        for parameters in (
            {"city": "Turku"},
            {"where": "city = Turku"},
            {"q": "turku"},
            {"order": "city"},
            {"is_forgotten": "true"},
            {"external_id": "1", "where": "city = Turku"},
        ):
            assert_busy(shop.http.get(PATH, params=parameters))
        scopes = ["POST /api/conditions/*/"]
        _, secret = server.access.create_token(shop.short_name, "", scopes, actor="test")
        asking = server.client(secret)
        body = {"where": "city = Turku", "external_id": "1"}
        assert_busy(asking.post("/api/conditions/count/", json={"where": "city = Turku"}))
        assert asking.post("/api/conditions/why/", json=body).json()["why"]["is_true"]
    wait_for_index(shop)
    assert find(shop.http, city="Turku") == ["1"]


def wait_for_index(shop: Shop) -> None:
    for _ in range(200):
        reply = shop.http.get(PATH, params={"city": "nowhere"})
        if reply.status_code == 200:
            return
        assert_busy(reply)
        time.sleep(0.05)
    pytest.fail("the index never came")
