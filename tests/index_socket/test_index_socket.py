"""The socket: answers as the indexes give them, whatever other clients do."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from regulars.errors import (
    ConflictError,
    IndexBusyError,
    RegularsError,
    StoreUnavailableError,
    TooBusyError,
    UnknownNameError,
)
from regulars.index_socket import place, server
from regulars.index_socket.client import NoServerError, RemoteIndexes
from regulars.index_socket.messages import MOST_LINE_BYTES
from regulars.index_socket.nearest import NearestIndexes
from regulars.index_socket.server_lock import ServerLock
from regulars.services.index_access import Measured
from tests.index_socket.conftest import MadeUpIndexes, listening, raw_client

if TYPE_CHECKING:
    from pathlib import Path

CONDITION = 'city = "Åbo" and not (tags has any (vip))'


# Answers


def test_every_question_is_answered_as_the_indexes_answer_it(folder: Path) -> None:
    remote = RemoteIndexes(folder)
    shares: list[float] = []
    assert remote.count("acme", CONDITION) == len(CONDITION)
    assert remote.find_ids("acme", CONDITION, after=2**40, limit=2) == [2**40 + 1, 2**40 + 2]
    assert remote.measure("acme", CONDITION) == Measured(7, {"email": 3, "sms": 0})
    remote.rebuild("acme", shares.append)
    assert shares == [0.0, 0.5, 1.0]


def test_a_large_page_of_ids_comes_over_whole(folder: Path) -> None:
    ids = RemoteIndexes(folder).find_ids("acme", CONDITION, after=10**9, limit=50_000)
    assert ids == list(range(10**9 + 1, 10**9 + 50_001))


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (UnknownNameError("company", "acme"), RegularsError),
        (TooBusyError("too many"), TooBusyError),
        (IndexBusyError(0.25, 7), IndexBusyError),
    ],
)
def test_a_failure_comes_over_with_its_message(
    folder: Path, indexes: MadeUpIndexes, raised: Exception, expected: type[Exception]
) -> None:
    indexes.fail = raised
    with pytest.raises(expected) as caught:
        RemoteIndexes(folder).count("acme", CONDITION)
    assert str(caught.value) == str(raised)
    if isinstance(caught.value, IndexBusyError):
        assert (caught.value.progress, caught.value.retry_after_seconds) == (0.25, 7)


def test_a_fault_of_ours_tells_no_values(
    folder: Path, indexes: MadeUpIndexes, caplog: pytest.LogCaptureFixture
) -> None:
    indexes.fail = ZeroDivisionError("ada@example.org")
    with pytest.raises(RegularsError, match="its log says more"):
        RemoteIndexes(folder).count("acme", CONDITION)
    assert "ZeroDivisionError" in caplog.text
    assert "ada@" not in caplog.text


def test_many_clients_are_answered_at_once(folder: Path) -> None:
    remote = RemoteIndexes(folder)
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda number: remote.count("acme", "x" * number), range(200)))
    assert counts == list(range(200))


# The file


def test_the_socket_is_for_its_owner_only_from_its_first_moment(
    tmp_path: Path, indexes: MadeUpIndexes
) -> None:
    seen: list[tuple[int, int]] = []
    bind = socket.socket.bind

    def spy(self: socket.socket, address: str) -> None:
        bind(self, address)
        # Whatever its own mode is: nobody else gets through the folder that it lies in.
        seen.append((stat.S_IMODE(os.stat(os.path.dirname(address)).st_mode), len(seen)))  # noqa: PTH116, PTH120

    umask = os.umask(0)
    try:
        with patch.object(socket.socket, "bind", spy), listening(tmp_path, indexes):
            assert stat.S_IMODE((tmp_path / place.NAME).stat().st_mode) == 0o600
    finally:
        os.umask(umask)
    assert seen == [(0o700, 0)]
    assert list(tmp_path.iterdir()) == []


def test_a_socket_that_a_crash_left_there_means_no_server_and_is_replaced(
    tmp_path: Path, indexes: MadeUpIndexes
) -> None:
    place.listen(tmp_path).close()
    (tmp_path / ".socket").mkdir()
    (tmp_path / ".socket" / place.NAME).touch()
    with pytest.raises(NoServerError):
        RemoteIndexes(tmp_path).count("acme", CONDITION)
    with listening(tmp_path, indexes):
        assert RemoteIndexes(tmp_path).count("acme", "x") == 1


def test_a_folder_with_a_long_path_has_a_socket_as_well(
    tmp_path: Path, indexes: MadeUpIndexes
) -> None:
    folder = tmp_path / ("å" * 100) / "data"
    folder.mkdir(parents=True)
    with listening(folder, indexes):
        assert stat.S_ISSOCK((folder / place.NAME).stat().st_mode)
        assert RemoteIndexes(folder).count("acme", "x") == 1


def test_where_no_socket_can_be_the_log_says_so(
    tmp_path: Path, indexes: MadeUpIndexes, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(tmp_path / "missing", indexes):
        assert "commands cannot use the index" in caplog.text


# Clients that behave badly


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"\xff\xfe\n",
        b"[]\n",
        b'"count"\n',
        b'{"type":"drop"}\n',
        b'{"type":"count","company":"acme"}\n',
        b'{"type":"count","company":7,"condition":null}\n',
        b"[" * 200_000 + b"\n",
        b"x" * (MOST_LINE_BYTES + 100_000) + b"\n",
    ],
)
def test_a_request_that_cannot_be_read_is_refused_and_asks_nothing(
    folder: Path, indexes: MadeUpIndexes, line: bytes
) -> None:
    with raw_client(folder) as client:
        with suppress(BrokenPipeError):  # It may be refused before its end.
            client.sendall(line)
        try:
            reply = json.loads(client.makefile("rb").readline())
        except ConnectionResetError:
            reply = {"type": "failure"}  # The same, for a reader that was slower still.
    assert reply["type"] == "failure"
    assert indexes.asked == []
    assert RemoteIndexes(folder).count("acme", "x") == 1


def test_clients_that_say_nothing_are_sent_away_and_hold_up_nobody(folder: Path) -> None:
    with (
        patch.object(server, "REQUEST_SECONDS", 0.3),
        raw_client(folder) as silent,
        raw_client(folder) as slow,
    ):
        slow.sendall(b'{"type":"count",')
        assert RemoteIndexes(folder).count("acme", "x") == 1
        assert silent.recv(1) == b""
        assert slow.recv(1) == b""


def test_no_more_clients_than_a_bound_are_served(tmp_path: Path, indexes: MadeUpIndexes) -> None:
    remote = RemoteIndexes(tmp_path)
    with patch.object(server, "MOST_CLIENTS", 1), listening(tmp_path, indexes):
        with raw_client(tmp_path), pytest.raises(TooBusyError):
            remote.count("acme", "x")
        # Once the server has seen that the first one has gone.
        assert count_patiently(remote) == 1


def count_patiently(remote: RemoteIndexes) -> int:
    deadline = time.monotonic() + 10
    while True:
        try:
            return remote.count("acme", "x")
        except TooBusyError:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_client_that_goes_away_before_its_answer_does_no_harm(
    folder: Path, indexes: MadeUpIndexes
) -> None:
    for _ in range(50):
        with raw_client(folder) as client:
            client.sendall(b'{"type":"rebuild","company":"acme"}\n')
    assert RemoteIndexes(folder).count("acme", "x") == 1
    assert "rebuild acme" in indexes.asked


# A server that ends


def test_a_client_whose_server_ends_is_told_so(tmp_path: Path) -> None:
    asked, may_end = threading.Event(), threading.Event()

    class Slow(MadeUpIndexes):
        def count(self, company: str, condition: str) -> int:
            asked.set()
            may_end.wait(10)
            return super().count(company, condition)

    with ThreadPoolExecutor(1) as pool, listening(tmp_path, Slow()) as ending:
        waiting = pool.submit(RemoteIndexes(tmp_path).count, "acme", "x")
        assert asked.wait(10)
        ending.stop()
        with pytest.raises(StoreUnavailableError, match="ended before"):
            waiting.result(10)
        may_end.set()


@pytest.mark.parametrize("said", [b"", b'{"type":"answ', b"{}\n", b"no\n", b'{"type":"answer"}\n'])
def test_an_answer_that_cannot_be_read_is_no_answer(tmp_path: Path, said: bytes) -> None:
    with place.listen(tmp_path) as listener, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(RemoteIndexes(tmp_path).count, "acme", "x")
        client, _ = listener.accept()
        with client:
            client.makefile("rb").readline()
            client.sendall(said)
        with pytest.raises(StoreUnavailableError):
            waiting.result(10)


# Locks, and who has the indexes open


def test_there_is_one_server_on_a_folder(tmp_path: Path) -> None:
    lock = ServerLock(tmp_path)
    with pytest.raises(ConflictError, match="another server"):
        ServerLock(tmp_path)
    lock.release()
    ServerLock(tmp_path).release()


def taken() -> MadeUpIndexes:
    raise ConflictError("another process holds the index")


def test_a_server_is_asked_where_one_runs_and_nothing_is_opened(folder: Path) -> None:
    nearest = NearestIndexes(folder, taken)
    assert nearest.count("acme", "x") == 1
    assert nearest.measure("acme", "x").customers == 7
    nearest.close()


def test_without_a_server_the_indexes_are_opened_once_and_closed(
    tmp_path: Path, indexes: MadeUpIndexes
) -> None:
    waiting = [indexes]
    nearest = NearestIndexes(tmp_path, waiting.pop)
    assert nearest.find_ids("acme", "x", after=0, limit=1) == [1]
    assert nearest.count("acme", "xx") == 2
    nearest.close()
    assert waiting == []
    assert indexes.is_closed


def test_a_server_that_starts_in_between_is_asked_by_those_who_wait_for_another_command(
    tmp_path: Path, indexes: MadeUpIndexes
) -> None:
    nearest = NearestIndexes(tmp_path, taken)
    with pytest.raises(TooBusyError, match="another command"):
        nearest.count("acme", "x")
    with listening(tmp_path, indexes):
        assert nearest.count("acme", "x") == 1
