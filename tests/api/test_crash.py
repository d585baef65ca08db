"""However the server ends: what it answered is there, nothing is applied twice, and it goes on."""

from __future__ import annotations

import json
import os
import resource
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psycopg

from regulars.services.imports import Imports
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.services.installation import Register
    from tests.running_server import RunningServer, Shop

    StartServer = Callable[..., RunningServer]

RECORDS = 30_000
PATIENCE_SECONDS = 60
FILE_BYTES = resource.RLIMIT_FSIZE


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


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def records_done(shop: Shop) -> int:
    """How far the large import has come; -1 before it is accepted."""
    runs = register_of(shop).store.load_imports(None, 1)
    if runs:
        return runs[0].report.records
    store = shop.server.installation.store
    return 0 if store.load_queued_imports(shop.short_name) else -1


def wait_for_all_imports(shop: Shop) -> list[dict[str, Any]]:
    imports = shop.http.get("/api/imports/").json()["imports"]
    return [shop.wait(each) for each in imports]


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


def children_of(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have started."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            found |= {int(child)} | children_of(int(child))
    return found


# Killed


def test_what_was_answered_survives_a_kill(start_server: StartServer) -> None:
    server = start_server()
    shop = server.make_shop()
    for number in range(3):
        reply = shop.post([{"external_id": f"{number}-{n}", "city": "Oulu"} for n in range(50)])
        server.kill()
        assert reply.status_code == 200
        assert reply.json()["import"]["created"] == 50
        server.restart()
        (newest, *_) = wait_for_all_imports(shop)
        assert (newest["id"], newest["status"]) == (reply.json()["import"]["id"], "done")
        assert len(shop.customers()) == (number + 1) * 50
    assert len(history_of(shop)) == 150
    assert shop.upload({"external_id": "0-0", "city": "Oulu"})["unchanged"] == 1


def test_an_answer_that_said_queued_or_running_survives_a_kill(start_server: StartServer) -> None:
    server = start_server()
    shop = server.make_shop()
    sender = send_in_background(shop)
    wait_until(lambda: records_done(shop) >= 0)
    replies = [shop.http.post("/api/customers/upload/", json=[{"external_id": "late"}])]
    server.kill()
    sender.join()
    server.restart()
    assert replies[0].json()["response"] == "ok"
    late, large = wait_for_all_imports(shop)
    assert (large["records"], late["records"]) == (RECORDS, 1)
    assert late["id"] == replies[0].json()["import"]["id"]
    # The large one made external_ids of digits only, and came first.
    assert shop.customers()[-1]["external_id"] == "late"


def test_an_import_that_is_killed_again_and_again_goes_on_by_itself(
    start_server: StartServer,
) -> None:
    server = start_server()
    shop = server.make_shop()
    sender = send_in_background(shop)
    for records in (0, 1, 10_001):
        wait_until(lambda: records_done(shop) >= records)  # noqa: B023 - called at once
        server.kill()
        assert records_done(shop) < RECORDS
        server.restart()
    sender.join()
    assert_is_as_undisturbed(shop)


# Told to end


def test_it_ends_in_time_while_an_import_runs_and_leaves_no_process(
    start_server: StartServer,
) -> None:
    server = start_server()
    shop = server.make_shop()
    sender = send_in_background(shop)
    wait_until(lambda: records_done(shop) >= 1)
    processes = {server.process.pid} | children_of(server.process.pid)
    began = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - began < 10
    sender.join()
    assert not [pid for pid in processes if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in server.log
    server.restart()
    (report,) = wait_for_all_imports(shop)
    assert (report["status"], report["records"]) == ("done", RECORDS)
    assert len(history_of(shop)) == report["created"] + report["updated"]


def test_it_ends_in_time_while_a_large_body_is_read(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        body = b'["\\ud800"' + b",{}" * 4_000_000 + b"]"

        def send() -> None:
            with suppress(httpx.TransportError):
                shop.post_bytes(body)

        sender = threading.Thread(target=send)
        sender.start()
        time.sleep(0.5)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 10
        sender.join()


# Left over


def test_a_body_without_an_import_is_swept_away_at_the_next_start(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    shop = server.make_shop()
    store = register_of(shop).store
    server.kill()
    for import_id in ("a1", "b2"):
        store.write_spool(import_id, [b"[", b"]"])
    make_older(server, shop, "a1", tmp_path / "data")
    server.restart()
    wait_until(lambda: not has_body(shop, "a1"))
    time.sleep(0.1)
    assert has_body(shop, "b2")
    assert shop.upload({"external_id": "1"})["created"] == 1


def test_an_old_body_that_still_waits_is_never_swept_away(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    shop = server.make_shop()
    server.kill()
    register = register_of(shop)
    waiting = Imports(server.installation).accept(
        register, b'[{"external_id":"1"}]', "json", "test"
    )
    make_older(server, shop, waiting.id, tmp_path / "data")
    with register.store.lock():
        server.restart()
        time.sleep(0.3)
        assert has_body(shop, waiting.id)
    (report,) = wait_for_all_imports(shop)
    assert report["created"] == 1


def has_body(shop: Shop, import_id: str) -> bool:
    try:
        register_of(shop).store.open_spool(import_id).close()
    except FileNotFoundError:
        return False
    return True


def make_older(server: RunningServer, shop: Shop, import_id: str, data: Path) -> None:
    """Have a body look as if it had been kept two hours ago."""
    url = server.environment.get("REGULARS_DATABASE_URL")
    if url is None:
        path = data / "companies" / shop.short_name / "spool" / import_id
        os.utime(path, (time.time() - 7200,) * 2)
        return
    with psycopg.connect(url) as connection:
        connection.execute(
            f"UPDATE company_{shop.short_name}.spool_part"  # noqa: S608 - a name of our own
            " SET kept_at = kept_at - interval '2 hours' WHERE import_id = %s",
            [import_id],
        )


# A full disk, which is here a limit on the size of files: every write fails


def limit_files(server: RunningServer, size: int) -> None:
    _, most = resource.prlimit(server.process.pid, FILE_BYTES)
    resource.prlimit(server.process.pid, FILE_BYTES, (size, most))


def test_a_full_disk_refuses_uploads_and_accepts_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        shop.upload({"external_id": "before"})
        limit_files(server, 1)
        for records in (1, 5000):
            reply = shop.post([{"external_id": str(n)} for n in range(records)])
            assert reply.status_code == 503
            assert int(reply.headers["retry-after"]) > 0
            assert "disk" in reply.json()["error"]["reason"]
        assert [each["external_id"] for each in shop.customers()] == ["before"]
        limit_files(server, resource.RLIM_INFINITY)
        assert len(shop.http.get("/api/imports/").json()["imports"]) == 1
        assert list((tmp_path / "data/companies" / shop.short_name / "spool").iterdir()) == []
        assert shop.upload({"external_id": "after"})["created"] == 1
        assert [each["external_id"] for each in shop.customers()] == ["before", "after"]


def test_an_import_pauses_while_the_disk_is_full_and_goes_on_by_itself(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        sender = send_in_background(shop)
        wait_until(lambda: records_done(shop) >= 1)
        limit_files(server, 100_000)  # the log still has room
        wait_until(lambda: "imports of" in server.log or records_done(shop) == RECORDS)
        assert records_done(shop) < RECORDS
        limit_files(server, resource.RLIM_INFINITY)
        sender.join()
        assert_is_as_undisturbed(shop)
