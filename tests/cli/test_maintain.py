"""What is kept for a while only goes after that while; what failed goes on when asked to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import ConflictError
from regulars.services.company_settings import LIMITS, change_limits
from regulars.services.import_restart import restart_import
from regulars.services.import_run import ImportRunner
from regulars.services.imports import Imports
from regulars.services.installation import Installation
from regulars.services.maintenance import Maintenance
from regulars.store.contract.reports import RejectedRow
from tests.audit import audit_log

if TYPE_CHECKING:
    from regulars.store.contract import ImportRun
    from tests.cli.conftest import Terminal

LINES = (
    '{"external_id": "1", "email": "ada@example.org", "city": "Oulu", "can_email": true}\n'
    '{"external_id": "2", "email": "bob@example.org", "city": "Turku"}\n'
    '{"email": "eve@example.org"}\n'
    '{"external_id": "1", "is_deleted": true}\n'
    '{"email": "eve@example.org", "is_deleted": true}\n'
)


@pytest.fixture(params=["terminal", "postgres_terminal"])
def acme(request: pytest.FixtureRequest) -> Terminal:
    terminal: Terminal = request.getfixturevalue(request.param)
    return terminal


def later(terminal: Terminal, days: int) -> Installation:
    """The installation as it is after so many days."""
    now = terminal.installation
    key = (terminal.folder / "data/secret.key").read_text("ascii").strip().encode()
    return Installation(now.store, now.settings, key, lambda: now.now() + timedelta(days=days))


def maintain(terminal: Terminal, days: int) -> dict[str, int] | None:
    installation = later(terminal, days)
    return Maintenance(installation).maintain(installation.open_register("acme"), wait=True)


def test_the_command_tells_what_was_done(acme: Terminal) -> None:
    printed = acme.succeed("maintain")
    assert "acme: " in printed
    assert "0 deleted customers purged" in printed
    assert acme.succeed("maintain", "acme") == printed
    assert "no company bolt" in acme.fail("maintain", "bolt")


def test_rejected_records_go_after_thirty_days(acme: Terminal) -> None:
    acme.succeed("import", "acme", acme.write("lines.ndjson", LINES))
    (run,) = acme.store.load_imports(None, 10)
    with acme.store.lock():
        acme.store.reports.add(run.number, [], [RejectedRow(1, b"{}", [])])
    counts = [
        (maintain(acme, days=days) or {})["imports rid of their rejected records"]
        for days in (29, 31, 31)
    ]
    assert counts == [0, 1, 0]


def test_of_customers_deleted_long_ago_external_id_state_and_dates_are_left(
    acme: Terminal,
) -> None:
    acme.succeed("import", "acme", acme.write("lines.ndjson", LINES))
    before = acme.store.load_customers([1, 2, 3])
    assert (maintain(acme, days=89) or {})["deleted customers purged"] == 0
    assert (maintain(acme, days=91) or {})["deleted customers purged"] == 2
    ada, bob, eve = acme.store.load_customers([1, 2, 3])
    assert ada.fields == {"external_id": "1", "is_deleted": True}
    assert eve.fields == {"is_deleted": True}
    assert bob == before[1]
    assert [ada.version, eve.version] == [before[0].version, before[2].version]
    kept = b"".join(row.after + (row.before or b"") for row in acme.store.load_changes([1, 3]))
    assert b"Oulu" not in kept
    assert b"example.org" not in kept
    assert acme.store.read_position().living == 1
    assert acme.store.audit_log.load()[-1].action == "customer:purge"
    assert (maintain(acme, days=91) or {})["deleted customers purged"] == 0


def test_a_companys_own_days_count_instead(acme: Terminal) -> None:
    acme.succeed("import", "acme", acme.write("lines.ndjson", LINES))
    (run,) = acme.store.load_imports(None, 10)
    with acme.store.lock():
        acme.store.reports.add(run.number, [], [RejectedRow(1, b"{}", [])])
    limits = dict.fromkeys(LIMITS) | {"deleted_days": 7, "rejected_days": 200}
    installation = acme.installation
    change_limits(installation, installation.open_register("acme"), limits, actor="test")
    assert (maintain(acme, days=6) or {})["deleted customers purged"] == 0
    done = maintain(acme, days=91) or {}
    assert done["deleted customers purged"] == 2
    assert done["imports rid of their rejected records"] == 0
    assert (maintain(acme, days=201) or {})["imports rid of their rejected records"] == 1


def test_a_purged_customer_stays_deleted_and_its_addresses_are_free(acme: Terminal) -> None:
    acme.succeed("import", "acme", acme.write("lines.ndjson", LINES))
    maintain(acme, days=91)
    again = acme.write(
        "again.ndjson", '{"external_id": "1", "city": "Oulu"}\n{"email": "eve@example.org"}\n'
    )
    assert "1 created" in acme.succeed("import", "acme", again)
    assert acme.store.load_customers([1])[0].fields == {"external_id": "1", "is_deleted": True}


def fail_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> ImportRun:
    """An import that failed by a fault of ours, which is mended by now."""
    register = terminal.installation.open_register("acme")
    imports = Imports(terminal.installation)
    options = ImportOptions(BodyForm("ndjson"))
    queued = imports.acceptance.accept(register, LINES.encode(), options, "test")

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(ImportRunner, "run", fail)
        imports.run_waiting(register)
    return imports.find(register, queued.id)


def test_a_failed_import_goes_on_when_it_is_restarted(
    acme: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = fail_once(acme, monkeypatch)
    assert failed.status == "failed"
    register = acme.installation.open_register("acme")
    imports = Imports(acme.installation)
    imports.sweep(register)
    acme.succeed("imports", "restart", "acme", failed.id)
    assert imports.find(register, failed.id).status == "queued"
    imports.run_waiting(register)
    run = imports.find(register, failed.id)
    assert (run.status, run.report.records, run.report.created) == ("done", 5, 3)
    with pytest.raises(FileNotFoundError):
        register.store.open_spool(failed.id)
    assert "only one that failed" in acme.fail("imports", "restart", "acme", failed.id)


def test_a_failed_import_waits_once(acme: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = fail_once(acme, monkeypatch)
    register = acme.installation.open_register("acme")
    restart_import(acme.installation, register, failed, actor="mender")
    with pytest.raises(ConflictError, match="waits in the line already"):
        restart_import(acme.installation, register, msgspec.structs.replace(failed), actor="mender")
    (entry,) = [
        each for each in audit_log(acme.installation, "acme") if each.action == "import:restart"
    ]
    # Not whoever had sent it.
    assert (entry.actor, entry.subject) == ("mender", f"import {failed.id}")


def test_a_failed_import_cannot_be_restarted_for_ever(
    acme: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = fail_once(acme, monkeypatch)
    register = acme.installation.open_register("acme")
    register.store.remove_spool(failed.id)
    assert "not kept any more" in acme.fail("imports", "restart", "acme", failed.id)
