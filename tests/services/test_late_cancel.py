"""Cancels that come at the last moment, and turns that come too late (SPEC section 4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import ConflictError
from regulars.services import imports as imports_module
from regulars.services.import_cancel import ask_to_cancel, cancel_import, conclude_cancel
from regulars.services.import_run import ImportRunner
from regulars.services.kept_bodies import keep_if_needed
from tests.audit import audit_log
from tests.store.make import make_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from regulars.store.contract import QueueStep
    from tests.services.shop import Shop

ONE = [{"external_id": "1"}]


def accept(shop: Shop, *, is_dry_run: bool = False) -> str:
    options = ImportOptions(BodyForm("json"), is_dry_run=is_dry_run)
    body = json.dumps(ONE).encode()
    return shop.imports.acceptance.accept(shop.register, body, options, "test").id


def status_of(shop: Shop, import_id: str) -> str:
    return shop.imports.find(shop.register, import_id).status


def living(shop: Shop) -> int:
    return shop.register.store.read_position().living


def cancels_of(shop: Shop) -> list[str]:
    entries = audit_log(shop.installation, "acme")
    return [entry.subject for entry in entries if entry.action == "import:cancel"]


def when_leaving(monkeypatch: pytest.MonkeyPatch, then: Callable[[], object]) -> None:
    """Have something happen when an import has come to its end, and stands in the line yet."""

    def keep(*arguments: Any) -> bool:
        is_kept = keep_if_needed(*arguments)
        then()
        return is_kept

    monkeypatch.setattr(imports_module, "keep_if_needed", keep)


def test_a_plan_that_is_cancelled_before_it_leaves_the_line_is_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = accept(shop, is_dry_run=True)
    seen = []

    def cancel() -> None:
        seen.append(status_of(shop, import_id))
        assert shop.installation.store.line.cancel_queued_import("acme", import_id, make_entry())
        seen.append(status_of(shop, import_id))

    when_leaving(monkeypatch, cancel)
    shop.imports.run_waiting(shop.register)
    assert seen == ["running", "cancelled"]
    run = shop.imports.find(shop.register, import_id)
    assert run.status == "cancelled"
    assert run.ended_at is not None
    assert shop.register.store.plans.load_kept() == []
    assert shop.register.store.plans.load_samples(run.number) == []
    with pytest.raises(FileNotFoundError):
        shop.register.store.open_spool(import_id)
    assert shop.installation.store.line.load_queued_imports("acme") == []


def test_an_import_that_was_done_before_it_could_stop_is_a_conflict(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = accept(shop)
    asked = []

    def cancel() -> None:
        assert shop.installation.store.line.cancel_queued_import("acme", import_id, make_entry())
        asked.append(shop.imports.find(shop.register, import_id))

    when_leaving(monkeypatch, cancel)
    shop.imports.run_waiting(shop.register)
    assert [run.status for run in asked] == ["done"]
    with pytest.raises(ConflictError, match="the import is done already"):
        conclude_cancel(shop.installation, shop.register, asked[0])
    assert living(shop) == 1


def test_an_import_looks_a_last_time_before_it_is_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = accept(shop)
    decide = ImportRunner._decide

    def cancelled_meanwhile(*arguments: Any) -> Any:
        assert shop.installation.store.line.cancel_queued_import("acme", import_id, make_entry())
        return decide(*arguments)

    monkeypatch.setattr(ImportRunner, "_decide", cancelled_meanwhile)
    shop.imports.run_waiting(shop.register)
    run = shop.imports.find(shop.register, import_id)
    assert (run.status, run.report.records, living(shop)) == ("cancelled", 0, 0)


def test_one_that_never_started_ends_at_once_where_nobody_is_at_work(shop: Shop) -> None:
    import_id = accept(shop)
    assert (
        cancel_import(
            shop.installation, shop.imports, shop.register, import_id, actor="test"
        ).status
        == "cancelled"
    )
    assert shop.installation.store.line.load_queued_imports("acme") == []
    run = shop.imports.find(shop.register, import_id)
    assert (run.has_started, run.ended_at is None) == (False, False)
    assert cancels_of(shop) == [f"import {import_id}"]
    with pytest.raises(ConflictError, match="is cancelled already"):
        ask_to_cancel(shop.installation, shop.imports, shop.register, import_id, actor="test")


def plan(shop: Shop) -> str:
    import_id = accept(shop, is_dry_run=True)
    shop.imports.run_waiting(shop.register)
    assert status_of(shop, import_id) == "planned"
    return import_id


@pytest.mark.parametrize("step", ["apply", "release", "restart"])
def test_a_turn_that_comes_when_all_is_over_changes_nothing(
    shop: Shop, step: QueueStep, caplog: pytest.LogCaptureFixture
) -> None:
    import_id = plan(shop)
    run = shop.imports.find(shop.register, import_id)
    with shop.register.store.lock():
        shop.imports.kept.drop(shop.register, run)
    before = shop.imports.find(shop.register, import_id)
    queued = msgspec.structs.replace(
        shop.imports.acceptance.new_import(shop.register, run.options, 2, "test", is_spooled=True),
        step=step,
    )
    line = shop.installation.store.line
    line.enqueue_import(msgspec.structs.replace(queued, id=import_id))
    line.enqueue_import(msgspec.structs.replace(queued, id="gone"))
    shop.imports.run_waiting(shop.register)
    assert line.load_queued_imports("acme") == []
    assert shop.imports.find(shop.register, import_id) == before
    assert not caplog.records


def test_an_expired_plan_and_a_cancelled_one_are_dropped_once(shop: Shop) -> None:
    import_id = plan(shop)
    run = shop.imports.find(shop.register, import_id)
    found = shop.register.store.plans.find_plan(run.number)
    assert found is not None
    found.expires_at = run.accepted_at
    with shop.register.store.lock():
        shop.register.store.plans.save_plan(found)
        assert shop.imports.kept.cancel(shop.register, run)
        assert shop.imports.kept.drop_expired(shop.register) == 0
    assert status_of(shop, import_id) == "cancelled"
    shop.imports.run_waiting(shop.register)
    assert status_of(shop, import_id) == "cancelled"
    assert shop.installation.store.line.load_queued_imports("acme") == []
