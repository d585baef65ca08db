"""However the server ends: what it answered is there, nothing is applied twice, and it goes on."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psycopg

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_acceptance import LINE_BYTES
from regulars.services.imports import Imports
from tests.api.large_import import (
    RECORDS,
    assert_is_as_undisturbed,
    history_of,
    records_done,
    register_of,
    send_in_background,
    wait_for_all_imports,
)
from tests.busy import is_within, wait_until
from tests.processes import children_of, sleeping
from tests.running_server import running_server
from tests.store.make import keep_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

    StartServer = Callable[..., RunningServer]


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
        # Not one step more before it is looked at: others may keep this process waiting.
        with sleeping(server.worker_pid):
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
    assert is_within(time.monotonic() - began, 10)
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
        assert is_within(time.monotonic() - began, 10)
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
        keep_body(store, import_id, [b"[", b"]"])
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
    waiting = Imports(server.installation).acceptance.accept(
        register,
        b'[{"external_id":"1"}]' + b" " * LINE_BYTES,
        ImportOptions(BodyForm("json")),
        "test",
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
