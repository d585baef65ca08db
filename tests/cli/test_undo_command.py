"""`regulars imports undo`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal


def upload(terminal: Terminal, *records: object) -> str:
    """Import a file of records; gives the id of the import."""
    name = terminal.write("records.json", json.dumps(list(records)))
    printed = terminal.succeed("import", "acme", name)
    found = re.match(r"import ([0-9a-f]+) done", printed)
    assert found is not None
    return found[1]


def exported(terminal: Terminal) -> list[object]:
    lines = terminal.succeed("export", "acme").splitlines()
    return [json.loads(line) for line in lines]


def check_undo(terminal: Terminal) -> None:
    upload(terminal, {"external_id": "1", "city": "Turku"})
    wrong = upload(terminal, {"external_id": "1", "city": "Oulu"}, {"external_id": "2"})
    printed = terminal.succeed("imports", "undo", "acme", wrong)
    assert re.match(r"import [0-9a-f]+ done: 2 records, 0 created, 2 updated", printed)
    assert "1 customers put back, 1 removed" in printed
    assert exported(terminal) == [{"external_id": "1", "city": "Turku"}]


def test_an_import_is_undone_on_sqlite(terminal: Terminal) -> None:
    check_undo(terminal)


def test_an_import_is_undone_on_postgresql(postgres_terminal: Terminal) -> None:
    check_undo(postgres_terminal)


def test_what_is_left_is_printed(terminal: Terminal) -> None:
    wrong = upload(terminal, {"external_id": "1", "city": "Oulu"})
    upload(terminal, {"external_id": "1", "city": "Turku"})
    printed = terminal.succeed("imports", "undo", "acme", wrong)
    assert "warning: written_since city: 1, first in record 1" in printed
    assert "warning: identifier_in_use external_id: 1, first in record 1" in printed


def test_an_unknown_import_fails_in_one_line(terminal: Terminal) -> None:
    assert "there is no import" in terminal.fail("imports", "undo", "acme", "0000")
    assert "there is no company" in terminal.fail("imports", "undo", "nobody", "0000")
