"""The command `./run bench`: chooses what is measured, and where the figures go."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from benchmarks import index, latency, pages
from benchmarks.imports import compare_growth, compare_new_customers, compare_nightly
from benchmarks.machine import describe_machine
from benchmarks.places import places
from benchmarks.results import Comparison, Results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.places import Places

FORMATS: Final = ("ndjson", "json", "csv")
ORDERS: Final = ("ordered", "unordered")
_TABLE_WIDTH: Final = 130


def main(arguments: list[str] | None = None) -> Results:
    """Measure, print the table, and write the JSON where it is wanted."""
    options = _parser().parse_args(arguments)
    with places(options.engine) as where:
        machine = describe_machine(where.server_url)
        results = Results(machine, [])
        for comparison in _compare(options, where):
            results.comparisons.append(comparison)
            # After each of them: all of them together can take an hour.
            if options.json is not None:
                options.json.write_bytes(results.to_json())
            print(f"{comparison.name}: {comparison.ratio:.2f}", file=sys.stderr)
    results.print_to(Console(width=max(Console().width, _TABLE_WIDTH)))
    return results


def _compare(options: argparse.Namespace, where: Places) -> Iterator[Comparison]:
    for order in options.orders or ORDERS:
        for records in options.records:
            for file_format in options.formats:
                yield compare_new_customers(where, order, file_format, records, options.pairs)
            if options.nightly:
                yield compare_nightly(where, order, records, options.pairs)
        if options.stored:
            yield compare_growth(where, order, options.stored, options.part)


def _order(text: str) -> str:
    if text not in ORDERS:
        raise argparse.ArgumentTypeError(f"choose from {', '.join(ORDERS)}")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run bench", description="Measure imports beside the least they could take."
    )
    parser.add_argument(
        "orders",
        nargs="*",
        type=_order,
        help=f"of the identifiers: {' or '.join(ORDERS)}; or: latency, index, pages",
    )
    parser.add_argument(
        "--records", type=int, nargs="*", default=[1_000_000], help="sizes of the imports"
    )
    parser.add_argument(
        "--formats", nargs="*", choices=FORMATS, default=["ndjson"], help="of the files of new ones"
    )
    parser.add_argument(
        "--nightly", action="store_true", help="also import the file again, 1 %% of it changed"
    )
    parser.add_argument("--pairs", type=int, default=3, help="runs of each size (default 3)")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--stored", type=int, default=0, help="also measure with so many customers stored (slow)"
    )
    parser.add_argument(
        "--part", type=int, default=100_000, help="size of the imports measured for --stored"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser


if __name__ == "__main__":
    if sys.argv[1:2] == ["latency"]:
        latency.main(sys.argv[2:])
    elif sys.argv[1:2] == ["index"]:
        index.main(sys.argv[2:])
    elif sys.argv[1:2] == ["pages"]:
        pages.main(sys.argv[2:])
    else:
        main()
