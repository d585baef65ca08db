"""Paging through a segment gives every customer that is there throughout exactly once, whatever is
written meanwhile (SPEC section 10).
"""

from __future__ import annotations

from collections import Counter
from threading import Condition, Thread
from typing import TYPE_CHECKING, Self

import pytest

from regulars.services.segments import Segments

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop

STAYING = 2_000
"""Customers who are in the segment throughout; each may change in other ways."""
LEAVING = 800
"""Customers who are deleted, forgotten or leave the segment at some time."""
PAGE = 90
WAIT_SECONDS = 60


class Writer:
    """Writes small uploads of all sorts until it is told to stop."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.writes = 0
        self.failure: BaseException | None = None
        self._is_over = False
        self._wrote = Condition()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        self._thread.join()

    def wait(self, writes: int) -> None:
        """Wait until so much was written, so that something is between any two pages."""
        with self._wrote:
            assert self._wrote.wait_for(lambda: self.failure or self.writes >= writes, WAIT_SECONDS)

    def _run(self) -> None:
        try:
            while not self._is_over:
                self._write(self.writes)
                with self._wrote:
                    self.writes += 1
                    self._wrote.notify_all()
        except BaseException as error:  # noqa: BLE001 - told by the test
            with self._wrote:
                self.failure = error
                self._wrote.notify_all()

    def _write(self, number: int) -> None:
        # From both ends, so that those behind and those before the page are met.
        others = [STAYING - 1 - number * 7 % STAYING, number * 11 % STAYING]
        leaving = [number * 3 % LEAVING, LEAVING - 1 - number * 3 % LEAVING]
        report = self.shop.upload(
            {"external_id": f"new{number}", "country": "FI"},
            *({"external_id": f"staying{each}", "city": f"Turku {number}"} for each in others),
            {"external_id": f"leaving{leaving[0]}", "is_deleted": True},
            {"external_id": f"leaving{leaving[1]}", "is_forgotten": True},
            {"external_id": f"leaving{(leaving[0] + 1) % LEAVING}", "country": "SE"},
            {"external_id": f"entering{number}", "country": "SE"},
            {"external_id": f"entering{number - 1}", "country": "FI"},
        )
        assert (report["status"], report["rejected"]) == ("done", 0)


@pytest.fixture
def full_shop(server: RunningServer, shop: Shop) -> Shop:
    names = [f"staying{number}" for number in range(STAYING)]
    # Among the others, so that ids of every sort are on every page.
    for number in range(LEAVING):
        names.insert(number * 3, f"leaving{number}")
    lines = "".join(f"{name},FI\n" for name in names)
    body = f"external_id,country\n{lines}".encode()
    shop.wait(shop.post_bytes(body, "text/csv").json()["import"])
    register = server.installation.open_register(shop.short_name)
    Segments(server.installation).save(register, "Finns", "country = FI", actor="test")
    return shop


@pytest.mark.parametrize("parameters", [{"segment": "finns"}, {}])
def test_every_customer_that_was_there_throughout_comes_exactly_once(
    full_shop: Shop, parameters: dict[str, str]
) -> None:
    found: Counter[str] = Counter()
    pages = 0
    with Writer(full_shop) as writer:
        query = {**parameters, "limit": str(PAGE), "fields": "country"}
        reply = full_shop.http.get("/api/data/customers/", params=query)
        while True:
            assert reply.status_code == 200, reply.text
            body = reply.json()
            found.update(each["external_id"] for each in body["customers"])
            pages += 1
            if "next_url" not in body:
                break
            writer.wait(pages)
            reply = full_shop.http.get(body["next_url"])
    assert writer.failure is None
    assert writer.writes >= pages - 1 >= STAYING // PAGE
    assert {name for name in found if name.startswith("staying")} == {
        f"staying{number}" for number in range(STAYING)
    }
    assert {name: times for name, times in found.items() if times > 1} == {}
