"""A question to an index that nobody has asked yet: in a process of its own, its file not in the
memory of the system.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import msgspec

from benchmarks import ours
from benchmarks.index_questions import QUESTIONS, Question, ask, ask_by_hand
from benchmarks.index_results import Pairs
from benchmarks.index_store import open_indexes
from benchmarks.made_up import COMPANY
from regulars.index.company_index import SUFFIX

if TYPE_CHECKING:
    from benchmarks.index_store import IndexStore

_MILLISECONDS: Final = 1000


class Cold(msgspec.Struct, frozen=True):
    """What the process is to do, and where."""

    folder: str
    index_folder: str
    question: int
    by_hand: bool


class Answered(msgspec.Struct, frozen=True):
    """What it was answered, once the file was open, and after how long."""

    milliseconds: float
    answer: Any


def ask_cold(store: IndexStore, question: Question, pairs: int) -> Pairs:
    """Ask by turns, each time anew."""
    measured = Pairs(question.name, question.factor, [], [])
    number = QUESTIONS.index(question)
    for _ in range(pairs):
        floor, cold = (
            _run(Cold(str(store.folder), str(store.index_folder), number, by_hand))
            for by_hand in (True, False)
        )
        assert floor.answer == cold.answer, question
        measured.floors.append(floor.milliseconds)
        measured.ours.append(cold.milliseconds)
    return measured


def _run(cold: Cold) -> Answered:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.index_cold", msgspec.json.encode(cold).decode()],
        check=True,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
        env={key: value for key, value in os.environ.items() if not key.startswith("REGULARS_")},
    )
    return msgspec.json.decode(answer.stdout, type=Answered)


def _forget(path: Path) -> None:
    """Have the system let go of what it remembers of a file."""
    file = os.open(path, os.O_RDONLY)
    os.fsync(file)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)


def _ask_by_hand(path: Path, question: Question) -> Answered:
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute("SELECT version FROM state").fetchall()
        began = time.perf_counter()
        answer = ask_by_hand(connection, question)
        return Answered((time.perf_counter() - began) * _MILLISECONDS, answer)


def _ask_ours(cold: Cold, question: Question) -> Answered:
    with (
        closing(ours.open_company(Path(cold.folder), "")) as installation,
        closing(open_indexes(installation, Path(cold.index_folder))) as indexes,
    ):
        index = indexes.open(COMPANY)
        index.catch_up()
        began = time.perf_counter()
        answer = ask(index, question)
        return Answered((time.perf_counter() - began) * _MILLISECONDS, answer)


def _answer(cold: Cold) -> Answered:
    question = QUESTIONS[cold.question]
    path = Path(cold.index_folder) / f"{COMPANY}{SUFFIX}"
    _forget(path)
    return _ask_by_hand(path, question) if cold.by_hand else _ask_ours(cold, question)


if __name__ == "__main__":
    print(msgspec.json.encode(_answer(msgspec.json.decode(sys.argv[1], type=Cold))).decode())
    # What is still open need not be taken apart.
    sys.stdout.flush()
    os._exit(0)
