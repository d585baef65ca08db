"""A real server for tests: `regulars serve` as a process, and companies made behind its back.

Owns starting and stopping. Everything that a test does to it goes over a socket, as a client's.
"""

from __future__ import annotations

import itertools
import secrets
import socket
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
from argon2.profiles import CHEAPEST

from regulars.app import open_installation
from regulars.services.access import Access
from regulars.services.passwords import Passwords
from regulars.settings import read_settings
from tests.busy import wait_until
from tests.commands import Done, run_command, spawn_command, without_settings
from tests.processes import workers_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from regulars.services.installation import Installation

START_SECONDS: Final = 120
"""A machine that has much else to do takes more than 30 to start Python."""
STOP_SECONDS: Final = 12
WORKER_IS_READY: Final = b"the worker is ready"
WAIT_SECONDS: Final = 120

NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients, which speak plain HTTP here: reading the system's certificates for each of them
takes longer than most tests.
"""

_numbers = itertools.count(1)


class Shop:
    """A company of a running server, as its integrator meets it."""

    def __init__(
        self, server: RunningServer, short_name: str, token: str, address: str | None = None
    ) -> None:
        self.server: Final = server
        self.short_name: Final = short_name
        self.token: Final = token
        self._address: Final = address
        self.http: Final = self.client(token)

    @property
    def prefix(self) -> str:
        """What the company's own fields begin with."""
        return f"{self.short_name.upper()}__"

    def client(self, token: str | None = None) -> httpx.Client:
        """A client that sends a token, or nothing, from the address of this shop's."""
        return self.server.client(token, address=self._address)

    def upload(self, *records: object) -> dict[str, Any]:
        """Upload records, wait for the end of the import, give its report."""
        reply = self.post({"customers": list(records)})
        body = reply.json()
        report: dict[str, Any] = body["import"] if "import" in body else body["error"]["import"]
        return self.wait(report)

    def upload_in_parts(self, records: Sequence[object], size: int = 100) -> list[dict[str, Any]]:
        """Upload records, so few at a time that one address on all of them holds no import."""
        parts = [records[start : start + size] for start in range(0, len(records), size)]
        return [self.upload(*part) for part in parts]

    def post(self, payload: object, **options: Any) -> httpx.Response:
        """Upload any JSON, and give the answer as it is."""
        return self.http.post("/api/customers/upload/", json=payload, **options)

    def post_bytes(
        self, body: bytes, content_type: str = "application/json", **options: Any
    ) -> httpx.Response:
        """Upload any bytes, and give the answer as it is."""
        headers = {"Content-Type": content_type, **options.pop("headers", {})}
        return self.http.post("/api/customers/upload/", content=body, headers=headers, **options)

    def end_of(self, import_id: str) -> dict[str, Any]:
        """The report of an import once it has ended, whatever is known of it."""
        return self.wait({"id": import_id, "status": "queued"})

    def wait(self, report: dict[str, Any], seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        """The report of an import once it has ended, in that time."""
        deadline = time.monotonic() + seconds
        while report["status"] in ("queued", "running"):
            assert time.monotonic() < deadline, report
            time.sleep(0.05)
            report = self.http.get(f"/api/imports/{report['id']}/").json()["import"]
        return report

    def customers(self, **parameters: str) -> list[dict[str, Any]]:
        """Customers read back, all pages."""
        found: list[dict[str, Any]] = []
        url: str | None = str(
            httpx.URL("/api/data/customers/", params={"limit": "10000", **parameters})
        )
        while url is not None:
            reply = self.http.get(url)
            assert reply.status_code == 200, reply.text
            found += reply.json()["customers"]
            url = reply.json().get("next_url")
        return found

    def customer(self, external_id: str) -> dict[str, Any] | None:
        """The customer with an external_id."""
        found = self.customers(external_id=external_id)
        assert len(found) <= 1
        return found[0] if found else None


class RunningServer:
    """A server process on a data folder, and the same installation opened beside it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment: Final = dict(environment)
        self._reserved: Final = reserve_port()
        self.port: Final[int] = self._reserved.getsockname()[1]
        self.url: Final = f"http://127.0.0.1:{self.port}"
        self.installation: Final[Installation] = open_installation(read_settings(self.environment))
        # Users are made so often that the cost of their passwords would be most of a test.
        self.access: Final = Access(self.installation, Passwords(CHEAPEST))
        self._clients: Final[list[httpx.Client]] = []
        self._log_path: Final = Path(environment["REGULARS_DATA"]).with_suffix(".log")
        self._logged_before = 0
        self.process = self._start()

    @property
    def log(self) -> str:
        """All that the server has logged so far."""
        return self._log_path.read_text(encoding="utf-8")

    @property
    def worker_pid(self) -> int:
        """The server's worker process."""
        deadline = time.monotonic() + START_SECONDS
        while not (workers := workers_of(self.process.pid)):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return workers[0]

    def await_worker(self) -> None:
        """Wait until the worker that was started last runs imports: the web process answers before
        its own does.
        """
        wait_until(lambda: WORKER_IS_READY in self._log_path.read_bytes()[self._logged_before :])

    def client(self, token: str | None = None, *, address: str | None = None) -> httpx.Client:
        """A client that sends a token, or nothing. It comes from an address of the network, which
        the system chooses by default: all of 127.0.0.0/8 is this machine.
        """
        client = httpx.Client(
            base_url=self.url,
            headers={} if token is None else {"Authorization": f"Bearer {token}"},
            timeout=WAIT_SECONDS,
            transport=httpx.HTTPTransport(verify=NO_TLS, local_address=address),
        )
        self._clients.append(client)
        return client

    def make_shop(
        self,
        *,
        timezone: str = "Europe/Helsinki",
        country: str = "FI",
        address: str | None = None,
    ) -> Shop:
        """A new company with a token; its clients come from an address of the network."""
        short_name = f"shop{next(_numbers)}"
        self.installation.create_company(
            short_name, name="Shop", timezone=timezone, country=country, actor="test"
        )
        _, secret = self.access.create_token(short_name, "test", actor="test")
        return Shop(self, short_name, secret, address)

    def regulars(self, *arguments: str, stdin: str = "") -> Done:
        """Run the command line on the same installation, in this process."""
        return run_command(arguments, self.variables(), stdin=stdin)

    def spawn(self, *arguments: str) -> Done:
        """Run it as a process of its own, as several at once must be."""
        return Done.of(spawn_command(arguments, self.variables()))

    def further_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker beside the server's own; ended by the caller."""
        with self._log_path.open("ab") as log:
            self._logged_before = log.tell()
            return subprocess.Popen(
                [sys.executable, "-m", "regulars", "worker"], env=self.variables(), stderr=log
            )

    def kill(self) -> None:
        """End the process at once, as a power failure would."""
        self.process.kill()
        self.process.wait(STOP_SECONDS)

    def restart(self) -> None:
        """Start the process anew, on the same port."""
        self.process = self._start()

    def stop(self) -> int:
        """End the process as a system does; gives its exit status."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def close(self) -> None:
        """End everything that this object began."""
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.stop()
        self.installation.close()
        self._reserved.close()

    def variables(self) -> dict[str, str]:
        """The environment of a process of this installation."""
        return without_settings() | self.environment

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log_path.open("ab") as log:
            self._logged_before = log.tell()
            process = subprocess.Popen(
                [sys.executable, "-m", "regulars", "serve", "--port", str(self.port)],
                env=self.variables(),
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", verify=NO_TLS).status_code == httpx.codes.OK:
                    return process
            except httpx.TransportError:
                time.sleep(0.05)
        process.kill()
        msg = "the server did not start"
        raise RuntimeError(msg)


@contextmanager
def running_server(data: Path, database_url: str = "", **settings: str) -> Iterator[RunningServer]:
    """A server for the block. Settings are named without their prefix, in lower case."""
    environment = {"REGULARS_DATA": str(data), "REGULARS_REQUESTS_PER_MINUTE": "1000000"}
    if database_url:
        environment["REGULARS_DATABASE_URL"] = database_url
    environment |= {f"REGULARS_{name.upper()}": value for name, value in settings.items()}
    server = RunningServer(environment)
    try:
        yield server
    finally:
        server.close()


def reserve_port() -> socket.socket:
    """A TCP port that no other test takes while this stays open: the socket, of datagrams, has the
    same number. It is none that a connection is given as its own, so that it is free again after
    a kill, too.
    """
    while True:
        held = socket.socket(type=socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", 10_000 + secrets.randbelow(20_000)))
            with socket.socket() as probe:
                probe.bind(held.getsockname())
        except OSError:
            held.close()
        else:
            return held
