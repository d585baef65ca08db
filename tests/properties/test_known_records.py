"""A record that is known by its hash does what it would do if it were read: nothing."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.services.repeated_records import RepeatedRecords
from tests.properties.company import AS_JSON, UploadedCompany, examples
from tests.record_strategies import records

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

NEVER = 2**62
SOME = st.lists(records(), min_size=1, max_size=8)


def plain(number: int, **fields: object) -> dict[str, object]:
    return {"external_id": str(number), "email": f"p{number}@example.org", **fields}


def are_many_known(company: UploadedCompany, uploaded: list[object]) -> bool:
    body = io.BytesIO(json.dumps(uploaded).encode())
    return RepeatedRecords(company.store, body, AS_JSON, company.schema, 1000).are_many()


@settings(max_examples=examples(30), suppress_health_check=list(HealthCheck))
@given(first=SOME, second=SOME, turns=st.lists(st.integers(0, 30), max_size=12))
def test_looking_for_known_records_changes_no_outcome(
    installation: InstallationStore, first: list[object], second: list[object], turns: list[int]
) -> None:
    known = [plain(number, city=f"City {number}") for number in range(31)]
    # Most of it comes again, in another order, with others in between.
    again = known[::-1] + second + [known[turn] for turn in turns] + first
    with (
        UploadedCompany.found(installation) as looking,
        UploadedCompany.found(installation) as reading,
    ):
        reading.repeated_bytes = NEVER
        for uploaded in (known + first, again, [*again[::-1], *second]):
            for size in (7, 1000):
                report = looking.upload(uploaded, batch_records=size).report
                assert report == reading.upload(uploaded, batch_records=size).report
        assert looking.contents() == reading.contents()


def test_records_that_come_again_as_they_were_are_known(
    installation: InstallationStore,
) -> None:
    uploaded: list[object] = [plain(number) for number in range(20)]
    with UploadedCompany.found(installation) as company:
        company.upload(uploaded)
        assert are_many_known(company, uploaded)
        changed: list[object] = [plain(number, city="Espoo") for number in range(20)]
        assert not are_many_known(company, changed)
        company.upload(changed)
        assert are_many_known(company, changed)
        assert not are_many_known(company, uploaded)
        # A field of another type may make the same bytes mean something else.
        company.upload([plain(0, ACME__size=1)])
        assert not are_many_known(company, changed)


def test_records_that_are_hashed_in_another_process_do_the_same(
    installation: InstallationStore,
) -> None:
    known = [plain(number, ACME__size=number) for number in range(40)]
    # In the middle a field becomes another one, which the other process cannot know.
    middle = [
        plain(50, ACME__size="large"),
        "no record",
        {"email": "p3@example.org", "city": "Oulu"},
    ]
    again = [*known[:25], *middle, *known[25:], *known[::-1]]
    with (
        UploadedCompany.found(installation) as looking,
        UploadedCompany.found(installation) as reading,
    ):
        looking.large_repeated_bytes = 0
        reading.repeated_bytes = NEVER
        for uploaded in (known, again):
            report = looking.upload(uploaded, batch_records=10).report
            assert report == reading.upload(uploaded, batch_records=10).report
        assert looking.contents() == reading.contents()


def test_a_known_record_behind_another_change_of_its_customer_is_read(
    installation: InstallationStore,
) -> None:
    uploaded: list[object] = [plain(number, city="Espoo") for number in range(20)]
    with UploadedCompany.found(installation) as company:
        company.upload(uploaded)
        report = company.upload([{"email": "p3@example.org", "city": "Vantaa"}, *uploaded]).report
        assert (report.updated, report.unchanged) == (2, 19)
        (third,) = [each for each in company.customers() if each.fields["external_id"] == "3"]
        assert third.fields["city"] == "Espoo"


def test_whoever_is_deleted_or_forgotten_is_not_known(
    installation: InstallationStore,
) -> None:
    uploaded: list[object] = [plain(number) for number in range(4)]
    with UploadedCompany.found(installation) as company:
        company.upload(uploaded)
        company.upload([{"external_id": "0", "is_deleted": True}])
        company.upload([{"external_id": "1", "is_forgotten": True}])
        assert len(company.store.find_record_hashes({"0", "1", "2", "3"})) == 2
        report = company.upload(uploaded).report
        assert (report.unchanged, report.ignored) == (2, 2)
