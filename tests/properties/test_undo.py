"""An undo puts back what its import replaced, and nothing else."""

from __future__ import annotations

import secrets
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.company import NOON, UploadedCompany, examples
from tests.properties.undoing import (
    Expected,
    Snapshot,
    check_is_sound,
    check_says_nothing,
    snapshot,
    undo,
)
from tests.record_strategies import records, uploads

if TYPE_CHECKING:
    from datetime import datetime

    from regulars.domain.imports.report import Report
    from regulars.store.contract import ImportRun, InstallationStore

# Few customers, so that permissions and identifiers often change there and back.
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "external_id": st.sampled_from(["1001", "1001", "1002"]),
        "email": st.sampled_from(["ada@example.org", "bob@example.com", ""]),
        "can_email": st.sampled_from([True, True, False, ""]),
        "can_post": st.sampled_from([True, True, False, ""]),
        "city": st.sampled_from(["Turku", "Oulu", ""]),
    },
)
FORGET = st.fixed_dictionaries(
    {
        "email": st.sampled_from(["ada@example.org", "bob@example.com"]),
        "is_forgotten": st.just(value=True),
    }
)
RECORDS = st.one_of(records(), records(), PLAIN, PLAIN, PLAIN, FORGET)
IMPORTS = st.lists(RECORDS, min_size=1, max_size=10)
EARLIER = st.lists(st.lists(RECORDS, max_size=8), max_size=2)


class Killed(BaseException):
    """The process ends in the middle of something."""


def problems_of(report: Report) -> Counter[tuple[str, str | None]]:
    return Counter({(each.code, each.field): each.count for each in report.groups.values()})


def check_undo(
    company: UploadedCompany, run: ImportRun, before: Snapshot, *, page_changes: int = 1000
) -> ImportRun:
    """Undo an import, and compare with what must come of it."""
    now = snapshot(company)
    last = run.report.last_version
    expected = Expected(company, before, now, run.began_at_version, last)
    undone = undo(company, run, page_changes=page_changes)
    after = snapshot(company)
    assert after == expected.customers
    assert problems_of(undone.report) == expected.problems
    stored = company.store.reports.load_problems(undone.number, 0, 10_000)
    assert Counter((each.code, each.field) for _, each in stored) == expected.problems
    removed = now.keys() - after.keys()
    assert undone.report.removed == len(removed)
    changed = sum(now[number] != after.get(number) for number in now)
    assert undone.report.updated == undone.report.customers_changed == changed
    check_is_sound(company, [before, now])
    check_says_nothing(company, removed)
    return undone


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=EARLIER, undone=IMPORTS)
def test_after_an_undo_the_customers_are_what_they_were(
    installation: InstallationStore, earlier: list[list[object]], undone: list[object]
) -> None:
    with UploadedCompany.found(installation) as company:
        for some in earlier:
            company.upload(some)
        before = snapshot(company)
        run = company.upload(undone)
        check_undo(company, run, before)
        first_time = company.contents()
        again = undo(company, run)
        assert (again.status, again.report.updated) == ("done", 0)
        assert company.contents() == first_time


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=EARLIER, undone=IMPORTS, later=uploads(), size=st.sampled_from([1, 3, 1000]))
def test_what_other_imports_wrote_since_stays(
    installation: InstallationStore,
    earlier: list[list[object]],
    undone: list[object],
    later: list[list[object]],
    size: int,
) -> None:
    with UploadedCompany.found(installation) as company:
        for some in earlier:
            company.upload(some)
        before = snapshot(company)
        run = company.upload(undone)
        for some in later:
            company.upload(some)
        check_undo(company, run, before, page_changes=size)


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=IMPORTS, undone=IMPORTS, between=EARLIER)
def test_an_undo_can_be_undone(
    installation: InstallationStore,
    earlier: list[object],
    undone: list[object],
    between: list[list[object]],
) -> None:
    with UploadedCompany.found(installation) as company:
        company.upload(earlier)
        before = snapshot(company)
        run = company.upload(undone)
        with_import = snapshot(company)
        first = check_undo(company, run, before)
        for some in between:
            company.upload(some)
        check_undo(company, first, with_import)


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(
    uploaded=EARLIER, undone=IMPORTS, later=EARLIER, kills=st.lists(st.integers(0, 5), max_size=3)
)
def test_an_undo_that_is_killed_goes_on_where_it_stopped(
    installation: InstallationStore,
    uploaded: list[list[object]],
    undone: list[object],
    later: list[list[object]],
    kills: list[int],
) -> None:
    with (
        UploadedCompany.found(installation) as whole,
        UploadedCompany.found(installation) as killed,
    ):
        for company in (whole, killed):
            for some in [*uploaded, undone, *later]:
                company.upload(some)
        undisturbed = undo(whole, whole.runs[len(uploaded)])
        undo_id = secrets.token_hex(8)
        for turns in kills:
            run_until_killed(killed, killed.runs[len(uploaded)], undo_id, turns)
        ended = undo(killed, killed.runs[len(uploaded)], undo_id=undo_id, page_changes=1)
        assert ended.report == undisturbed.report
        assert killed.contents() == whole.contents()


def run_until_killed(company: UploadedCompany, run: ImportRun, undo_id: str, turns: int) -> None:
    """Begin an undo, or go on with it, until it has looked at the clock so often: within a
    transaction.
    """

    def now() -> datetime:
        nonlocal turns
        turns -= 1
        if turns < 0:
            raise Killed
        return NOON

    with suppress(Killed):
        undo(company, run, undo_id=undo_id, page_changes=1, now=now)
