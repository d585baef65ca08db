"""The page of customers while the index cannot answer."""

from __future__ import annotations

import fcntl
import time
from typing import TYPE_CHECKING

from tests.running_server import running_server
from tests.site import Site

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site import Visit


def test_it_says_how_far_the_index_is_finds_identifiers_and_goes_on_by_itself(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data" / "index"
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as lock:
        # As a command holds it that runs while a server starts.
        fcntl.flock(lock, fcntl.LOCK_EX)
        with running_server(tmp_path / "data") as server:
            site = Site(server.make_shop())
            site.shop.upload({"email": "anna@example.org", "first_name": "Anna"})
            visit = site.sign_in("planner")
            page = visit.get("/customers/").text
            assert "The search index is being made." in page
            assert '<progress id="index-progress" max="100" value="0">' in page
            assert 'hx-trigger="every 2s"' in page
            assert '<noscript><meta http-equiv="refresh"' in page
            assert "Anna" not in page
            assert "Anna</a>" in visit.get(_found(visit, "anna@example.org")).text
            assert "is being made" in visit.get("/customers/statistics/").text
            assert "is being made" in visit.get(_found(visit, "country = FI")).text
            assert visit.submit("/customers/export/").status_code == 503
            fcntl.flock(lock, fcntl.LOCK_UN)
            _wait_for(visit, "<strong>1 customer</strong>")
            site.close()


def _found(visit: Visit, search: str) -> str:
    location: str = visit.submit("/customers/", {"search": search}).headers["location"]
    return location


def _wait_for(visit: Visit, text: str) -> None:
    deadline = time.monotonic() + 30
    while text not in visit.get("/customers/").text:
        assert time.monotonic() < deadline
        time.sleep(0.2)
