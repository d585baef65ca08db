"""What was uploaded already changes nothing when it comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        exported = without_shared_addresses(company.exported())
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


def without_shared_addresses(exported: list[dict[str, object]]) -> list[dict[str, object]]:
    """All but the unregistered customers whose record would mean others too."""
    held = [row.get(name) for row in exported for name in ("email", "phone_number")]
    return [
        row
        for row in exported
        if "external_id" in row
        or all(held.count(row[name]) == 1 for name in ("email", "phone_number") if name in row)
    ]


def may_do_more_when_repeated(record: object) -> bool:
    """Whether SPEC has a record do something else when it comes again.

    A cleared country changes how a national number reads. Where addresses were shared, whoever
    is left once the first ones are deleted or forgotten is meant next.
    """
    if not isinstance(record, dict):
        return False
    named = {field_of(key): value for key, value in record.items()}
    if named.get("country") == "":
        return True
    is_registered = str(named.get("external_id") or "").strip() != ""
    return not is_registered and bool({"is_deleted", "is_forgotten"} & named.keys())
