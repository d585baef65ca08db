"""How long pages and their parts take over HTTP, with many customers (SPEC section 12).

Owns how they are timed: one request at a time, as by a browser. Must not know which there are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from rich.console import Console

from benchmarks.machine import describe_machine, processor_seconds
from benchmarks.page_list import AFTER_A_CHANGE, make_pages
from benchmarks.page_results import PageResults, PageTimes
from benchmarks.page_store import PageStore
from benchmarks.page_visit import Browser
from tests.running_server import running_server

if TYPE_CHECKING:
    from benchmarks.page_list import Ask
    from tests.running_server import RunningServer

_MILLISECONDS: Final = 1000
_WARM_UP: Final = 3


def main(arguments: list[str]) -> PageResults:
    """`./run bench pages`: measure, and print the table."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as name:
        folder = options.keep or Path(name) / "data"
        known = PageStore(folder, options.customers).fill()
        with running_server(folder) as server:
            browser = Browser(server.url)
            browser.wait_until_ready()
            results = PageResults(describe_machine(""), options.customers, [])
            for page, ask in make_pages(known).items():
                if any(word not in page for word in options.only):
                    continue
                changing = known.customer if page.endswith(AFTER_A_CHANGE) else None
                measured = _measure(server, browser, page, ask, options.requests, changing)
                results.pages.append(measured)
                print(results.pages[-1].line, file=sys.stderr)
            browser.close()
    if options.json is not None:
        options.json.write_bytes(results.to_json())
    results.print_to(Console(width=max(Console().width, 110)))
    return results


def _measure(
    server: RunningServer,
    browser: Browser,
    name: str,
    ask: Ask,
    requests: int,
    changing: int | None,
) -> PageTimes:
    """Each time; `changing` is the customer that changes before each request, where one does."""
    times = PageTimes(name, [], [])
    for number in range(_WARM_UP + requests):
        if changing is not None:
            browser.change(changing)
        began, used = time.perf_counter(), processor_seconds(server.process.pid)
        reply = ask(browser)
        took = (time.perf_counter() - began) * _MILLISECONDS
        used = (processor_seconds(server.process.pid) - used) * _MILLISECONDS
        assert reply.status_code in (httpx.codes.OK, httpx.codes.CREATED), (name, reply.text)
        if number >= _WARM_UP:
            times.milliseconds.append(round(took, 2))
            times.processor_milliseconds.append(round(used, 2))
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
