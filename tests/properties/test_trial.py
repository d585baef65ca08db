"""A trial of an import finds what applying it gives, though it changes nothing: also where batches
meet customers that batches before them have made, changed, deleted or forgotten.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.imports.hold import HoldLimits
from regulars.errors import StorageFullError
from tests.properties.company import UploadedCompany, examples
from tests.properties.planner import ALWAYS, DRY, HOLDABLE, NEVER, SOME, Planner, counts_of
from tests.record_strategies import records

if TYPE_CHECKING:
    from pathlib import Path

    from regulars.domain.imports.options import ImportOptions
    from regulars.domain.imports.report import Report
    from regulars.store.contract import InstallationStore

MANY = st.lists(records(), min_size=5, max_size=25)
LIMITS = st.sampled_from([1, 2, 3, 100])
SHOP = "shop@example.org"


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, planned=MANY, size=st.sampled_from([1, 2, 7]), limit=LIMITS)
def test_a_trial_counts_what_applying_would_do(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    planned: list[object],
    size: int,
    limit: int,
) -> None:
    with UploadedCompany.found(installation, limit=limit) as company:
        company.upload(earlier)
        before = company.contents()
        planner = Planner(company, scratch, size)
        run = planner.plan(planned)
        assert company.contents() == before
        assert planner.check(run, planned) == []
        assert company.contents() == before
        # In batches of another size, other customers come from the trial's own file.
        assert counts_of(company.upload(planned).report) == counts_of(run.report)


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, counted=MANY, size=st.sampled_from([1, 2, 7]), limit=LIMITS)
def test_what_was_counted_and_may_stay_is_written_as_it_was_decided(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    counted: list[object],
    size: int,
    limit: int,
) -> None:
    with (
        UploadedCompany.found(installation, limit=limit) as company,
        UploadedCompany.found(installation, limit=limit) as other,
    ):
        company.upload(earlier)
        other.upload(earlier)
        run = Planner(company, scratch, size).plan(counted, HOLDABLE, NEVER)
        assert run.status == "done"
        assert counts_of(other.upload(counted).report) == counts_of(run.report)
        assert company.contents() == other.contents()
        assert company.store.find_import(run.id) == run


class Interrupted(Exception):  # noqa: N818 - it is no error
    """As if the process had been killed between two transactions."""


@settings(max_examples=examples(15), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, counted=MANY, after=st.integers(1, 20))
def test_what_was_counted_and_is_written_goes_on_after_an_interruption(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    counted: list[object],
    after: int,
) -> None:
    with (
        UploadedCompany.found(installation) as company,
        UploadedCompany.found(installation) as other,
    ):
        company.upload(earlier)
        other.upload(earlier)
        begun = company.store.read_position().last_version

        def interrupt(_: Report) -> None:
            run = company.store.load_imports(None, 1)[0]
            if run.report.records >= after:
                raise Interrupted

        planner = Planner(company, scratch, 1)
        with suppress(Interrupted):
            planner.plan(counted, HOLDABLE, NEVER, on_progress=interrupt)
        (run,) = company.store.load_imports(None, 1)
        if run.status == "running":
            assert run.began_at_version == begun
            run = planner.go_on_as_any_other(run, counted)
        assert run.status == "done"
        assert counts_of(other.upload(counted).report) == counts_of(run.report)
        assert company.contents() == other.contents()


@pytest.mark.parametrize("options", [DRY, HOLDABLE])
def test_a_trial_that_finds_no_room_is_tried_again(
    installation: InstallationStore, scratch: Path, options: ImportOptions
) -> None:
    with UploadedCompany.found(installation) as company:
        with pytest.raises(StorageFullError):
            Planner(company, scratch / "missing").plan([shared(1)], options, ALWAYS)
        (begun,) = company.store.load_imports(None, 1)
        assert (begun.status, begun.report.records) == ("running", 0)
        assert company.exported() == []


def shared(number: int, **fields: object) -> dict[str, object]:
    return {"external_id": str(number), "email": SHOP} | fields


ANONYMOUS = {"email": SHOP, "city": "Oulu"}
CROWDS = {
    "some have left": [shared(1, email=None), shared(2, email="b@example.org"), ANONYMOUS],
    "the oldest has left": [shared(1, email="a@example.org"), ANONYMOUS],
    "the newest has left": [shared(4, email="a@example.org"), ANONYMOUS],
    "one is forgotten": [{"external_id": "2", "is_forgotten": True}, ANONYMOUS],
    "two are deleted": [shared(1, is_deleted=True), shared(3, is_deleted=True), ANONYMOUS],
    "others have come": [shared(7), shared(8), shared(9), ANONYMOUS],
    "some have come and gone": [shared(7), shared(1, email=None), shared(7, email=None), ANONYMOUS],
    "all have left": [*(shared(each, email=None) for each in (1, 2, 3, 4)), ANONYMOUS],
    "all change": [*(shared(each, city="Turku") for each in (1, 2, 3, 4)), ANONYMOUS],
    "they have moved": [
        *(shared(each, email=f"{each}@example.org") for each in (1, 2, 3)),
        shared(5),
        ANONYMOUS,
        {"email": "2@example.org", "city": "Espoo"},
    ],
}


@pytest.mark.parametrize("moving", CROWDS)
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5])
def test_an_address_that_many_share_means_whom_it_means_when_applied(
    installation: InstallationStore, scratch: Path, moving: str, limit: int
) -> None:
    with UploadedCompany.found(installation, limit=limit) as company:
        company.upload([shared(number) for number in (1, 2, 3, 4)])
        planner = Planner(company, scratch, 1)
        run = planner.plan(CROWDS[moving])
        assert planner.check(run, CROWDS[moving]) == []
        applied = company.upload(CROWDS[moving], batch_records=1)
        assert counts_of(applied.report) == counts_of(run.report)
        assert run.report.records == len(CROWDS[moving])


def test_whoever_is_forgotten_on_trial_is_suppressed_on_trial_only(
    installation: InstallationStore, scratch: Path
) -> None:
    ada = {"external_id": "1", "email": "ada@example.org"}
    planned = [
        {"external_id": "1", "email": "ada@example.com"},
        {"external_id": "1", "email": "ada@example.net"},
        {"external_id": "1", "is_forgotten": True},
        {"external_id": "2", "email": "ada@example.org"},
        {"external_id": "3", "email": "ada@example.com"},
        {"external_id": "4", "email": "ada@example.net"},
        {"external_id": "1", "is_forgotten": True},
    ]
    with UploadedCompany.found(installation) as company:
        company.upload([ada])
        planner = Planner(company, scratch, 1)
        run = planner.plan(planned)
        codes = [each.code for each in run.report.problems]
        assert codes.count("suppressed_identifier") == 3
        assert not company.store.has_suppressions()
        assert not company.is_suppressed("ada@example.org")
        assert company.exported() == [ada]
        assert counts_of(company.upload(planned).report) == counts_of(run.report)


@pytest.mark.parametrize(
    "moved",
    [
        {"external_id": "1", "city": "Oulu"},
        {"email": "p1@example.org", "city": "Oulu"},
        {"external_id": "1", "is_deleted": True},
    ],
)
def test_a_record_that_was_known_is_new_once_the_trial_has_changed_its_customer(
    installation: InstallationStore, scratch: Path, moved: dict[str, object]
) -> None:
    old = [shared(each, email=f"p{each}@example.org", city="Turku") for each in range(4)]
    counted = [*old, moved, old[1], old[1], moved, moved, *old]
    with UploadedCompany.found(installation) as company:
        company.upload(old)
        options = msgspec.structs.replace(HOLDABLE, may_repeat_addresses=False)
        run = Planner(company, scratch, 1).plan(counted, options)
        assert run.status == "done"
        with UploadedCompany.found(installation) as other:
            other.upload(old)
            assert counts_of(other.upload(counted).report) == counts_of(run.report)
            assert company.contents() == other.contents()


def test_what_is_kept_of_a_trial_goes_with_it(
    installation: InstallationStore, tmp_path: Path
) -> None:
    with UploadedCompany.found(installation) as company:
        planner = Planner(company, tmp_path)
        planner.plan([shared(number) for number in range(10)], DRY)
        planner.plan([shared(number) for number in range(10)], HOLDABLE, ALWAYS)
        limits = HoldLimits(0, 100, 0, 10_000, 10_000)
        planner.plan([shared(number) for number in range(10)], HOLDABLE, limits)
        assert list(tmp_path.iterdir()) == []


def test_how_far_a_count_has_come_is_told_while_it_lasts(
    installation: InstallationStore, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulars.services.import_plan._SAVED_SECONDS", 0.0)
    with UploadedCompany.found(installation) as company:
        seen = []
        planner = Planner(company, scratch, 1)
        given_records = [shared(number) for number in range(10)]
        run = planner.plan(
            given_records,
            on_progress=lambda _: seen.append(company.store.load_imports(None, 1)[0]),
        )
        assert seen[0].report.counted == 0
        assert 0 < seen[-1].report.counted <= 10
        assert {(each.status, each.report.records) for each in seen} == {("running", 0)}
        assert (run.report.records, run.report.counted) == (10, 0)
