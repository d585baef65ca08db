"""How long small uploads and reads take over HTTP: idle, and while a large import runs.

Owns a running server and its clients. A time says little by itself, since it is mostly the disk's:
beside it stands that of a commit of the store, taken by turns with it.
"""

from __future__ import annotations

import argparse
import itertools
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.machine import Machine, describe_machine
from benchmarks.made_up import COMPANY, records
from benchmarks.places import places
from regulars.store.contract import IdempotencyKey
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.places import Places
    from tests.running_server import RunningServer, Shop

PERIOD_SECONDS: Final = 0.1
"""Between the requests of one client while a large import runs."""
_REST_SECONDS: Final = 0.01
"""Between measurements on an idle server."""
_MILLISECONDS: Final = 1000
_CONDITION: Final = "language = FI and tags has any (vip, garden)"
_numbers: Final = itertools.count()


class Times(msgspec.Struct, frozen=True):
    """How long something took, each time it was done."""

    name: str
    milliseconds: list[float]
    statuses: list[str]
    """What was answered each time."""

    def quantile(self, share: float) -> float:
        """The time that this share of all did not exceed, in milliseconds."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Latency(msgspec.Struct, frozen=True):
    """Everything that one call measured; rates are records a second of the large import."""

    machine: Machine
    times: list[Times]
    rate_alone: float
    rate_beside: float

    def print_to(self, console: Console) -> None:
        """Print the table."""
        commit = self.times[0].quantile(0.5)
        table = Table(title=f"{self.machine.database}, load {self.machine.load}")
        for heading in ("", "times", "p50, ms", "p99, ms", "p50 in commits", "answers"):
            table.add_column(heading)
        for each in self.times:
            p50, p99 = each.quantile(0.5), each.quantile(0.99)
            table.add_row(
                each.name, str(len(each.milliseconds)), f"{p50:.1f}", f"{p99:.1f}",
                f"{p50 / commit:.1f}", ", ".join(sorted(set(each.statuses))),
            )  # fmt: skip
        console.print(table)
        share = self.rate_beside / self.rate_alone
        console.print(
            f"large import: {self.rate_alone:,.0f} records a second alone, "
            f"{self.rate_beside:,.0f} beside the clients, {share:.2f} of it"
        )


def measure_latency(places: Places, large_records: int, uploads: int) -> Latency:
    """Small uploads to an idle server, then beside a large import of the same and another company,
    and reads of what that import has made.
    """
    machine = describe_machine(places.server_url)
    with (
        places.fresh() as (folder, database_url),
        running_server(Path(folder) / "data", database_url) as server,
        closing(_Uploads(server)) as behind,
        closing(_Uploads(server)) as beside,
    ):
        lines = list(records("unordered", 0, large_records))
        small = server.make_shop()
        small.upload({"external_id": "0"})
        commits, idle = _measure_idle(server, small, uploads)
        rate_alone = _Large(server, lines).rate()
        large = _Large(server, lines)
        clients = [
            _Client("accepted behind it, same company", behind, large.shop, large),
            _Client("applied beside it, other company", beside, small, large),
            _Client("a customer of it read", large.read_customer, large.shop, large),
            _Client("it is followed", large.follow, large.shop, large),
        ]
        rate_beside = _run_beside(large, clients)
        # Apart from the others: to count, the index has to take over what was imported so far.
        counted = _Large(server, lines)
        counting = _Client("customers of another one counted", counted.count, counted.shop, counted)
        _run_beside(counted, [counting])
        clients.append(counting)
        times = [commits, idle, *(client.times for client in clients)]
        return Latency(machine, times, rate_alone, rate_beside)


def _run_beside(large: _Large, clients: list[_Client]) -> float:
    """Have clients send until a large import ends; gives its rate."""
    for client in clients:
        client.thread.start()
    rate = large.rate()
    for client in clients:
        client.thread.join()
    return rate


def main(arguments: list[str]) -> Latency:
    """`./run bench latency`: measure, and print the table."""
    parser = argparse.ArgumentParser(prog="./run bench latency", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000, help="of the large import")
    parser.add_argument("--uploads", type=int, default=300, help="to the idle server")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    options = parser.parse_args(arguments)
    with places(options.engine) as where:
        latency = measure_latency(where, options.records, options.uploads)
    if options.json is not None:
        options.json.write_bytes(msgspec.json.encode(latency))
    latency.print_to(Console())
    return latency


class _Large:
    """A large import, begun at once."""

    def __init__(self, server: RunningServer, lines: list[str]) -> None:
        self.shop: Final = server.make_shop()
        # The company's own field must be one of this company, or each record has a problem.
        body = "".join(lines).replace(f"{COMPANY.upper()}__", self.shop.prefix).encode()
        self._customer: Final = msgspec.json.decode(lines[0])["external_id"]
        self._store: Final = server.installation.open_register(self.shop.short_name).store
        _, self._counting = server.access.create_token(
            self.shop.short_name, "counts", ["POST /api/conditions/count/"], actor="test"
        )
        # Its answer comes only after a while.
        self._sender: Final = threading.Thread(target=self._send, args=(server, body))
        self._sender.start()
        while not (runs := self._store.load_imports(None, 1)):
            time.sleep(PERIOD_SECONDS)
        self._id: Final = runs[0].id

    def _send(self, server: RunningServer, body: bytes) -> None:
        headers = {"Content-Type": "application/x-ndjson"}
        with server.client(self.shop.token) as client:
            client.post("/api/customers/upload/", content=body, headers=headers)

    def is_running(self) -> bool:
        """Whether it has not ended."""
        run = self._store.find_import(self._id)
        return run is None or run.ended_at is None

    def read_customer(self, shop: Shop) -> str:
        """Read the first customer that it made; gives what was answered."""
        reply = shop.http.get("/api/data/customers/", params={"external_id": self._customer})
        return f"{reply.status_code}, {reply.json()['count']} found"

    def follow(self, shop: Shop) -> str:
        """Ask how far it is; gives what was answered."""
        reply = shop.http.get(f"/api/imports/{self._id}/")
        return f"{reply.status_code}, {reply.json()['import']['status']}"

    def count(self, shop: Shop) -> str:
        """Count its customers by a condition, as they are; gives what was answered."""
        body = {"where": _CONDITION}
        # A token without scopes, such as that of the uploads, may not.
        headers = {"Authorization": f"Bearer {self._counting}"}
        reply = shop.http.post("/api/conditions/count/", json=body, headers=headers)
        return str(reply.status_code)

    def rate(self) -> float:
        """Wait for its end; gives records a second."""
        while self.is_running():
            time.sleep(PERIOD_SECONDS)
        self._sender.join()
        run = self._store.find_import(self._id)
        if run is None or run.ended_at is None or run.status != "done":
            raise AssertionError(run)
        return run.report.records / (run.ended_at - run.started_at).total_seconds()


class _Client:
    """Sends one request after the other, with a rest in between, in a thread of its own."""

    def __init__(self, name: str, send: Callable[[Shop], str], shop: Shop, beside: _Large) -> None:
        self.times: Final = Times(name, [], [])
        self.thread: Final = threading.Thread(target=self._run)
        self._send: Final = send
        self._shop: Final = shop
        self._beside: Final = beside

    def _run(self) -> None:
        # Once in any case: a small import has ended before the first look at it.
        while True:
            _measure(self._send, self._shop, self.times)
            time.sleep(PERIOD_SECONDS)
            if not self._beside.is_running():
                return


def _measure_idle(server: RunningServer, shop: Shop, uploads: int) -> tuple[Times, Times]:
    commits, idle = Times("commit of the store", [], []), Times("upload, idle", [], [])
    with closing(_Uploads(server)) as upload:
        for _ in range(uploads):
            # What an answered upload leaves to be done is not to count for what comes next.
            time.sleep(_REST_SECONDS)
            _commit(server, shop, commits)
            time.sleep(_REST_SECONDS)
            _measure(upload, shop, idle)
    return commits, idle


def _commit(server: RunningServer, shop: Shop, times: Times) -> None:
    installation = server.installation
    name = f"k{next(_numbers)}"
    key = IdempotencyKey(shop.short_name, name, b"", None, installation.now())
    began = time.perf_counter()
    installation.store.line.use_idempotency_key(key, key.created_at)
    times.milliseconds.append((time.perf_counter() - began) * _MILLISECONDS)
    times.statuses.append("done")


def _measure(send: Callable[[Shop], str], shop: Shop, times: Times) -> None:
    began = time.perf_counter()
    answer = send(shop)
    times.milliseconds.append((time.perf_counter() - began) * _MILLISECONDS)
    times.statuses.append(answer)


class _Uploads:
    """Uploads one record at a time, on a connection that stays open.

    Not by the clients of the tests: httpx takes a millisecond of its own for a request.
    """

    def __init__(self, server: RunningServer) -> None:
        self._http: Final = HTTPConnection("127.0.0.1", server.port)

    def __call__(self, shop: Shop) -> str:
        """Upload a record that nobody else has; gives what became of it."""
        number = next(_numbers)
        record = {"external_id": f"late-{number}", "email": f"late{number}@example.org"}
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {shop.token}"}
        body = msgspec.json.encode([record])
        self._http.request("POST", "/api/customers/upload/", body, headers)
        reply = msgspec.json.decode(self._http.getresponse().read())
        status: str = reply["import"]["status"]
        return status

    def close(self) -> None:
        """Close the connection."""
        self._http.close()
