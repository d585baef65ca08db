"""Nobody waits for the audit log, and it lacks nothing in the end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

from regulars.services.access import Access
from regulars.services.due_audit import carry_over
from regulars.services.import_cancel import ask_to_cancel
from tests.busy import is_within, wait_until
from tests.running_server import running_server
from tests.services.test_late_cancel import accept

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.shop import Shop

A_LITTLE_SECONDS = 3.0
PATIENCE_SECONDS = 30.0


def actions(shop: Shop) -> list[str]:
    return [entry.action for entry in shop.register.store.audit_log.load()]


def test_who_acts_does_not_wait_for_whoever_writes(shop: Shop) -> None:
    store = shop.register.store
    writes, is_over = Event(), Event()

    def import_for_long() -> None:
        with store.lock(), store.group_batches():
            store.reports.delete(1)
            writes.set()
            is_over.wait(PATIENCE_SECONDS)

    before = actions(shop)
    with ThreadPoolExecutor() as threads:
        importing = threads.submit(import_for_long)
        try:
            assert writes.wait(PATIENCE_SECONDS)
            began = time.monotonic()
            Access(shop.installation).create_token("acme", "till", actor="user:ada@example.org")
            assert is_within(time.monotonic() - began, A_LITTLE_SECONDS)
            due = [each.entry.action for each in shop.installation.store.due_audit.load("acme")]
            # In a SQLite file it waits; elsewhere it need not, and may be entered just now.
            assert set(actions(shop)[len(before) :] + due) == {"token:create"}
        finally:
            is_over.set()
        importing.result(PATIENCE_SECONDS)
    wait_until(lambda: actions(shop) == [*before, "token:create"])
    wait_until(lambda: shop.installation.store.due_audit.load("acme") == [])


def test_what_a_crash_left_is_carried_over_once(shop: Shop) -> None:
    import_id = accept(shop)
    ask_to_cancel(shop.installation, shop.imports, shop.register, import_id, actor="ada")
    store = shop.installation.store
    due = store.due_audit.load("acme")
    assert [each.entry.action for each in due] == ["import:cancel"]
    # The process ended in between.
    shop.register.store.audit_log.carry_over(due)
    carry_over(store, "acme")
    assert actions(shop).count("import:cancel") == 1
    assert store.due_audit.load_companies() == []
    (entry,) = [e for e in shop.register.store.audit_log.load() if e.action == "import:cancel"]
    assert (entry.actor, entry.subject) == ("ada", f"import {import_id}")
    assert entry.details == "it was queued"


def test_a_server_carries_over_what_the_last_one_left(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        shop = server.make_shop()
        entry = server.installation.audit_entry("ada", "token:revoke", "t1")
        company = server.installation.store.find_company(shop.short_name)
        assert company is not None
        server.kill()
        server.installation.store.save_company(company, entry)
        assert server.installation.store.due_audit.load_companies() == [shop.short_name]
        server.restart()
        log = server.installation.store.open_company(shop.short_name).audit_log
        wait_until(lambda: log.load()[-1] == entry)
