"""An applied plan does exactly what it showed, or nothing; a release leaves others' work alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.imports.hold import HoldLimits
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.plan import decode_sample
from regulars.services.import_run import ImportRunner
from regulars.store.contract import QueuedImport
from tests.properties.company import ACME, NOON, UploadedCompany, examples
from tests.properties.planner import (
    ALWAYS,
    DRY,
    HOLDABLE,
    NEVER,
    SOME,
    Planner,
    body_of,
    counts_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from regulars.store.contract import InstallationStore

LOSING = msgspec.structs.replace(HOLDABLE, may_repeat_addresses=False)
CHOICES = st.sampled_from(
    [
        DRY,
        msgspec.structs.replace(DRY, mode="create"),
        msgspec.structs.replace(DRY, mode="update"),
        msgspec.structs.replace(DRY, is_strict=True),
        msgspec.structs.replace(DRY, keep=("email", "city", "tags", "can_email")),
    ]
)


def built_in(names: Iterable[str]) -> frozenset[str]:
    """Those that are no company fields, of which a type may have changed meanwhile."""
    return frozenset(name for name in names if not name.startswith("ACME__"))


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, planned=SOME, size=st.sampled_from([1, 2, 3, 100]), options=CHOICES)
def test_a_plan_changes_nothing_and_then_does_exactly_what_it_showed(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    planned: list[object],
    size: int,
    options: ImportOptions,
) -> None:
    with (
        UploadedCompany.found(installation) as company,
        UploadedCompany.found(installation) as other,
    ):
        planner = Planner(company, scratch)
        company.upload(earlier)
        before = company.contents()
        run = planner.plan(planned, options)
        assert run.status == "planned"
        assert company.contents() == before
        assert planner.check(run, planned) == []
        assert company.contents() == before
        samples = [decode_sample(each) for each in company.store.plans.load_samples(run.number)]

        done = planner.go_on(run, planned, size)
        assert done.status == "done"
        other.upload(earlier)
        direct = Planner(other, scratch, size).apply(planned, options)
        assert counts_of(direct.report) == counts_of(done.report)
        assert counts_of(done.report) == counts_of(run.report)
        assert company.contents() == other.contents()
        # A change of somebody whom the same batch forgets shows only names of fields.
        if "is_forgotten" not in json.dumps(planned).lower():
            changes = planner.changes(done)
            assert [each.record for each in samples] == [record for record, _, _ in changes]
            assert [set(each.after) for each in samples] == [set(after) for _, _, after in changes]  # type: ignore[call-overload]
        assert company.store.plans.load_samples(run.number) == []


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, planned=SOME, between=SOME)
def test_a_plan_that_would_do_otherwise_is_not_applied(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    planned: list[object],
    between: list[object],
) -> None:
    with (
        UploadedCompany.found(installation) as company,
        UploadedCompany.found(installation) as other,
    ):
        planner = Planner(company, scratch)
        company.upload(earlier)
        run = planner.plan(planned)
        company.upload(between)
        before = company.contents()
        conflicts = planner.check(run, planned)
        assert company.contents() == before
        if conflicts:
            numbers = [each.record for each in conflicts]
            assert numbers == sorted(set(numbers))
            return
        done = planner.go_on(run, planned)
        other.upload(earlier)
        other.upload(between)
        # Nothing that happened in between makes a difference to what was planned.
        assert counts_of(other.upload(planned).report) == counts_of(done.report)
        assert counts_of(done.report) == counts_of(run.report)
        assert company.contents() == other.contents()


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, planned=SOME, moving=SOME)
def test_a_customer_that_moves_after_the_check_is_left_alone(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    planned: list[object],
    moving: list[object],
) -> None:
    with UploadedCompany.found(installation) as company:
        planner = Planner(company, scratch)
        company.upload(earlier)
        run = planner.plan(planned)
        shown = {
            (sample.record, sample.before is None, built_in(sample.after))
            for sample in map(decode_sample, company.store.plans.load_samples(run.number))
        }
        moved_from = company.store.read_position().last_version
        company.upload(moving)
        moved = {row.customer_id for row in company.history() if row.version > moved_from}
        done = planner.go_on(run, planned)
        assert done.status == "done"
        assert done.report.records == len(planned)
        for row in company.history():
            if row.version > done.began_at_version:
                assert row.customer_id not in moved
                is_new = row.before is None
                assert not is_new or any(
                    (record, new) == (row.record, True) for record, new, _ in shown
                )
                # A record may write what one before, which is left alone now, wrote in the plan.
                names = built_in(msgspec.json.decode(row.after))
                assert names <= frozenset().union(
                    *(fields for record, _, fields in shown if record <= row.record)
                )
        versions = sorted(row.version for row in company.history())
        assert versions == list(range(1, len(versions) + 1))


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(earlier=SOME, held=SOME, since=SOME)
def test_a_released_import_writes_no_field_that_others_wrote_since(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    held: list[object],
    since: list[object],
) -> None:
    with UploadedCompany.found(installation) as company:
        planner = Planner(company, scratch)
        company.upload(earlier)
        before = company.contents()
        run = planner.plan(held, HOLDABLE, ALWAYS)
        if run.status != "held":
            return
        assert company.contents() == before
        held_at = company.store.read_position().last_version
        company.upload(since)
        written = {
            (row.customer_id, name)
            for row in company.history()
            if row.version > held_at
            for name in msgspec.json.decode(row.after)
        }
        done = planner.go_on(run, held)
        assert done.status == "done"
        assert done.report.records == len(held)
        for row in company.history():
            if row.version <= done.began_at_version:
                continue
            names = msgspec.json.decode(row.after)
            if "is_forgotten" not in names and "is_deleted" not in names:
                assert not {(row.customer_id, name) for name in names} & written


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(
    earlier=SOME, counted=SOME, may_stay=st.booleans(), options=st.sampled_from([HOLDABLE, LOSING])
)
def test_an_import_that_was_counted_and_not_held_is_applied_as_any_other(
    installation: InstallationStore,
    scratch: Path,
    earlier: list[object],
    counted: list[object],
    may_stay: bool,
    options: ImportOptions,
) -> None:
    # A near limit makes the counted transaction be undone, though the percentage is not reached.
    limits = NEVER if may_stay else HoldLimits(0, 100, 0, 10_000, 10_000)
    with (
        UploadedCompany.found(installation) as company,
        UploadedCompany.found(installation) as other,
    ):
        planner = Planner(company, scratch)
        company.upload(earlier)
        # Some records are known again.
        counted = earlier + counted
        run = planner.plan(counted, options, limits)
        assert run.status in ("done", "running")
        if run.status == "running":
            queued = QueuedImport(
                1, run.id, ACME.short_name, NOON, run.actor, run.options, 0, None, is_spooled=True
            )
            with company.store.lock():
                runner = ImportRunner(company.store, company.schema, planner.settings)
                run = runner.run(queued, body_of(counted))
        other.upload(earlier)
        assert counts_of(other.upload(counted).report) == counts_of(run.report)
        assert company.contents() == other.contents()


def test_a_large_first_import_is_only_read_to_be_counted(
    installation: InstallationStore, scratch: Path
) -> None:
    same = [{"external_id": str(number), "email": "x@example.org"} for number in range(7)]
    with UploadedCompany.found(installation) as company:
        planner = Planner(company, scratch)
        fine = planner.plan(same, HOLDABLE, HoldLimits(address_records=7), large_bytes=-1)
        assert (fine.status, fine.report.records) == ("running", 0)
        run = planner.plan(same, HOLDABLE, HoldLimits(address_records=6), large_bytes=-1)
        assert (run.status, run.report.records, run.report.created) == ("held", 7, 0)
        done = planner.go_on(run, same)
        assert (done.status, done.report.created) == ("done", 7)
