"""Imports that are killed at random moments, and the same ones undisturbed.

Owns what is uploaded, who is killed when, and the comparison afterwards. Every body has a length of
its own: so an import tells which one it is, also where the upload got no answer.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Literal

import httpx

from tests.api.large_import import history_of, register_of, wait_for_all_imports

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.store.contract import ImportRun
    from tests.running_server import RunningServer, Shop

Victim = Literal["worker", "web", "both"]

PATIENCE_SECONDS: Final = 900
"""For an import of any size, on a machine that has other things to do."""
_AT_ANY_TIME: Final = 0.25
"""Of the kills, that many wait for no record: most of them strike while something starts."""
_START_SECONDS: Final = 1.5
"""In which a body is accepted, a worker starts, and reads its first records."""
_MOST_PROGRESS: Final = 0.45
"""Of an import, between two kills: so each is struck several times."""
_TRANSACTION_SECONDS: Final = 0.3
_FORGET_EVERY: Final = 997
_DELETE_EVERY: Final = 499


class KilledImports:
    """A company whose imports are disturbed."""

    def __init__(self, server: RunningServer, records: int, seed: int) -> None:
        self._server: Final = server
        self._shop: Final = server.make_shop()
        self._records: Final = records
        self._random: Final = random.Random(seed)  # noqa: S311 - chance, not a secret
        self._bodies: Final[dict[int, bytes]] = {}
        self._answered: Final[set[str]] = set()
        self._senders: Final[list[threading.Thread]] = []
        self._struck: Final[Counter[str]] = Counter()
        """How many kills came while the server was doing what."""

    def kill(self, victim: Victim, times: int) -> None:
        """Kill that often, each time at a random moment while a large import runs."""
        for _ in range(times):
            is_any_time = self._random.random() < _AT_ANY_TIME
            if not is_any_time:
                # Else all further kills would strike the end that the last one struck.
                self._wait_while(lambda: self._work_under_way() == "ending")
            if self._work_under_way() == "nothing":
                self._send(self._large_body())
            self._send([{"external_id": f"small-{len(self._bodies)}", "city": "Oulu"}])
            if is_any_time:
                # Cubed, as accepting is the shortest part.
                time.sleep(_START_SECONDS * self._random.random() ** 3)
            else:
                self._wait_for_progress()
            self._struck[self._work_under_way()] += 1
            if victim != "web":
                with suppress(ProcessLookupError):  # of the kill before, it is being started again
                    os.kill(self._server.worker_pid, signal.SIGKILL)
            if victim != "worker":
                self._server.kill()
                self._server.restart()
        for sender in self._senders:
            sender.join()
        sys.stdout.write(f"{times} kills of {victim}: {dict(sorted(self._struck.items()))}\n")

    def check(self) -> None:
        """All has ended, nothing that was answered is missing, and all is as it would have been."""
        reports = wait_for_all_imports(self._shop, PATIENCE_SECONDS)
        assert {report["status"] for report in reports} == {"done"}
        assert {report["id"] for report in reports} >= self._answered
        calm = self._server.make_shop()
        runs = register_of(self._shop).store.load_imports(None, len(self._bodies) + 1)[::-1]
        assert len({run.size_bytes for run in runs}) == len(runs)
        for run in runs:
            accepted = calm.post_bytes(self._bodies[run.size_bytes]).json()["import"]
            report = calm.wait(accepted, PATIENCE_SECONDS)
            for name in ("records", "created", "updated", "unchanged", "ignored", "rejected"):
                assert report[name] == getattr(run.report, name), name
        assert self._shop.customers() == calm.customers()
        assert history_of(self._shop) == history_of(calm)

    def _wait_for_progress(self) -> None:
        """Wait until the work has come on by some of it: by time alone, most kills would strike
        nothing on one machine, and the start of a process on another.
        """
        share = min(1, self._share_done() + self._random.uniform(0, _MOST_PROGRESS))
        self._wait_while(lambda: self._share_done() < share)
        time.sleep(self._random.uniform(0, _TRANSACTION_SECONDS * (1 - share)))

    def _wait_while(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while condition():
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def _share_done(self) -> float:
        """How much of what waits first is done; all of it where nothing waits and nothing comes."""
        work = self._work_under_way()
        if work in ("nothing", "ending"):
            return 1
        run = self._first_run() if work == "applying" else None
        return 0 if run is None else run.report.records / (run.records or 1)

    def _work_under_way(self) -> str:
        """What the server does just now, by what can be seen in its store."""
        queued = self._server.installation.store.line.load_queued_imports(self._shop.short_name)
        if not queued and any(sender.is_alive() for sender in self._senders):
            return "accepting"
        if not queued:
            return "nothing"
        run = self._first_run()
        if run is None or not run.report.records:
            return "starting"
        return "ending" if run.report.records == run.records else "applying"

    def _first_run(self) -> ImportRun | None:
        queued = self._server.installation.store.line.load_queued_imports(self._shop.short_name)
        return register_of(self._shop).store.find_import(queued[0].id) if queued else None

    def _send(self, records: list[dict[str, object]]) -> None:
        body = json.dumps(records).encode()
        while len(body) in self._bodies:
            body += b" "
        self._bodies[len(body)] = body
        sender = threading.Thread(target=self._upload, args=(self._shop, body))
        self._senders.append(sender)
        sender.start()

    def _upload(self, shop: Shop, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        with shop.server.client(shop.token) as client, suppress(httpx.TransportError):
            reply = client.post("/api/customers/upload/", content=body, headers=headers)
            if reply.status_code == httpx.codes.OK:
                self._answered.add(reply.json()["import"]["id"])

    def _large_body(self) -> list[dict[str, object]]:
        """Records that make customers, change them again, delete and forget some."""
        return [self._record(number) for number in range(self._records)]

    def _record(self, number: int) -> dict[str, object]:
        customer = self._random.randrange(self._records)
        record: dict[str, object] = {"external_id": str(customer), "tags.add": [str(number % 7)]}
        if number % _FORGET_EVERY == _FORGET_EVERY - 1:
            return {"external_id": str(customer), "is_forgotten": True}
        if number % _DELETE_EVERY == _DELETE_EVERY - 1:
            return {"external_id": str(customer), "is_deleted": True}
        if number % 2:
            record["email"] = f"p{customer}@example.org"
        return record
