"""A small upload is applied as it is accepted: whoever got an answer finds it, however the server
ends.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx

from tests.api.large_import import history_of
from tests.busy import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.running_server import RunningServer, Shop

KILLS = 3
CLIENTS = 3
ANSWERS = 20
LONGEST_SECONDS = 0.05


class Sender:
    """A client that uploads one customer after the other, and notes which of them were answered."""

    def __init__(self, shop: Shop, name: str) -> None:
        self.sent: list[str] = []
        self.answered: dict[str, str] = {}
        self.is_stopped = False
        self._shop = shop
        self._name = name
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self._shop.server.client(self._shop.token) as client:
            while not self.is_stopped:
                external_id = f"{self._name}-{len(self.sent)}"
                self.sent.append(external_id)
                with suppress(httpx.TransportError):
                    body = [{"external_id": external_id, "city": "Oulu"}]
                    reply = client.post("/api/customers/upload/", json=body)
                    if reply.status_code == httpx.codes.OK:
                        self.answered[external_id] = reply.json()["import"]["id"]
                        continue
                time.sleep(0.05)


def test_small_uploads_are_there_once_they_are_answered(
    start_server: Callable[..., RunningServer],
) -> None:
    seed = time.time_ns()
    sys.stdout.write(f"seed {seed}\n")  # shown where the test fails
    chance = random.Random(seed)  # noqa: S311 - chance, not a secret
    shop = start_server().make_shop()
    senders = [Sender(shop, f"c{number}") for number in range(CLIENTS)]

    def count_answers() -> int:
        return sum(len(sender.answered) for sender in senders)

    for kill in range(1, KILLS + 1):
        wait_until(lambda: count_answers() >= ANSWERS * kill)  # noqa: B023 - at once
        time.sleep(LONGEST_SECONDS * chance.random())
        shop.server.kill()
        shop.server.restart()
    for sender in senders:
        sender.is_stopped = True
        sender.thread.join()
    answered = {key: id_ for sender in senders for key, id_ in sender.answered.items()}
    sent = {key for sender in senders for key in sender.sent}
    imports = shop.http.get("/api/imports/", params={"limit": 1000}).json()["imports"]
    for each in imports:
        assert shop.wait(each)["status"] == "done"
    assert len(answered) >= ANSWERS * KILLS
    assert {each["id"] for each in imports} >= set(answered.values())
    there = [str(customer["external_id"]) for customer in shop.customers()]
    assert len(set(there)) == len(there)
    assert set(answered) <= set(there) <= sent
    assert len(history_of(shop)) == len(there) == len(imports)
