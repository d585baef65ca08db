"""A full disk, which is here a limit on the size of files: nothing is lost, and work goes on after.

PostgreSQL's disk is not ours; that a failure of it is told apart is a test of the store.
"""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

from tests.api.large_import import (
    RECORDS,
    assert_is_as_undisturbed,
    halted_halfway,
    records_done,
    send_in_background,
)
from tests.busy import wait_until
from tests.running_server import running_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.running_server import RunningServer

FILE_BYTES = resource.RLIMIT_FSIZE


def limit_files(server: RunningServer, size: int) -> None:
    for pid in (server.process.pid, server.worker_pid):
        _, most = resource.prlimit(pid, FILE_BYTES)
        resource.prlimit(pid, FILE_BYTES, (size, most))


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
        with halted_halfway(shop):
            limit_files(server, 100_000)  # the log still has room
        wait_until(lambda: "imports of" in server.log or records_done(shop) == RECORDS)
        assert records_done(shop) < RECORDS
        limit_files(server, resource.RLIM_INFINITY)
        sender.join()
        assert_is_as_undisturbed(shop)
