"""Somebody who has signed in to the pages, as their browser asks for them.

Must not know which pages are measured.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpx

from benchmarks.page_store import EMAIL, PASSWORD
from tests.site import find_token
from tests.web.html_form import HtmlForm
from tests.web.import_forms import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPT: Final = {"HX-Request": "true"}


class Browser:
    """A browser with the cookie of an admin, and the token of forms."""

    def __init__(self, url: str) -> None:
        self._http: Final = httpx.Client(base_url=url, timeout=120)
        token = find_token(self._http.get("/sign-in/").text)
        form = {"email": EMAIL, "password": PASSWORD, "_csrf": token}
        reply = self._http.post("/sign-in/", data=form)
        assert reply.status_code == httpx.codes.SEE_OTHER, reply.text
        self._token: Final = find_token(self._http.get("/help/").text)
        self._stranger: Final = httpx.Client(base_url=url, timeout=120)

    def get(self, address: str, *, script: bool = False) -> httpx.Response:
        """A page, or the part of it that a script asks for."""
        return self._http.get(address, headers=_SCRIPT if script else {})

    def get_signed_out(self, address: str) -> httpx.Response:
        """A page as somebody without a cookie gets it."""
        return self._stranger.get(address)

    def post(
        self, address: str, form: Mapping[str, Any], *, script: bool = False
    ) -> httpx.Response:
        """What follows on a form."""
        return self._http.post(
            address, data={"_csrf": self._token, **form}, headers=_SCRIPT if script else {}
        )

    def change(self, customer: int) -> None:
        """Have a customer move, so that no answer from before holds any more."""
        form = {"was.city": "", "value.city": f"City {time.monotonic_ns()}"}
        reply = self.post(f"/customers/{customer}/edit/", form)
        assert reply.headers["location"].endswith("done=saved"), reply.text

    def look_for(self, **form: str) -> str:
        """The address of the view of a search."""
        address: str = self.post("/customers/", form).headers["location"]
        return address

    def send_file(self, name: str, content: bytes) -> str:
        """The address of the page on which the columns of a file are chosen."""
        reply = self._http.post(
            "/imports/new/",
            data={"_csrf": self._token},
            files={"file": (name, content, "text/csv")},
        )
        assert reply.status_code == httpx.codes.SEE_OTHER, reply.text
        address: str = reply.headers["location"]
        return address

    def read_form(self, address: str, form_id: str) -> dict[str, list[str]]:
        """What a form of a page sends as it stands, but its token."""
        sent: dict[str, list[str]] = {}
        for name, value in HtmlForm(self.get(address).text, form_id).fields():
            sent.setdefault(name, []).append(value)
        sent.pop("_csrf", None)
        return sent

    def read_choices(self, address: str) -> dict[str, Any]:
        """What the page of a file's columns sends as it stands."""
        return choices(self.get(address))

    def wait_until_ready(self) -> None:
        """Until the index answers."""
        while "<table" not in self.get("/customers/").text:
            time.sleep(0.5)

    def close(self) -> None:
        """Leave."""
        self._http.close()
        self._stranger.close()
