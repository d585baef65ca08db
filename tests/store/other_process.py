"""Processes of their own that work on a test's installation.

Each does what its command says, writes a line when it is done, and waits for the end of its
standard input. Must not know pytest.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager, suppress
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Final, Literal, cast

from regulars.domain.imports.decision import Position
from regulars.errors import NameTakenError
from tests.project.checkout import ROOT
from tests.store.make import ACME, NOON, add_segments, make_batch, make_entry, start_run
from tests.store.places import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from regulars.store.contract import CompanyStore

Command = Literal[
    "hold the lock",
    "make the company",
    "count up",
    "import customers",
    "change customers",
    "add segments",
]

COUNTS: Final = 20
GROUPS: Final = 30
GROUP_CUSTOMERS: Final = 12
_BATCH_CUSTOMERS: Final = 4
CHANGES: Final = 200


@contextmanager
def other_process(place: Place, command: Command) -> Iterator[Popen[str]]:
    """Start such a process; it is killed at the end."""
    arguments = [sys.executable, "-m", "tests.store.other_process", *place, command]
    with Popen(arguments, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def is_done(process: Popen[str]) -> bool:
    """Wait for what the process says, and tell whether it did what it should."""
    assert process.stdout is not None
    return process.stdout.readline() == "done\n"


def count_up(store: CompanyStore) -> None:
    """Raise the last version one by one: two that do so at once would lose some."""
    run = start_run(store)
    for _ in range(COUNTS):
        with store.lock():
            before = store.read_position()
            batch = make_batch(run)
            batch.position = Position(0, before.last_version + 1, 0)
            store.save_batch(batch)


def import_customers(store: CompanyStore) -> None:
    """Make customers, numbered like their versions, by groups of batches."""
    run = start_run(store)
    with store.lock():
        for start in range(1, GROUPS * GROUP_CUSTOMERS, GROUP_CUSTOMERS):
            with store.group_batches():
                for first in range(start, start + GROUP_CUSTOMERS, _BATCH_CUSTOMERS):
                    numbers = range(first, first + _BATCH_CUSTOMERS)
                    created = [(each, each, {"external_id": str(each)}) for each in numbers]
                    store.save_batch(make_batch(run, created))


def change_customers(store: CompanyStore) -> None:
    """Change three customers again and again; each says at which version it is."""
    run = start_run(store)
    with store.lock():
        for version in range(1, CHANGES + 1):
            number = (version * version) % 7 % 3 + 1
            fields = {"external_id": str(number), "acme__version": version}
            known = store.load_customers([number])
            if known:
                store.save_batch(make_batch(run, updated=[(known[0], version, fields)]))
            else:
                store.save_batch(make_batch(run, [(number, version, fields)]))


WORK: Final[dict[str, Callable[[CompanyStore], None]]] = {
    "count up": count_up,
    "import customers": import_customers,
    "change customers": change_customers,
    "add segments": lambda store: add_segments(store, COUNTS),
}


def _main(engine: str, address: str, command: str) -> None:
    place = Place(cast("Literal['sqlite', 'postgres']", engine), address)
    with ExitStack() as stack:
        installation = place.open()
        stack.callback(installation.close)
        if command == "make the company":
            with suppress(NameTakenError):
                installation.create_company(ACME, NOON, make_entry())
        store = installation.open_company(ACME.short_name)
        if command == "hold the lock":
            stack.enter_context(store.lock())
        if command in WORK:
            WORK[command](store)
        sys.stdout.write("done\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _main(*sys.argv[1:])
