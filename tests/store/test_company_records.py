"""What a company keeps besides customers: its fields, its started imports, its audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.domain.fields.company_field import CompanyField
from regulars.domain.imports.report import ProblemGroup, Report
from regulars.domain.records.problem import Problem
from tests.store.make import LATER, make_batch, make_entry, make_run, save, start_run

if TYPE_CHECKING:
    from regulars.store.contract import CompanyStore

LEVEL = CompanyField("Level", "integer", "inferred", as_given=True)
GROUP = CompanyField("group", "string", "declared", as_given=False)


def save_field(store: CompanyStore, field: CompanyField) -> None:
    with store.lock():
        store.save_field(field, make_entry(f"field:{field.name}"))


def test_fields_come_in_the_order_in_which_they_were_first_seen(store: CompanyStore) -> None:
    assert store.load_fields() == []
    save_field(store, LEVEL)
    batch = make_batch(start_run(store))
    batch.fields.append(GROUP)
    save(store, batch)
    assert store.load_fields() == [LEVEL, GROUP]


def test_a_field_saved_again_takes_its_place_and_keeps_its_name(store: CompanyStore) -> None:
    save_field(store, LEVEL)
    save_field(store, GROUP)
    save_field(store, CompanyField("LEVEL", "number", "declared", as_given=False))
    widened = msgspec.structs.replace(LEVEL, type="number", origin="declared", as_given=False)
    assert store.load_fields() == [widened, GROUP]


def test_saving_a_field_is_audited(store: CompanyStore) -> None:
    save_field(store, LEVEL)
    assert store.audit_log.load() == [make_entry("field:Level")]


def test_the_audit_log_comes_in_order(store: CompanyStore) -> None:
    entries = [make_entry(f"token:{verb}") for verb in ("create", "use", "revoke")]
    for entry in entries:
        store.audit_log.add(entry)
    assert store.audit_log.load() == entries


def test_an_import_that_has_not_started_is_not_found(store: CompanyStore) -> None:
    assert store.find_import("abc") is None
    assert store.load_imports(None, 10) == []


def test_a_started_import_comes_back_as_it_was_saved(store: CompanyStore) -> None:
    run = make_run("abc")
    run.began_at_version = 2**40
    with store.lock():
        run.number = store.start_import(run)
    assert store.find_import("abc") == run
    run.status = "done"
    run.ended_at = LATER
    run.report = Report(
        records=3,
        rejected=1,
        errors=[Problem("bad_email", 2, "email")],
        groups={"bad_email email": ProblemGroup("bad_email", "email", "error", 1, 2)},
    )
    with store.lock():
        store.save_import(run)
    assert store.find_import("abc") == run


def test_numbers_of_imports_rise_and_the_newest_come_first(store: CompanyStore) -> None:
    runs = [start_run(store) for _ in range(5)]
    numbers = [run.number for run in runs]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > 0
    assert store.load_imports(None, 2) == [runs[4], runs[3]]
    assert store.load_imports(runs[3].number, 2) == [runs[2], runs[1]]
    assert store.load_imports(runs[1].number, 2) == [runs[0]]


def test_an_import_starts_once(store: CompanyStore) -> None:
    start_run(store, "abc")
    with pytest.raises(Exception, match=r"(?i)unique"):
        start_run(store, "abc")
    assert len(store.load_imports(None, 10)) == 1


@pytest.mark.parametrize("import_id", ["", "\0", "abc\0", "\ud800", "' OR 1=1 --", "%s"])
def test_no_import_is_found_under_an_id_that_none_can_have(
    store: CompanyStore, import_id: str
) -> None:
    start_run(store, "abc")
    assert store.find_import(import_id) is None
