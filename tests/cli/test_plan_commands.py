"""`regulars import` with its choices, and `regulars imports apply` and `release`."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

FEW = {"hold_gone_customers": "2", "hold_address_records": "2"}


def write_records(terminal: Terminal, *records: object) -> str:
    lines = (json.dumps(record) for record in records)
    return terminal.write("records.ndjson", "\n".join(lines))


def id_in(output: str) -> str:
    found = re.search(r"^import ([0-9a-f]+) ", output, re.MULTILINE)
    assert found, output
    return found[1]


def test_a_dry_run_shows_what_would_change_and_can_be_applied_once(terminal: Terminal) -> None:
    file = write_records(terminal, {"external_id": "1", "city": "Oulu"}, {"external_id": "2"})
    planned = terminal.succeed("import", "acme", file, "--dry-run")
    assert '{"record":2,"customer":{"external_id":"2"},"before":null' in planned
    assert terminal.store.read_position().living == 0
    number = id_in(planned)
    assert f"regulars imports apply acme {number}" in planned
    shown = terminal.succeed("imports", "show", "acme", number)
    assert "kept until" in shown
    assert '"after":{"external_id":"1","city":"Oulu"}' in shown
    (terminal.folder / file).unlink()
    assert "2 created" in terminal.succeed("imports", "apply", "acme", number)
    assert terminal.store.read_position().living == 2
    assert "the import is done" in terminal.fail("imports", "apply", "acme", number)


def test_a_plan_shows_what_is_wrong_before_the_first_changes(terminal: Terminal) -> None:
    good = [{"external_id": str(number), "birth_date": "never"} for number in range(30)]
    file = write_records(terminal, *good, {"external_id": "a b", "city": "Oulu"})
    number = id_in(terminal.run("import", "acme", file, "--dry-run").output)
    shown = terminal.succeed("imports", "show", "acme", number)
    assert shown.index("Errors") < shown.index("Warnings") < shown.index('{"record":1,')
    assert shown.count('{"record":') == 20
    lines = terminal.succeed("imports", "show", "acme", number, "--problems").splitlines()
    assert len([line for line in lines if line.startswith("record ")]) == 31
    terminal.succeed("imports", "show", "acme", number, "--rejected", "rejected.ndjson")
    assert '"city":"Oulu"' in (terminal.folder / "rejected.ndjson").read_text("utf-8")


def test_rejected_records_that_are_not_kept_are_not_written(terminal: Terminal) -> None:
    good = write_records(terminal, {"external_id": "1"})
    number = id_in(terminal.succeed("import", "acme", good))
    told = terminal.fail("imports", "show", "acme", number, "--rejected", "rejected.ndjson")
    assert "no record was rejected" in told
    bad = write_records(terminal, {"external_id": "1"}, {"external_id": "a b"})
    number = id_in(terminal.run("import", "acme", bad).output)
    store = terminal.store
    with store.lock():
        assert store.reports.delete_rejected(terminal.installation.now() + timedelta(days=1)) == 1
    told = terminal.fail("imports", "show", "acme", number, "--rejected", "rejected.ndjson")
    assert "they are not kept any more" in told
    assert not (terminal.folder / "rejected.ndjson").exists()


def test_a_plan_that_has_moved_names_the_records(terminal: Terminal) -> None:
    terminal.succeed("import", "acme", write_records(terminal, {"external_id": "1"}))
    file = write_records(terminal, {"external_id": "2"}, {"external_id": "1", "city": "Oulu"})
    number = id_in(terminal.succeed("import", "acme", file, "--dry-run"))
    changed = write_records(terminal, {"external_id": "1", "city": "Turku"})
    terminal.succeed("import", "acme", changed)
    done = terminal.run("imports", "apply", "acme", number)
    assert done.status == 1
    assert done.errors.splitlines()[0] == "record 2: customer_has_changed"
    assert terminal.store.read_position().living == 1


def test_choices_of_an_import_are_options(terminal: Terminal) -> None:
    terminal.succeed("import", "acme", write_records(terminal, {"external_id": "1", "city": "A"}))
    file = write_records(terminal, {"external_id": "1", "city": "B"}, {"external_id": "2"})
    created = terminal.succeed("import", "acme", file, "--mode", "create")
    assert "1 created" in created
    assert "customer_exists: 1" in created
    kept = terminal.succeed("import", "acme", file, "--keep", "City")
    assert "2 unchanged" in kept
    strict = write_records(terminal, {"external_id": "1", "state": "FI"})
    assert "1 rejected" in terminal.run("import", "acme", strict, "--strict").output
    assert "no field" in terminal.fail("import", "acme", file, "--keep", "nothing")


def test_a_file_past_a_limit_is_held_until_it_is_released(terminal: Terminal) -> None:
    customers = [{"external_id": str(number)} for number in range(5)]
    terminal.succeed("import", "acme", write_records(terminal, *customers))
    gone = [each | {"is_deleted": True} for each in customers[:3]]
    held = terminal.run("import", "acme", write_records(terminal, *gone), **FEW)
    assert held.status == 1
    assert "held: 3 of 5 customers would be deleted or forgotten" in held.output
    assert terminal.store.read_position().living == 5
    shown = terminal.succeed("imports", "show", "acme", id_in(held.output))
    assert "held: 3 of 5 customers would be deleted or forgotten" in shown
    assert '"after":{"is_deleted":true}' in shown
    released = terminal.succeed("imports", "release", "acme", id_in(held.output))
    assert "3 updated" in released
    assert terminal.store.read_position().living == 2
    assert "the import is done" in terminal.fail("imports", "release", "acme", id_in(held.output))


@pytest.mark.parametrize(("answer", "living"), [("y\n", 3), ("n\n", 0)])
def test_somebody_at_a_terminal_is_asked(terminal: Terminal, answer: str, living: int) -> None:
    same = [{"external_id": str(number), "email": "x@example.org"} for number in range(3)]
    file = write_records(terminal, *same)
    with patch("regulars.cli.import_plans._can_ask", return_value=True):
        done = terminal.run("import", "acme", file, stdin=answer, **FEW)
    assert "3 records have the same email" in done.output
    assert done.status == (0 if living else 1)
    assert terminal.store.read_position().living == living
