"""Questions that nobody waits for any more are broken off, and no others."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Event
from typing import TYPE_CHECKING

import pytest

from regulars.errors import AbandonedError
from regulars.index.abandonment import ASKER, Asker
from regulars.index.questions import Query, View

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from tests.index.indexed import IndexedCompany

ENDLESS = (
    "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range % 7 = b.range % 5"
)
SECONDS = 60


def ask_endlessly(begun: Event) -> Callable[[View], object]:
    """A question that takes longer than any test."""

    def question(view: View) -> object:
        begun.set()
        return view.cursor.execute(ENDLESS).fetchall()

    return question


class Asking:
    """Asks a company's index in threads, for somebody who may leave."""

    def __init__(self, company: IndexedCompany, pool: ThreadPoolExecutor) -> None:
        self.asker = Asker()
        self._company = company
        self._pool = pool

    def ask(self, question: Callable[[View], object]) -> Future[object]:
        token = ASKER.set(self.asker)
        context = copy_context()
        ASKER.reset(token)
        return self._pool.submit(context.run, self._company.index.ask, question)

    def leave(self, future: Future[object]) -> None:
        """As the edge does, until the answer is there."""
        while not future.done():
            self.asker.leave()
            time.sleep(0.01)


def test_a_question_is_broken_off_when_whoever_asked_leaves(company: IndexedCompany) -> None:
    company.upload({"external_id": "1"})
    company.index.catch_up()
    with ThreadPoolExecutor() as pool:
        asking, begun = Asking(company, pool), Event()
        answer = asking.ask(ask_endlessly(begun))
        assert begun.wait(SECONDS)
        asking.leave(answer)
        with pytest.raises(AbandonedError):
            answer.result()
        with pytest.raises(AbandonedError):
            asking.ask(lambda view: view).result(SECONDS)
    # The cursor that was broken off serves the next one.
    assert company.index.count(Query()) == 1


def test_questions_of_others_go_on(company: IndexedCompany) -> None:
    company.upload({"external_id": "1"})
    company.index.catch_up()
    with ThreadPoolExecutor() as pool:
        leaving, staying = Asking(company, pool), Asking(company, pool)
        begun, other_begun, go_on = Event(), Event(), Event()

        def wait_and_count(view: View) -> object:
            other_begun.set()
            assert go_on.wait(SECONDS)
            return view.cursor.execute("SELECT count(*) FROM range(3000000)").fetchall()

        stays = staying.ask(wait_and_count)
        goes = leaving.ask(ask_endlessly(begun))
        assert begun.wait(SECONDS)
        assert other_begun.wait(SECONDS)
        go_on.set()
        leaving.leave(goes)
        assert stays.result(SECONDS) == [(3_000_000,)]
        # Whatever cursor they get: one that the other one had is theirs alone now.
        for number in range(50):
            counted = staying.ask(lambda view: view.cursor.execute("SELECT 7").fetchone())
            leaving.asker.leave()
            assert counted.result(SECONDS) == (7,), number


def test_an_index_is_brought_on_though_whoever_asked_has_left(company: IndexedCompany) -> None:
    company.upload({"external_id": "1"})
    asker = Asker()
    asker.leave()
    token = ASKER.set(asker)
    try:
        company.index.catch_up()
        with pytest.raises(AbandonedError):
            company.index.count(Query())
    finally:
        ASKER.reset(token)
    assert company.index.count(Query()) == 1
