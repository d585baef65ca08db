"""`./run demo` as a process: what a newcomer meets first."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from regulars.app import nearest_indexes, open_installation
from regulars.demo.__main__ import USER
from regulars.services.segments import Segments
from regulars.settings import Settings
from tests.commands import COMMAND_SECONDS
from tests.running_server import reserve_port
from tests.site import find_token

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS: Final = 300
WAIT_SECONDS: Final = 120


class Demo:
    """A running demo and what it has printed so far."""

    def __init__(self, data: Path) -> None:
        self._output: Final = data.with_suffix(".txt")
        self._log: Final = data.with_suffix(".log")
        self._reserved: Final = reserve_port()
        port: int = self._reserved.getsockname()[1]
        with self._output.open("wb") as output, self._log.open("wb") as log:
            self.process: Final = subprocess.Popen(
                command(data, port),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
                env=environment(),
            )

    @property
    def text(self) -> str:
        return self._output.read_text("utf-8")

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while words not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.05)

    def curl_lines(self) -> list[str]:
        """The printed commands, each on one line."""
        joined = self.text.replace("\\\n", " ")
        return re.findall(r"^ +(curl .*)$", joined, re.MULTILINE)

    def count_line(self) -> str:
        """The printed command that counts, on one line."""
        joined = self.text.replace("\\\n", " ")
        (line,) = re.findall(r"^ +(REGULARS_DATA=.*)$", joined, re.MULTILINE)
        return str(line)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end of the process; gives its exit status."""
        status = self.process.wait(WAIT_SECONDS)
        self._reserved.close()
        return status


def command(data: Path, port: int) -> list[str]:
    arguments = ["--records", str(RECORDS), "--port", str(port), "--data", str(data)]
    return [sys.executable, "-m", "regulars.demo", *arguments]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "REGULARS" not in name}


@contextmanager
def running_demo(data: Path) -> Iterator[Demo]:
    demo = Demo(data)
    try:
        demo.wait_for("Upload one:")
        demo.wait_for("can_email = true")
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.stop()


def token_in(text: str) -> str:
    found = re.search(r"^ *Token +(\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def url_in(text: str) -> str:
    """The server's address that a demo has printed."""
    found = re.search(r"^ *Pages +(\S+)/$", text, re.MULTILINE)
    assert found, text
    return found[1]


def password_in(text: str) -> str:
    found = re.search(r"^ *password +(\S+)$", text, re.MULTILINE)
    assert found, text
    return found[1]


def can_sign_in(url: str, password: str) -> bool:
    with httpx.Client(base_url=url) as http:
        token = find_token(http.get("/sign-in/").text)
        form = {"email": USER, "password": password, "_csrf": token}
        return http.post("/sign-in/", data=form).status_code == httpx.codes.SEE_OTHER


def refused(data: Path, port: int) -> str:
    """What a demo that does not start says on standard error."""
    ended = subprocess.run(
        command(data, port),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        env=environment(),
        check=False,
    )
    assert ended.returncode == 1
    return ended.stderr


def test_the_printed_addresses_and_commands_work_as_they_stand(tmp_path: Path) -> None:
    with running_demo(tmp_path / "data") as demo:
        assert can_sign_in(url_in(demo.text), password_in(demo.text))
        page = re.search(r"http://\S+/api/docs/", demo.text)
        assert page
        assert httpx.get(page[0]).status_code == 200

        replies = [
            subprocess.run(
                ["bash", "-c", line],
                capture_output=True,
                text=True,
                timeout=COMMAND_SECONDS,
                check=True,
            ).stdout
            for line in [*demo.curl_lines(), demo.count_line()]
        ]

    read, upload, count = replies
    assert '"count":1' in read
    assert '"response":"ok"' in upload
    assert '"created":1' in upload
    assert 0 < int(count) < RECORDS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_the_next_start_finds_customers_and_token(
    number: signal.Signals, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    with running_demo(data) as demo:
        first = demo.text
        assert demo.stop(number) == 0
        # Nothing complains of the end.
        assert "Finished server process" in demo.log.splitlines()[-1]
    with running_demo(data) as demo:
        second = demo.text

    assert f"importing {RECORDS} customers" in first
    assert f"{RECORDS} customers are there" in second
    assert token_in(first) == token_in(second)
    assert password_in(first) == password_in(second)


def test_a_start_that_was_killed_is_made_good_by_the_next(tmp_path: Path) -> None:
    data = tmp_path / "data"
    killed = Demo(data)
    killed.wait_for("importing")
    killed.process.kill()
    killed.ended()

    with running_demo(data) as demo:
        reply = httpx.get(
            f"{url_in(demo.text)}/api/data/customers/?limit=1",
            headers={"Authorization": f"Bearer {token_in(demo.text)}"},
        )

    # A few records belong to one customer.
    assert RECORDS * 0.9 < reply.json()["count"] <= RECORDS


def test_a_port_that_is_taken_is_named_with_the_way_to_another(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        message = refused(tmp_path / "data", port)

    assert message.count("\n") == 1
    assert f"port {port} cannot be used" in message
    assert "--port" in message
    assert not (tmp_path / "data").exists()


def test_made_up_customers_never_join_a_company_that_is_not_the_demos(tmp_path: Path) -> None:
    data = tmp_path / "data"
    installation = open_installation(Settings(data=str(data)))
    installation.create_company(
        "demo", name="Demolition Ltd", timezone="Europe/London", country="GB", actor="test"
    )
    installation.close()

    with reserve_port() as reserved:
        assert "not ours" in refused(data, reserved.getsockname()[1])


def test_the_demo_has_segments_that_hold_somebody(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_demo(data):
        pass
    installation = open_installation(Settings(data=str(data)))
    register = installation.open_register("demo")
    with nearest_indexes(installation) as indexes:
        counts = {
            each.name: indexes.count("demo", each.condition)
            for each in Segments(installation).load(register)
        }
    installation.close()
    assert len(counts) >= 5
    # On some days of the year nobody of so few has a birthday soon.
    assert sum(count > 0 for count in counts.values()) >= len(counts) - 1, counts
