"""A plan or a hold whose applying is interrupted, and goes on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.company import UploadedCompany, examples
from tests.properties.planner import ALWAYS, DRY, HOLDABLE, SOME, Planner, counts_of
from tests.record_strategies import records

if TYPE_CHECKING:
    from pathlib import Path

    from regulars.domain.imports.report import Report
    from regulars.store.contract import InstallationStore


class Interrupted(Exception):  # noqa: N818 - it is no error
    """As if the process had been killed between two transactions."""


def interrupt(report: Report) -> None:
    if report.records < 20:
        raise Interrupted


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(
    earlier=SOME,
    planned=st.lists(records(), min_size=11, max_size=20),
    moving=SOME,
    is_plan=st.booleans(),
)
def test_going_on_after_an_interruption_gives_the_same(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    planned: list[object],
    moving: list[object],
    is_plan: bool,
) -> None:
    with (
        UploadedCompany.found(installation) as company,
        UploadedCompany.found(installation) as other,
    ):
        reports = []
        for place in (company, other):
            planner = Planner(place, scratch)
            place.upload(earlier)
            run = planner.plan(planned, DRY if is_plan else HOLDABLE, ALWAYS)
            if run.status not in ("planned", "held"):
                return
            place.upload(moving)
            if place is other:
                with suppress(Interrupted):
                    planner.go_on(run, planned, 1, interrupt)
            reports.append(counts_of(planner.go_on(run, planned, 1).report))
        assert reports[0] == reports[1]
        assert company.contents() == other.contents()


def test_what_was_left_alone_before_an_interruption_still_counts_after_it(
    installation: InstallationStore, scratch: Path
) -> None:
    """A request to forget is left alone; what its plan skipped of a later record stays skipped."""
    planned = [
        {"external_id": "1", "is_forgotten": True},
        *({"external_id": f"new-{number}"} for number in range(10)),
        {"external_id": "2", "email": "ada@example.org", "city": "Turku"},
    ]
    with UploadedCompany.found(installation) as company:
        planner = Planner(company, scratch)
        company.upload([{"external_id": "1", "email": "ada@example.org"}, {"external_id": "2"}])
        run = planner.plan(planned)
        company.upload([{"external_id": "1", "city": "Oulu"}])
        with pytest.raises(Interrupted):
            planner.go_on(run, planned, 1, interrupt)
        assert planner.go_on(run, planned, 1).report.ignored == 2
        assert {"external_id": "2"} in company.exported()
        assert company.store.plans.load_parts(run.number, -(2**62), 2**62) == []
