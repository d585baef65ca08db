"""A running server with the demo's made-up customers, as the users of its pages meet it."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import httpx

from regulars.demo.people import make_customers
from regulars.demo.segments import make_segments
from regulars.services.segments import Segments
from tests.running_server import NO_TLS

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop

PASSWORD: Final = "as long as it need be"
SETTLE_SECONDS: Final = 60
ROLES: Final = ("admin", "planner", "viewer")
_TOKEN: Final = re.compile(r'name="_csrf" value="([0-9a-f]+)"')


class Site:
    """A company with customers, segments, and a user of each role."""

    def __init__(self, shop: Shop, customers: int = 0) -> None:
        self.shop: Final = shop
        self.server: Final[RunningServer] = shop.server
        self.url: Final = shop.server.url
        self._visits: Final[list[Visit]] = []
        for role in ROLES:
            self.server.access.create_user(
                shop.short_name, self.email(role), role, PASSWORD, actor="test"
            )
        if customers:
            self._fill(customers)

    def email(self, role: str) -> str:
        """The address of the user with that role."""
        return f"{role}@{self.shop.short_name}.example.org"

    def sign_in(self, role: str) -> Visit:
        """A visit of the user with that role, as their browser holds it."""
        visit = Visit(self, self.email(role))
        self._visits.append(visit)
        return visit

    def settle(self) -> None:
        """Wait until the index answers, which may have to be made on a busy machine."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while self.shop.http.get("/api/data/customers/?city=none").status_code != httpx.codes.OK:
            assert time.monotonic() < deadline
            time.sleep(0.1)

    def close(self) -> None:
        """Leave all visits."""
        for visit in self._visits:
            visit.http.close()

    def _fill(self, customers: int) -> None:
        prefix = self.shop.short_name.upper()
        today = datetime.now(UTC).date()
        lines = [
            json.dumps(each) for each in make_customers(customers, company=prefix, today=today)
        ]
        reply = self.shop.post_bytes("\n".join(lines).encode(), "application/x-ndjson")
        report = self.shop.wait(reply.json()["import"])
        assert report["created"] == customers, report
        register = self.server.installation.open_register(self.shop.short_name)
        segments = Segments(self.server.installation)
        for name, condition in make_segments(prefix):
            segments.save(register, name, condition, actor="test")


class Visit:
    """A browser without script in which a user has signed in."""

    def __init__(self, site: Site, email: str) -> None:
        self.site: Final = site
        self.http: Final = httpx.Client(base_url=site.url, timeout=60, verify=NO_TLS)
        page = self.http.get("/sign-in/")
        token = find_token(page.text)
        reply = self.http.post(
            "/sign-in/", data={"email": email, "password": PASSWORD, "_csrf": token}
        )
        assert reply.status_code == httpx.codes.SEE_OTHER, reply.text
        self.csrf_token: Final = find_token(self.get("/help/").text)

    def get(self, address: str, **options: Any) -> httpx.Response:
        """A page."""
        return self.http.get(address, **options)

    def submit(
        self, address: str, form: dict[str, Any] | None = None, **options: Any
    ) -> httpx.Response:
        """Send a form with its token; the answer as it is, which mostly leads elsewhere."""
        return self.http.post(address, data={"_csrf": self.csrf_token, **(form or {})}, **options)


def find_token(html: str) -> str:
    """The token in the first form of a page."""
    found = _TOKEN.search(html)
    assert found is not None, html
    return found[1]
