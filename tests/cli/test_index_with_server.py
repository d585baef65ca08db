"""Commands that need the index while a server runs, starts, ends or was killed."""

from __future__ import annotations

import json
import socket
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation, own_indexes
from regulars.errors import IndexBusyError
from regulars.index_socket.client import RemoteIndexes
from regulars.settings import read_settings
from tests.busy import is_within
from tests.postgres_server import own_database
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer, Shop

FINNS = "country = FI"


@pytest.fixture(params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningServer]:
    if request.param == "sqlite":
        with running_server(tmp_path / "data") as running:
            yield running
    else:
        server_url = request.getfixturevalue("postgres_url")
        with own_database(server_url) as url, running_server(tmp_path / "data", url) as running:
            yield running


@pytest.fixture
def sqlite_server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data") as running:
        yield running


def data_folder(server: RunningServer) -> Path:
    return Path(server.environment["REGULARS_DATA"])


def succeed(server: RunningServer, *arguments: str) -> str:
    done = server.regulars(*arguments)
    assert done.status == 0, done.errors
    return done.output


def count(shop: Shop, expression: str = FINNS) -> int:
    return int(succeed(shop.server, "count", shop.short_name, expression))


def count_apart(shop: Shop) -> int:
    """Count with a process of its own, as others at the same time do."""
    done = shop.server.spawn("count", shop.short_name, FINNS)
    assert done.status == 0, done.errors
    return int(done.output)


def test_a_command_counts_what_was_uploaded_just_now_whoever_took_it(
    server: RunningServer, tmp_path: Path
) -> None:
    shop = server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    assert count(shop) == 1
    shop.upload({"external_id": "2", "country": "FI"})
    assert count(shop) == 2
    file = tmp_path / "more.ndjson"
    file.write_text('{"external_id": "3", "country": "FI"}\n', "utf-8")
    succeed(server, "import", shop.short_name, str(file))
    assert count(shop) == 3
    server.stop()
    assert count(shop) == 3
    file.write_text('{"external_id": "2", "is_forgotten": true}\n', "utf-8")
    succeed(server, "import", shop.short_name, str(file))
    assert count(shop) == 2
    server.restart()
    assert count(shop) == 2
    shop.upload({"external_id": "4", "country": "FI"})
    assert count(shop) == 3


def test_segments_are_exported_and_the_index_made_anew_while_the_server_runs(
    server: RunningServer,
) -> None:
    shop = server.make_shop()
    shop.upload(*({"external_id": f"{number}", "country": "FI"} for number in range(50)))
    name = shop.short_name
    succeed(server, "segments", "save", name, "finns", FINNS)
    succeed(server, "index", "rebuild", name)
    lines = succeed(server, "segments", "export", name, "finns").splitlines()
    assert [json.loads(line)["external_id"] for line in lines] == [str(each) for each in range(50)]
    assert succeed(server, "segments", "count", name, "finns") == "50\n"
    assert server.process.poll() is None


def test_after_a_kill_the_socket_that_is_left_behind_stops_nobody(server: RunningServer) -> None:
    shop = server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    assert count(shop) == 1
    server.kill()
    left = data_folder(server) / "regulars.sock"
    assert stat.S_ISSOCK(left.stat().st_mode)
    assert count(shop) == 1
    server.restart()
    shop.upload({"external_id": "2", "country": "FI"})
    assert count(shop) == 2
    server.stop()
    assert not left.exists()


def test_a_second_server_on_a_data_folder_says_so_and_ends(sqlite_server: RunningServer) -> None:
    second = sqlite_server.spawn("serve", "--port", "0")
    assert second.status == 1
    assert second.errors.splitlines()[-1] == "regulars: another server runs on this data folder"
    shop = sqlite_server.make_shop()
    assert shop.upload({"external_id": "1", "country": "FI"})["status"] == "done"
    assert count(shop) == 1
    sqlite_server.kill()
    sqlite_server.restart()


def seconds_to_start(server: RunningServer) -> float:
    began = time.monotonic()
    server.restart()
    return time.monotonic() - began


def test_a_server_starts_while_a_command_has_the_index_and_takes_it_afterwards(
    sqlite_server: RunningServer,
) -> None:
    server = sqlite_server
    shop = server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    server.stop()
    usual = seconds_to_start(server)
    server.stop()
    installation = open_installation(read_settings(server.environment))
    held = own_indexes(installation)
    assert is_within(seconds_to_start(server), max(5, 2 * usual))
    remote = RemoteIndexes(data_folder(server))
    with pytest.raises(IndexBusyError):
        remote.count(shop.short_name, FINNS)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(count_apart, shop)
        time.sleep(1)
        held.close()
        assert waiting.result() == 1
    installation.close()


def test_several_commands_at_once_wait_for_each_other(sqlite_server: RunningServer) -> None:
    shop = sqlite_server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    for _ in ("with a server", "without one"):
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(lambda _: count_apart(shop), range(4))) == [1] * 4
        if sqlite_server.process.poll() is None:
            sqlite_server.stop()


def test_a_damaged_index_neither_delays_a_start_nor_gives_a_wrong_count(
    sqlite_server: RunningServer,
) -> None:
    shop = sqlite_server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    assert count(shop) == 1
    sqlite_server.stop()
    usual = seconds_to_start(sqlite_server)
    sqlite_server.stop()
    (file,) = (data_folder(sqlite_server) / "index").glob("*.duckdb")
    for content in (file.read_bytes()[:6000], b"this is no index" * 1000, b""):
        file.write_bytes(content)
        assert is_within(seconds_to_start(sqlite_server), max(5, 2 * usual))
        assert count(shop) == 1
        sqlite_server.stop()


def test_the_index_is_closed_in_time_when_the_server_ends(sqlite_server: RunningServer) -> None:
    shop = sqlite_server.make_shop()
    shop.upload({"external_id": "1", "country": "FI"})
    assert count(shop) == 1
    began = time.monotonic()
    assert sqlite_server.stop() == 0
    assert is_within(time.monotonic() - began, 10)
    assert "Traceback" not in sqlite_server.log


def test_a_server_that_is_killed_in_the_middle_of_an_export_is_not_even_noticed(
    sqlite_server: RunningServer,
) -> None:
    shop = sqlite_server.make_shop()
    shop.upload(*({"external_id": f"{number}", "city": "x" * 5000} for number in range(400)))
    export = subprocess.Popen(
        [sys.executable, "-m", "regulars", "export", shop.short_name, "--where", "city is set"],
        env=sqlite_server.variables(),
        stdout=subprocess.PIPE,
    )
    assert export.stdout is not None
    # More is to come than a pipe holds: the command is in the middle of it.
    first = export.stdout.readline()
    sqlite_server.kill()
    rest = export.stdout.readlines()
    export.stdout.close()
    assert export.wait(60) == 0
    assert [json.loads(line)["external_id"] for line in [first, *rest]] == [
        str(number) for number in range(400)
    ]


def test_a_broken_client_does_not_disturb_the_server(sqlite_server: RunningServer) -> None:
    shop = sqlite_server.make_shop()
    for line in (b"", b"\x00" * 500_000, b"{}\n", b'{"type":"count"'):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(data_folder(sqlite_server) / "regulars.sock"))
            try:
                client.sendall(line)
            except BrokenPipeError:
                continue
    shop.upload({"external_id": "1", "country": "FI"})
    assert count(shop) == 1
