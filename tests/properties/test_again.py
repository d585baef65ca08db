"""What was uploaded already changes nothing when it comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.domain.fields.types import COUNTRY_CODE, ReadingContext
from tests.properties.company import UploadedCompany, examples
from tests.record_strategies import field_of, records, uploads

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(uploaded=uploads())
def test_the_export_of_a_register_changes_nothing(
    installation: InstallationStore, uploaded: list[list[object]]
) -> None:
    with UploadedCompany.found(installation) as company:
        for some in uploaded:
            company.upload(some)
        before = company.contents()
        exported = company.exported()
        report = company.upload(exported).report
        assert report.unchanged == report.records == len(exported)
        assert report.problems == []
        assert company.contents() == before


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(earlier=st.lists(records(), max_size=8), record=records())
def test_a_record_right_behind_itself_changes_nothing(
    installation: InstallationStore, earlier: list[object], record: object
) -> None:
    with UploadedCompany.found(installation) as company:
        company.upload([*earlier, record])
        before = company.contents()
        report = company.upload([record]).report
        if not may_do_more_when_repeated(record):
            assert report.created == report.updated == 0
            assert company.contents() == before
