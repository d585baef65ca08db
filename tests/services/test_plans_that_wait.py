"""Plans that wait in the line to be applied, or will not be: they have done nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import msgspec

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.domain.imports.report import Report
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_reports import load_problems, measure_progress
from tests.store.make import make_entry

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun
    from tests.services.shop import Shop

RECORDS: Final = [{"external_id": "1", "birth_date": "never"}, {"external_id": "a b"}]
DRY: Final = ImportOptions(BodyForm("json"), is_dry_run=True)


def plan(shop: Shop) -> ImportRun:
    body = json.dumps(RECORDS).encode()
    accepted = shop.imports.acceptance.accept(shop.register, body, DRY, "test")
    shop.imports.run_waiting(shop.register)
    run = shop.imports.find(shop.register, accepted.id)
    assert (run.status, run.report.records, run.report.rejected) == ("planned", 2, 1)
    assert len(load_problems(shop.register, run, None, 0, 10)) == 2
    return run


def kept_of(shop: Shop, run: ImportRun) -> list[object]:
    reports = shop.register.store.reports
    return [*reports.load_problems(run.number, 0, 10), *reports.load_rejected(run.number, 0, 10)]


def test_a_plan_that_waits_to_be_applied_has_done_nothing_yet(shop: Shop) -> None:
    run = plan(shop)
    assert shop.imports.kept.apply(shop.register, run, actor="test", may_release=False)
    runs, _ = load_page(shop.installation.store.line, shop.register, ImportPlace(), 10)
    for found in (shop.imports.find(shop.register, run.id), *runs):
        assert (found.status, found.report) == ("queued", Report())
        progress = measure_progress(found, shop.installation.now())
        assert (progress.records_done, progress.records_per_second) == (0, None)
        assert shop.imports.kept.find_plan(shop.register, found) is None
    shop.imports.run_waiting(shop.register)
    done = shop.imports.find(shop.register, run.id)
    assert (done.status, done.report.created) == ("done", 1)
    assert len(kept_of(shop, run)) == 3


def test_an_expired_plan_looks_like_an_import_that_did_nothing(shop: Shop) -> None:
    run = plan(shop)
    assert len(kept_of(shop, run)) == 3
    found = shop.register.store.plans.find_plan(run.number)
    assert found is not None
    with shop.register.store.lock():
        found.expires_at = shop.installation.now()
        shop.register.store.plans.save_plan(found)
        assert shop.imports.kept.drop_expired(shop.register) == 1
    gone = shop.imports.find(shop.register, run.id)
    assert (gone.status, gone.report) == ("cancelled", Report())
    assert kept_of(shop, run) == []
    assert shop.imports.kept.find_plan(shop.register, gone) is None


def test_a_plan_that_is_cancelled_in_the_line_leaves_nothing(shop: Shop) -> None:
    run = plan(shop)
    assert shop.imports.kept.apply(shop.register, run, actor="test", may_release=False)
    assert shop.installation.store.line.cancel_queued_import("acme", run.id, make_entry())
    found = shop.imports.find(shop.register, run.id)
    assert (found.status, found.report) == ("cancelled", Report())
    shop.imports.run_waiting(shop.register)
    gone = shop.imports.find(shop.register, run.id)
    assert (gone.status, gone.report) == ("cancelled", Report())
    assert kept_of(shop, run) == []


def test_a_count_that_was_interrupted_is_told_until_it_is_over(shop: Shop) -> None:
    run = plan(shop)
    counting = msgspec.structs.replace(run, status="running", report=Report(counted=1))
    progress = measure_progress(counting, shop.installation.now())
    assert (progress.records_done, progress.records_total) == (1, 2)
    counting.status = "failed"
    assert measure_progress(counting, shop.installation.now()).records_done == 0
