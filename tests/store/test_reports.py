"""Problems and rejected records are kept in order, paged, erased by identifier, and let go of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from regulars.domain.identity.identifiers import Kind
from regulars.domain.records.problem import Problem
from regulars.store.contract import ProblemCodes, RejectedRow
from tests.store.make import ADA, BOB, LATER, MOBILE, make_batch, save, start_run

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore, ImportRun

MALFORMED = Problem("malformed_record", 1, None, 7)
ODD_NAME = Problem("unknown_field", 2, "tab\tnew\nline \\N 'é'")
BAD_EMAIL = Problem("bad_email", 3, "email")


def add(store: CompanyStore, run: ImportRun, *rows: RejectedRow) -> None:
    with store.lock():
        store.reports.add(run.number, [], rows)


def rejected(record: int, *identifiers: tuple[Kind, str]) -> RejectedRow:
    original = b'{"external_id": "%d", \xff\0}' % record
    return RejectedRow(record, original, [Problem("no_identifier", record)], list(identifiers))


def records_of(store: CompanyStore, run: ImportRun) -> list[int]:
    return [row.record for row in store.reports.load_rejected(run.number, 0, 1000)]


def test_a_batch_keeps_problems_and_rejected_records(store: CompanyStore) -> None:
    run = start_run(store)
    batch = make_batch(run)
    batch.problems = [MALFORMED, ODD_NAME]
    batch.rejected = [RejectedRow(1, b"x\0\xff", [MALFORMED, BAD_EMAIL]), RejectedRow(4, None, [])]
    batch.header = ("e-mail", "=odd")
    save(store, batch)
    assert store.reports.load_problems(run.number, 0, 10) == [(1, MALFORMED), (2, ODD_NAME)]
    assert store.reports.load_rejected(run.number, 0, 10) == batch.rejected
    assert store.reports.load_header(run.number) == batch.header


def test_a_batch_that_fails_keeps_neither(store: CompanyStore) -> None:
    run = start_run(store)
    batch = make_batch(run)
    batch.problems = [MALFORMED]
    batch.rejected = [rejected(1), rejected(1)]
    with pytest.raises(Exception, match=r"(?i)unique"):
        save(store, batch)
    assert store.reports.load_problems(run.number, 0, 10) == []
    assert store.reports.load_rejected(run.number, 0, 10) == []


def test_problems_are_paged_in_the_order_in_which_they_came(store: CompanyStore) -> None:
    run, other = start_run(store), start_run(store)
    problems = [Problem("bad_email", 100 - number, "email") for number in range(50)]
    with store.lock():
        store.reports.add(other.number, [MALFORMED], [])
        store.reports.add(run.number, problems[:20], [])
        store.reports.add(other.number, [MALFORMED], [])
        store.reports.add(run.number, problems[20:], [])
    found: list[Problem] = []
    after = 0
    while page := store.reports.load_problems(run.number, after, 7):
        found += [problem for _, problem in page]
        after = page[-1][0]
    assert found == problems
    assert len(store.reports.load_problems(other.number, 0, 7)) == 2


def test_problems_are_found_by_their_codes(store: CompanyStore) -> None:
    run = start_run(store)
    with store.lock():
        store.reports.add(run.number, [MALFORMED, BAD_EMAIL, ODD_NAME, BAD_EMAIL], [])
    wanted = ProblemCodes(("bad_email", "unknown_field"))
    assert [number for number, _ in store.reports.load_problems(run.number, 0, 9, wanted)] == [
        2, 3, 4,
    ]  # fmt: skip
    assert store.reports.load_problems(run.number, 0, 9, ProblemCodes(())) == []
    assert store.reports.load_problems(run.number, 2, 1, wanted) == [(3, ODD_NAME)]


def test_what_rejects_in_a_strict_import_is_found_apart(store: CompanyStore) -> None:
    run = start_run(store)
    rejecting = structs.replace(BAD_EMAIL, rejects=True)
    with store.lock():
        store.reports.add(run.number, [BAD_EMAIL, rejecting, MALFORMED], [])
    errors = ProblemCodes(("malformed_record",), ("malformed_record", "bad_email"))
    assert store.reports.load_problems(run.number, 0, 9, errors) == [(2, rejecting), (3, MALFORMED)]
    warnings = ProblemCodes(("bad_email",))
    assert store.reports.load_problems(run.number, 0, 9, warnings) == [(1, BAD_EMAIL)]


def test_an_import_without_problems_has_none(store: CompanyStore) -> None:
    assert store.reports.load_problems(99, 0, 10) == []
    assert store.reports.load_rejected(99, 0, 10) == []
    assert store.reports.load_header(99) is None


def test_records_that_name_a_forgotten_person_go_from_every_import(store: CompanyStore) -> None:
    first, second = start_run(store), start_run(store)
    add(store, first, rejected(1, (Kind.EMAIL_UNREGISTERED, ADA)), rejected(2))
    add(store, second, rejected(5, (Kind.EXTERNAL_ID, "7"), (Kind.EMAIL_REGISTERED, BOB)))
    add(store, second, rejected(6, (Kind.PHONE_REGISTERED, MOBILE)), rejected(8))
    batch = make_batch(second)
    # However the customer was registered, and whichever of its identifiers a record names.
    batch.erased = {(Kind.EMAIL_REGISTERED, ADA), (Kind.EXTERNAL_ID, "7")}
    # Also a record of the very batch that forgets.
    batch.rejected = [rejected(9, (Kind.EMAIL_DELETED, ADA)), rejected(10)]
    save(store, batch)
    assert records_of(store, first) == [2]
    assert records_of(store, second) == [6, 8, 10]
    with store.lock():
        store.reports.erase({(Kind.PHONE_ONLY_UNREGISTERED, MOBILE)})
    assert records_of(store, second) == [8, 10]


def test_a_record_that_goes_leaves_nothing_of_its_other_identifiers(store: CompanyStore) -> None:
    run = start_run(store)
    row = rejected(1, (Kind.EXTERNAL_ID, "1"), (Kind.EMAIL_REGISTERED, ADA))
    add(store, run, row)
    with store.lock():
        store.reports.erase({(Kind.EXTERNAL_ID, "1")})
        # As a held import does that is released: its records are read once more.
        store.reports.delete(run.number)
    add(store, run, row)
    assert records_of(store, run) == [1]
    with store.lock():
        store.reports.erase({(Kind.EMAIL_REGISTERED, ADA)})
    assert records_of(store, run) == []


def test_an_identifier_of_another_kind_is_not_the_same(store: CompanyStore) -> None:
    run = start_run(store)
    add(store, run, rejected(1, (Kind.EXTERNAL_ID, "358")))
    with store.lock():
        store.reports.erase({(Kind.PHONE_REGISTERED, "358")})
    assert records_of(store, run) == [1]


def test_rejected_records_go_with_their_headers_once_they_are_old(store: CompanyStore) -> None:
    old, new, running = start_run(store), start_run(store), start_run(store)
    for run in (old, new, running):
        with store.lock():
            row = rejected(1, (Kind.EMAIL_REGISTERED, ADA))
            store.reports.add(run.number, [MALFORMED], [row], ["email"])
    with store.lock():
        old.ended_at = LATER
        new.ended_at = LATER + timedelta(days=1)
        store.save_import(old)
        store.save_import(new)
        assert store.reports.delete_rejected(LATER) == 0
        assert store.reports.delete_rejected(LATER + timedelta(seconds=1)) == 1
        assert store.reports.delete_rejected(LATER + timedelta(seconds=1)) == 0
    assert [records_of(store, run) for run in (old, new, running)] == [[], [1], [1]]
    assert store.reports.load_header(old.number) is None
    assert store.reports.load_header(new.number) == ("email",)
    assert store.reports.load_problems(old.number, 0, 1) == [(1, MALFORMED)]


def test_those_of_plans_and_holds_are_old_by_when_they_were_counted(store: CompanyStore) -> None:
    planned, held, running = start_run(store), start_run(store), start_run(store)
    planned.status, held.status = "planned", "held"
    with store.lock():
        for run in (planned, held, running):
            store.save_import(run)
            store.reports.add(run.number, [], [rejected(1)])
        assert store.reports.delete_rejected(LATER) == 0
        assert store.reports.delete_rejected(LATER + timedelta(seconds=1)) == 2
    assert [records_of(store, run) for run in (planned, held, running)] == [[], [], [1]]


def test_all_that_is_kept_of_an_import_goes_at_once(store: CompanyStore) -> None:
    one, other = start_run(store), start_run(store)
    numbers = [one.number, other.number]
    with store.lock():
        for run in (one, other):
            row = rejected(1, (Kind.EMAIL_REGISTERED, ADA))
            store.reports.add(run.number, [MALFORMED], [row], ["email"])
        assert store.reports.find_with_rejected(numbers) == {*numbers}
        store.reports.delete(one.number)
        store.reports.delete(one.number)
    assert store.reports.find_with_rejected([*numbers, 2**60]) == {other.number}
    assert store.reports.find_with_rejected([]) == set()
    assert store.reports.load_problems(one.number, 0, 10) == []
    assert records_of(store, one) == []
    assert store.reports.load_header(one.number) is None
    assert store.reports.load_problems(other.number, 0, 10) == [(1, MALFORMED)]
    assert (records_of(store, other), store.reports.load_header(other.number)) == ([1], ("email",))
    with store.lock():
        # What named somebody in the one that went may come again.
        store.reports.add(one.number, [], [rejected(1, (Kind.EMAIL_REGISTERED, ADA))])
        store.reports.erase({(Kind.EMAIL_REGISTERED, ADA)})
    assert store.reports.find_with_rejected(numbers) == set()


def test_writing_takes_the_lock_of_the_company(store: CompanyStore) -> None:
    with pytest.raises(RuntimeError):
        store.reports.add(1, [MALFORMED], [])
    with pytest.raises(RuntimeError):
        store.reports.delete(1)
    with pytest.raises(RuntimeError):
        store.reports.erase({(Kind.EXTERNAL_ID, "1")})
    with pytest.raises(RuntimeError):
        store.reports.delete_rejected(LATER)
