"""How long the index takes to answer, to come about and to catch up: beside DuckDB by hand.

Owns what is measured in which order. Floors and ours take turns on the same file.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from rich.console import Console

from benchmarks import ours
from benchmarks.index_cold import ask_cold
from benchmarks.index_questions import PAGE_CUSTOMERS, QUESTIONS, ask, ask_by_hand
from benchmarks.index_results import IndexResults, Moments, Pairs
from benchmarks.index_store import IndexStore
from benchmarks.machine import describe_machine
from benchmarks.made_up import COMPANY, MOST_CUSTOMERS
from regulars.cli.interpreter import settled
from regulars.domain.segments.search import search_words
from regulars.index.questions import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from regulars.index.company_index import CompanyIndex

_MILLISECONDS: Final = 1000
_UPLOADS: Final = 15
_IMPORTS: Final = 5
_COLD: Final = (
    "count, 5 conditions", "count, list", "search, 1 word", "statistics, everybody",
)  # fmt: skip


def main(arguments: list[str]) -> IndexResults:
    """`./run bench index`: measure, and print the table."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-") as name:
        results = _measure(options, options.keep or Path(name))
    if options.json is not None:
        options.json.write_bytes(results.to_json())
    results.print_to(Console(width=max(Console().width, 120)))
    return results


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench index", description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--part", type=int, default=100_000, help="of imports to catch up with")
    parser.add_argument("--pairs", type=int, default=7, help="turns of each question (default 7)")
    parser.add_argument("--cold", type=int, default=3, help="the same in fresh processes")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="data folder that is kept for the next run"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser


def _measure(options: argparse.Namespace, folder: Path) -> IndexResults:
    machine = describe_machine("")
    with closing(IndexStore(folder, options.customers)) as store:
        built = store.build()
        print(f"built: {built.microseconds_per_change:.1f} µs a change", file=sys.stderr)
        results = IndexResults(machine, options.customers, built)
        for question in QUESTIONS:
            if question.name in _COLD and options.cold:
                results.cold.append(ask_cold(store, question, options.cold))
        with closing(store.open_indexes()) as indexes, settled():
            index = indexes.open(COMPANY)
            index.wait_until_current()
            # The same database within this process: the same settings, the same memory.
            index.ask(lambda view: _ask_by_turns(index, view.cursor, options.pairs, results))
            results.moments += [
                _read_page(store, index, options.pairs),
                *_upload_one(store, index),
                *_catch_up(store, index, options),
            ]
    return results


def _ask_by_turns(
    index: CompanyIndex, by_hand: duckdb.DuckDBPyConnection, pairs: int, results: IndexResults
) -> None:
    for question in QUESTIONS:
        measured = Pairs(question.name, question.factor, [], [])
        # Once unmeasured: what both read is in memory then.
        assert ask(index, question) == ask_by_hand(by_hand, question), question
        for _ in range(pairs):
            measured.floors.append(_timed(lambda: ask_by_hand(by_hand, question)))  # noqa: B023
            measured.ours.append(_timed(lambda: ask(index, question)))  # noqa: B023
        results.warm.append(measured)
        print(f"{question.name}: {measured.ratio:.2f}", file=sys.stderr)


def _timed(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * _MILLISECONDS


def _read_page(store: IndexStore, index: CompanyIndex, pairs: int) -> Moments:
    """The customers of a page that the index found, from the store."""
    ids = index.find_ids(Query(), limit=PAGE_CUSTOMERS)
    load = store.register.store.load_customers
    name = f"reading {PAGE_CUSTOMERS} customers from the store"
    return Moments(name, [_timed(lambda: load(ids)) for _ in range(pairs)])


def _upload_one(store: IndexStore, index: CompanyIndex) -> list[Moments]:
    """A record that nobody else has, and how long after its import the index has it."""
    imported, seen = Moments("import of one record", []), Moments("… until the index has it", [])
    path = store.folder / "one.json"
    numbers = itertools.count(store.register.store.read_position().last_version)
    for number, _ in zip(numbers, range(_UPLOADS), strict=False):
        external_id = f"late-{number}"
        path.write_text(json.dumps([{"external_id": external_id}]), "utf-8")
        imported.milliseconds.append(_timed(lambda: ours.import_file(store.installation, path)))
        seen.milliseconds.append(_timed(index.catch_up))
        assert len(index.find_ids(Query(None, search_words(external_id)))) == 1
    path.unlink()
    # An import leaves it off, as its process ends with it.
    gc.enable()
    return [imported, seen]


def _catch_up(store: IndexStore, index: CompanyIndex, options: argparse.Namespace) -> list[Moments]:
    """Further imports: of new customers, and of known ones of which a hundredth has changed."""
    new = CatchingUp(f"catching up with {options.part:,} new ones, µs a change", [], [])
    changed = CatchingUp(f"… with 1 % of {options.part:,} changed, µs a change", [], [])
    for night in range(min(_IMPORTS, options.pairs)):
        stored = store.register.store.read_position().last_customer_id
        count = min(options.part, MOST_CUSTOMERS - stored)
        _take_over(index, store, new, lambda: store.import_more(stored, count))  # noqa: B023
        _take_over(
            index,
            store,
            changed,
            lambda: store.import_more(0, options.part, changed=stored + night),  # noqa: B023
        )
    return [
        moments
        for each in (new, changed)
        for moments in (
            Moments(each.name, each.microseconds),
            Moments("… by CPU", each.cpu_microseconds),
        )
        if moments.milliseconds
    ]


class CatchingUp(msgspec.Struct, frozen=True):
    """What it took each time, for one change."""

    name: str
    microseconds: list[float]
    cpu_microseconds: list[float]
    """The same by processor time, which other work on the machine does not lengthen."""


def _take_over(
    index: CompanyIndex, store: IndexStore, taken: CatchingUp, write: Callable[[], None]
) -> None:
    before = store.register.store.read_position().last_version
    write()
    changes = store.register.store.read_position().last_version - before
    if changes:
        cpu_began = time.process_time()
        took = _timed(index.wait_until_current)
        cpu_seconds = time.process_time() - cpu_began
        taken.microseconds.append(took / changes * _MILLISECONDS)
        taken.cpu_microseconds.append(cpu_seconds / changes * 1e6)
