"""A worker that dies is started again, and none goes on without its web process."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.imports import Imports
from tests.api.large_import import records_done, register_of, send_in_background
from tests.busy import is_within, wait_until
from tests.processes import children_of
from tests.running_server import STOP_SECONDS, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data") as running:
        yield running


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def new_worker(server: RunningServer, than: int) -> int:
    wait_until(lambda: children_of(server.process.pid) - {than})
    return server.worker_pid


def test_a_killed_worker_is_started_again_and_goes_on(server: RunningServer) -> None:
    shop = server.make_shop()
    first = server.worker_pid
    os.kill(first, signal.SIGKILL)
    assert new_worker(server, than=first) != first
    assert shop.upload({"external_id": "1"})["status"] == "done"
    assert "the worker ended" in server.log


def test_a_worker_told_to_end_is_started_again(server: RunningServer) -> None:
    shop = server.make_shop()
    first = server.worker_pid
    assert shop.upload({"external_id": "1"})["status"] == "done"
    os.kill(first, signal.SIGTERM)
    assert new_worker(server, than=first) != first
    assert shop.upload({"external_id": "2"})["status"] == "done"


def test_ctrl_c_ends_both(server: RunningServer) -> None:
    server.await_worker()
    worker = server.worker_pid
    assert os.getpgid(worker) == os.getpgid(server.process.pid)
    for pid in (worker, server.process.pid):
        os.kill(pid, signal.SIGINT)
    assert server.process.wait(STOP_SECONDS) == 0
    assert not is_running(worker)


def test_a_worker_ends_when_the_web_process_is_killed(server: RunningServer) -> None:
    shop = server.make_shop()
    sender = send_in_background(shop)
    wait_until(lambda: records_done(shop) >= 1)
    worker = server.worker_pid
    server.kill()
    began = time.monotonic()
    wait_until(lambda: not is_running(worker))
    assert is_within(time.monotonic() - began, 5)
    sender.join()


def test_an_import_that_another_process_accepted_is_run_without_being_told(
    server: RunningServer,
) -> None:
    shop = server.make_shop()
    Imports(server.installation).acceptance.accept(
        register_of(shop), b'[{"external_id": "1"}]', ImportOptions(BodyForm("json")), "test"
    )
    wait_until(shop.customers)


def rename_table(server: RunningServer, old: str, new: str) -> None:
    path = Path(server.environment["REGULARS_DATA"]) / "installation.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")


def test_the_line_is_looked_at_again_after_a_failure_that_nobody_expected(
    server: RunningServer,
) -> None:
    shop = server.make_shop()
    rename_table(server, "queued_import", "lost")
    wait_until(lambda: "the line of imports cannot be seen: OperationalError\n" in server.log)
    rename_table(server, "lost", "queued_import")
    Imports(server.installation).acceptance.accept(
        register_of(shop), b'[{"external_id": "1"}]', ImportOptions(BodyForm("json")), "test"
    )
    wait_until(shop.customers)


def test_a_further_worker_goes_on_where_there_is_no_server(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        sender = send_in_background(shop)
        wait_until(lambda: records_done(shop) >= 1)
        server.kill()
        sender.join()
        with server.further_worker() as worker:
            server.await_worker()
            wait_until(lambda: server.installation.store.line.load_waiting_companies() == [])
            worker.terminate()
            assert worker.wait(STOP_SECONDS) == 0


def test_a_small_upload_behind_a_large_one_is_answered_at_once(server: RunningServer) -> None:
    shop = server.make_shop()
    sender = send_in_background(shop)
    wait_until(lambda: records_done(shop) >= 0)
    began = time.monotonic()
    reply = shop.post([{"external_id": "late"}])
    assert reply.json()["import"]["status"] == "queued"
    assert is_within(time.monotonic() - began, 2)
    sender.join()
    assert shop.wait(reply.json()["import"])["created"] == 1
