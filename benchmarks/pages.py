"""How long pages and their parts take over HTTP, with many customers (SPEC section 12).

Owns which pages are asked for: a list, to which every area adds its own. They are asked as by a
browser, with a cookie and the token of forms, one at a time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
from rich.console import Console

from benchmarks.machine import describe_machine
from benchmarks.page_results import PageResults, PageTimes
from benchmarks.page_store import EMAIL, PASSWORD, PageStore
from tests.running_server import running_server
from tests.site import find_token

_MILLISECONDS: Final = 1000
_WARM_UP: Final = 3
_SCRIPT: Final = {"HX-Request": "true"}
_TWO: Final = "country = FI and last_login in last 365 days"

Ask = Callable[["Browser"], httpx.Response]


class Browser:
    """Somebody who has signed in, and the views that they look at."""

    def __init__(self, url: str) -> None:
        self._http: Final = httpx.Client(base_url=url, timeout=120)
        token = find_token(self._http.get("/sign-in/").text)
        form = {"email": EMAIL, "password": PASSWORD, "_csrf": token}
        reply = self._http.post("/sign-in/", data=form)
        assert reply.status_code == httpx.codes.SEE_OTHER, reply.text
        self._token: Final = find_token(self._http.get("/help/").text)

    def get(self, address: str, *, script: bool = False) -> httpx.Response:
        """A page, or the part of it that a script asks for."""
        return self._http.get(address, headers=_SCRIPT if script else {})

    def post(self, address: str, form: dict[str, Any], *, script: bool = False) -> httpx.Response:
        """What follows on a form."""
        return self._http.post(
            address, data={"_csrf": self._token, **form}, headers=_SCRIPT if script else {}
        )

    def look_for(self, **form: str) -> str:
        """The address of the view of a search."""
        address: str = self.post("/customers/", form).headers["location"]
        return address

    def wait_until_ready(self) -> None:
        """Until the index answers."""
        while "<table" not in self.get("/customers/").text:
            time.sleep(0.5)

    def close(self) -> None:
        """Leave."""
        self._http.close()


def _page(address: str) -> Ask:
    return lambda browser: browser.get(address)


def _part(address: str) -> Ask:
    return lambda browser: browser.get(address, script=True)


def _form(address: str, **form: str) -> Ask:
    return lambda browser: browser.post(address, form, script=True)


def _typed(text: str) -> Ask:
    return _form("/customers/", search=text, typed="1")


def _of_view(below: str, **form: str) -> Ask:
    """A page below a view, which is made when it is first asked for."""
    addresses: list[str] = []

    def ask(browser: Browser) -> httpx.Response:
        if not addresses:
            addresses.append(browser.look_for(**form))
        return browser.get(f"{addresses[0]}{below}")

    return ask


def make_pages() -> dict[str, Ask]:
    """What is measured, by name. Views are those of one server: the list is made for each."""
    return {
        "customers": _page("/customers/"),
        "customers, sorted": _part("/customers/?order=last_name"),
        "customers, sorted, far": _part("/customers/?order=-date_joined&after=1-500"),
        "customers, 2 conditions": _of_view("", search=_TWO),
        "customers, typed, 2 letters": _typed("an"),
        "customers, typed, 2 words": _typed("anna virt"),
        "customers, typed, nobody": _typed("xqzw"),
        "customers, typed, e-mail": _typed("anna.virtanen@example.org"),
        "customers, typed, 2 conditions": _typed(_TWO),
        "customers, typed, list": _typed("tags has any (vip)"),
        "customers, typed, history": _typed("city changed in last 30 days"),
        "customers, typed, not finished": _typed("country = FI and"),
        "filter, country": _form("/conditions/row/", row="f-", **{"f-field": "country"}),
        "filter, city": _form("/conditions/row/", row="f-", **{"f-field": "city"}),
        "filter, tags": _form("/conditions/row/", row="f-", **{"f-field": "tags"}),
        "filter, street": _form("/conditions/row/", row="f-", **{"f-field": "street_address"}),
        "statistics": _page("/customers/statistics/"),
        "statistics, 2 conditions": _of_view("statistics/", search=_TWO),
        "statistics, words": _of_view("statistics/", search="an"),
        "settings": _page("/settings/"),
        "settings, fields": _page("/settings/fields/"),
        "settings, users": _page("/settings/users/"),
        "settings, tokens": _page("/settings/tokens/"),
        "settings, audit log": _page("/settings/audit/"),
        "settings, suppressions": _page("/settings/suppressions/"),
        "help": _page("/help/customers/"),
    }


def main(arguments: list[str]) -> PageResults:
    """`./run bench pages`: measure, and print the table."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as name:
        folder = options.keep or Path(name) / "data"
        PageStore(folder, options.customers).fill()
        with running_server(folder) as server:
            browser = Browser(server.url)
            browser.wait_until_ready()
            results = PageResults(describe_machine(""), options.customers, [])
            for page, ask in make_pages().items():
                if any(word not in page for word in options.only):
                    continue
                results.pages.append(_measure(browser, page, ask, options.requests))
                print(results.pages[-1].line, file=sys.stderr)
            browser.close()
    if options.json is not None:
        options.json.write_bytes(results.to_json())
    results.print_to(Console(width=max(Console().width, 100)))
    return results


def _measure(browser: Browser, name: str, ask: Ask, requests: int) -> PageTimes:
    times = PageTimes(name, [])
    for number in range(_WARM_UP + requests):
        began = time.perf_counter()
        reply = ask(browser)
        took = (time.perf_counter() - began) * _MILLISECONDS
        assert reply.status_code in (httpx.codes.OK, httpx.codes.CREATED), (name, reply.text)
        if number >= _WARM_UP:
            times.milliseconds.append(round(took, 2))
    return times


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench pages", description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--requests", type=int, default=30, help="of each page (default 30)")
    parser.add_argument(
        "--only", nargs="*", default=[], help="pages with these words in their name"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="data folder that is kept for the next run"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser
