"""Segments, their versions and their counts; written without the company's lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from regulars.store.contract.segments import (
    Segment,
    SegmentChange,
    SegmentCount,
    SegmentVersion,
)
from tests.store.make import (
    ACME,
    BOLT,
    LATER,
    NOON,
    add_segments,
    make_batch,
    make_entry,
    make_segment,
    start_run,
)
from tests.store.other_process import COUNTS, is_done, other_process

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore, InstallationStore
    from tests.store.places import Place

PATIENCE_SECONDS: Final = 20
MONDAY: Final = date(2026, 1, 26)
TUESDAY: Final = date(2026, 1, 27)


def save(store: CompanyStore, *segments: Segment) -> None:
    revision = store.segments.read_revision()
    assert store.segments.save(SegmentChange(revision, make_entry("segment:save"), [*segments]))


def delete(store: CompanyStore, number: int) -> None:
    revision = store.segments.read_revision()
    assert store.segments.save(
        SegmentChange(revision, make_entry("segment:delete"), deleted=[number])
    )


def names(store: CompanyStore) -> list[str]:
    return [segment.name for segment in store.segments.load()[1]]


def changed(segment: Segment, **values: object) -> Segment:
    new = {"version": segment.version + 1, "changed_at": LATER, "changed_by": "user:bob"}
    return msgspec.structs.replace(segment, **(new | values))


def version_of(segment: Segment) -> SegmentVersion:
    return SegmentVersion(
        segment.version, segment.name, segment.condition, segment.changed_at, segment.changed_by
    )


def test_a_new_company_has_no_segments(store: CompanyStore) -> None:
    assert store.segments.load() == (0, [])
    assert store.segments.read_revision() == 0
    assert store.segments.load_versions(1) == []
    assert store.segments.load_counts(1, date.min, date.max) == []
    assert store.segments.load_uncounted(MONDAY) == []


def test_segments_come_back_in_order_of_their_keys(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    segments = [
        make_segment(1, "Öljy \\ %s", 'city = "Å\\"bo \U0001f600"'),
        make_segment(2, "vip"),
        make_segment(3, "Åland"),
        make_segment(4, "Apes"),
    ]
    save(store, *segments)
    seen = other_installation.open_company(ACME.short_name).segments
    assert seen.load() == (1, [segments[3], segments[1], segments[2], segments[0]])


def test_every_change_raises_the_revision_by_one(store: CompanyStore) -> None:
    save(store, make_segment(1, "a"), make_segment(2, "b"))
    assert store.segments.read_revision() == 1
    delete(store, 2)
    assert store.segments.read_revision() == 2


def test_a_change_keeps_what_was_before_as_a_version(store: CompanyStore) -> None:
    first = make_segment(1, "vip", "country = FI")
    second = changed(first, condition="country = SE")
    third = changed(second, name="VIPs", key="vips", changed_by="user:eve")
    for segment in (first, second, third):
        save(store, segment)
    assert store.segments.load()[1] == [third]
    assert store.segments.load_versions(1) == [version_of(each) for each in (third, second, first)]


def test_several_segments_change_together_with_an_audit_entry(store: CompanyStore) -> None:
    one, two = make_segment(1, "one"), make_segment(2, "two", 'segment "one"')
    save(store, one, two)
    entry = make_entry("segment:rename")
    renamed = [changed(one, name="uno", key="uno"), changed(two, condition="segment uno")]
    assert store.segments.save(SegmentChange(1, entry, renamed))
    assert [segment.condition for segment in store.segments.load()[1]] == [
        "segment uno",
        one.condition,
    ]
    assert store.audit_log.load()[-1] == entry


def test_what_was_decided_on_an_older_revision_is_not_written(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"))
    log = store.audit_log.load()
    late = SegmentChange(0, make_entry("segment:save"), [make_segment(2, "late")], [1])
    assert not store.segments.save(late)
    assert names(store) == ["vip"]
    assert store.segments.read_revision() == 1
    assert store.audit_log.load() == log


def test_the_database_keeps_keys_unique_and_writes_all_or_nothing(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"))
    twice = [make_segment(2, "new"), make_segment(3, "VIP")]
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.segments.save(SegmentChange(1, make_entry(), twice))
    assert names(store) == ["vip"]
    assert store.segments.read_revision() == 1
    assert len(store.audit_log.load()) == 1


def test_a_deleted_segment_takes_versions_and_counts_along(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"), make_segment(2, "stays"))
    store.segments.add_counts([SegmentCount(number, MONDAY, 5, {}) for number in (1, 2)])
    delete(store, 1)
    assert names(store) == ["stays"]
    assert store.segments.load_versions(1) == []
    assert store.segments.load_counts(1, date.min, date.max) == []
    assert len(store.segments.load_versions(2)) == 1
    assert len(store.segments.load_counts(2, date.min, date.max)) == 1


def test_the_name_of_a_deleted_segment_is_free_again(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"))
    delete(store, 1)
    save(store, make_segment(3, "VIP"))
    assert [version.version for version in store.segments.load_versions(3)] == [1]


def test_the_first_count_of_a_day_stays(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"))
    first = SegmentCount(1, MONDAY, 5_000_000_000, {"email": 3, "sms": 0})
    store.segments.add_counts([first])
    store.segments.add_counts([SegmentCount(1, MONDAY, 7, {"email": 7})])
    assert store.segments.load_counts(1, MONDAY, MONDAY) == [first]


def test_counts_come_day_by_day_from_one_day_to_another(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"), make_segment(2, "other"))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 10), date(2026, 2, 2)]
    counts = [SegmentCount(1, day, number, {}) for number, day in enumerate(days)]
    store.segments.add_counts([*reversed(counts), SegmentCount(2, days[1], 9, {})])
    assert store.segments.load_counts(1, date.min, date.max) == counts
    assert store.segments.load_counts(1, days[1], days[2]) == counts[1:3]


def test_counts_of_a_segment_that_is_gone_are_dropped(store: CompanyStore) -> None:
    save(store, make_segment(1, "vip"))
    store.segments.add_counts([SegmentCount(number, MONDAY, 5, {}) for number in (7, 1)])
    assert store.segments.load_counts(7, MONDAY, MONDAY) == []
    assert len(store.segments.load_counts(1, MONDAY, MONDAY)) == 1


def test_segments_without_a_count_of_the_day_are_known(store: CompanyStore) -> None:
    one, two = make_segment(1, "one"), make_segment(2, "two")
    save(store, two, one)
    store.segments.add_counts([SegmentCount(1, MONDAY, 5, {}), SegmentCount(2, TUESDAY, 5, {})])
    assert store.segments.load_uncounted(MONDAY) == [two]
    assert store.segments.load_uncounted(TUESDAY) == [one]
    assert store.segments.load_uncounted(date(2026, 1, 28)) == [one, two]


def test_segments_of_companies_are_apart(
    store: CompanyStore, installation: InstallationStore
) -> None:
    installation.create_company(BOLT, NOON, make_entry())
    other = installation.open_company(BOLT.short_name)
    save(store, make_segment(1, "vip"))
    assert other.segments.load() == (0, [])
    save(other, make_segment(1, "vip", "country = SE"))
    assert store.segments.load()[1] != other.segments.load()[1]


def test_segments_and_counts_are_written_while_another_holds_the_lock(
    store: CompanyStore, other_installation: InstallationStore
) -> None:
    other = other_installation.open_company(ACME.short_name)
    run = start_run(store)
    with store.lock(), ThreadPoolExecutor(1) as threads:
        with store.group_batches():
            store.save_batch(make_batch(run, [(1, 1, {"external_id": "1"})]))
        threads.submit(save, other, make_segment(1, "vip")).result(PATIENCE_SECONDS)
        counts = [SegmentCount(1, MONDAY, 5, {})]
        threads.submit(other.segments.add_counts, counts).result(PATIENCE_SECONDS)
    assert names(store) == ["vip"]


def test_processes_that_save_at_once_lose_nothing(place: Place, store: CompanyStore) -> None:
    with other_process(place, "add segments") as one, other_process(place, "add segments") as two:
        add_segments(store, COUNTS)
        assert is_done(one)
        assert is_done(two)
    revision, segments = store.segments.load()
    assert revision == len(segments) == 3 * COUNTS
    assert {segment.id for segment in segments} == set(range(1, 3 * COUNTS + 1))
    assert len(store.audit_log.load()) == 3 * COUNTS
