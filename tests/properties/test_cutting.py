"""However records are cut into batches and uploads, the same comes of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.company import UploadedCompany, examples
from tests.record_strategies import records

if TYPE_CHECKING:
    from regulars.store.contract import InstallationStore

MANY_RECORDS = st.lists(records(), min_size=2, max_size=20)
LIMITS = st.sampled_from([2, 3, 100])


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(uploaded=MANY_RECORDS, size=st.sampled_from([1, 2, 3, 7]), limit=LIMITS)
def test_any_cutting_into_batches_gives_the_same(
    installation: InstallationStore, uploaded: list[object], size: int, limit: int
) -> None:
    with (
        UploadedCompany.found(installation, limit=limit) as whole,
        UploadedCompany.found(installation, limit=limit) as cut,
    ):
        report = whole.upload(uploaded).report
        assert cut.upload(uploaded, batch_records=size).report == report
        assert cut.contents() == whole.contents()


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(uploaded=MANY_RECORDS, cuts=st.sets(st.integers(1, 19), max_size=5), limit=LIMITS)
def test_any_cutting_into_uploads_gives_the_same(
    installation: InstallationStore, uploaded: list[object], cuts: set[int], limit: int
) -> None:
    with (
        UploadedCompany.found(installation, limit=limit) as whole,
        UploadedCompany.found(installation, limit=limit) as cut,
    ):
        whole.upload(uploaded)
        edges = [0, *sorted(cuts), len(uploaded)]
        for start, end in pairwise(edges):
            cut.upload(uploaded[start:end])
        assert cut.contents() == whole.contents()
