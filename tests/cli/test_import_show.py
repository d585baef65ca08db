"""`regulars imports list` and `show`, and the report that `regulars import` prints."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from regulars.cli import import_report

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

RECORDS = [
    {"external_id": "1", "city": "Turku", "state": 1},
    {"city": "Oulu"},
    {"external_id": "2", "birth_date": "x"},
    {"external_id": "3", "birth_date": "y"},
    5,
]


def load(terminal: Terminal) -> str:
    """Import records of which two are rejected; gives the id of the import."""
    done = terminal.run("import", "acme", terminal.write("mixed.json", json.dumps(RECORDS)))
    assert done.status == 1
    return done.output.split()[1]


def test_the_report_of_a_file_has_errors_before_warnings(terminal: Terminal) -> None:
    done = terminal.run("import", "acme", terminal.write("mixed.json", json.dumps(RECORDS)))
    severities = [line.partition(":")[0] for line in done.output.splitlines()[1:]]
    assert severities == ["error", "error", "warning", "warning"]
    assert "warning: bad_date birth_date: 2, first in record 3" in done.output


def test_imports_are_listed_newest_first(terminal: Terminal) -> None:
    first, second = load(terminal), load(terminal)
    head, *rows = terminal.succeed("imports", "list", "acme").splitlines()
    assert head.split()[:3] == ["id", "status", "accepted"]
    assert [row.split()[0] for row in rows] == [second, first]
    assert rows[0].split()[-6:] == ["0", "0", "3", "2", "0", "3"]
    assert len(terminal.succeed("imports", "list", "acme", "--limit", "1").splitlines()) == 2


def test_a_company_without_imports_has_an_empty_list(terminal: Terminal) -> None:
    assert len(terminal.succeed("imports", "list", "acme").splitlines()) == 1


def test_an_import_is_shown_with_its_progress_and_groups(terminal: Terminal) -> None:
    shown = terminal.succeed("imports", "show", "acme", load(terminal))
    assert "done, by command" in shown
    assert "5 of 5 records" in shown
    assert "3 created, 0 updated, 0 unchanged, 2 rejected, 0 ignored" in shown
    assert shown.index("Errors") < shown.index("no_identifier") < shown.index("Warnings")
    assert shown.index("Warnings") < shown.index("bad_date") < shown.index("unknown_field")


def test_every_problem_is_shown_on_a_line(terminal: Terminal) -> None:
    shown = terminal.succeed("imports", "show", "acme", load(terminal), "--problems")
    lines = [line for line in shown.splitlines() if line.startswith("record ")]
    assert [line.split(": ")[:3] for line in lines] == [
        ["record 1", "warning", "unknown_field state"],
        ["record 2", "error", "no_identifier"],
        ["record 3", "warning", "bad_date birth_date"],
        ["record 4", "warning", "bad_date birth_date"],
        ["record 5", "error", "malformed_record"],
    ]


def test_the_rejected_records_are_written_to_a_file(terminal: Terminal) -> None:
    import_id = load(terminal)
    terminal.succeed("imports", "show", "acme", import_id, "--rejected", "rejected.json")
    written = json.loads((terminal.folder / "rejected.json").read_text("utf-8"))
    assert [record["_record"] for record in written["customers"]] == [2, 5]
    assert written["customers"][0]["city"] == "Oulu"
    assert not (terminal.folder / "rejected.json.part").exists()
    done = terminal.run("import", "acme", "rejected.json")
    assert "2 records, 0 created, 0 updated, 0 unchanged, 2 rejected" in done.output


def test_the_same_is_shown_on_postgresql(postgres_terminal: Terminal) -> None:
    terminal = postgres_terminal
    import_id = load(terminal)
    assert import_id in terminal.succeed("imports", "list", "acme")
    shown = terminal.succeed(
        "imports", "show", "acme", import_id, "--problems", "--rejected", "rejected.json"
    )
    assert "record 2: error: no_identifier" in shown
    assert len(json.loads((terminal.folder / "rejected.json").read_text())["customers"]) == 2


def test_an_unknown_import_is_told(terminal: Terminal) -> None:
    assert "import" in terminal.fail("imports", "show", "acme", "0000000000000000")
    assert "company" in terminal.fail("imports", "list", "nobody")


def test_names_that_would_steer_the_terminal_are_shown_without_effect(terminal: Terminal) -> None:
    record = {"external_id": "1", "\x1b[31mred\x07": 1, "[bold]x": 1}
    done = terminal.run("import", "acme", terminal.write("odd.json", json.dumps([record])))
    import_id = done.output.split()[1]
    outputs = [
        done.output,
        terminal.succeed("imports", "show", "acme", import_id),
        terminal.succeed("imports", "show", "acme", import_id, "--problems"),
    ]
    for output in outputs:
        assert "\x1b" not in output
        assert "?[31mred?" in output
        assert "[bold]x" in output


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz", "ndjson.gz", "JSON.GZ"])
def test_the_form_of_a_file_is_known_by_its_name(terminal: Terminal, ending: str) -> None:
    text = {
        "csv": "external_id;city\n1;Turku\n",
        "tsv": "external_id\tcity\n1\tTurku\n",
        "json": '[{"external_id":"1"}]',
    }.get(ending.partition(".")[0].lower(), '{"external_id": "1"}\n')
    content = gzip.compress(text.encode()) if ending.lower().endswith("gz") else text.encode()
    (terminal.folder / f"customers.{ending}").write_bytes(content)
    assert "1 record, 1 created" in terminal.succeed("import", "acme", f"customers.{ending}")


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
@pytest.mark.parametrize("dry_run", [(), ("--dry-run",)])
def test_records_come_from_another_program(
    terminal: Terminal, name: str, dry_run: tuple[str, ...]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "regulars", "import", "acme", name, "--format", "csv", *dry_run],
        input=b"external_id,city\n1,Turku\n",
        env=os.environ | terminal.environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"1 record, 1 created" in done.stdout
    assert "use --format" in terminal.fail("import", "acme", "-", stdin="[]")


def test_the_list_of_imports_breaks_no_id_on_a_narrow_terminal(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.succeed("import", "acme", terminal.write("some.json", '[{"external_id": "1"}]'))
    wide = terminal.succeed("imports", "list", "acme")
    import_id = wide.splitlines()[1].split()[0]
    assert len(import_id) == 16
    assert "warnings" in wide
    for columns in (80, 60, 30):
        monkeypatch.setattr(import_report, "_COLUMNS", columns)
        narrow = terminal.succeed("imports", "list", "acme")
        head, line = (each.split() for each in narrow.splitlines())
        assert (head[:2], line[:2]) == (["id", "status"], [import_id, "done"])
        assert max(map(len, narrow.splitlines())) <= columns


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16"])
def test_what_csv_cannot_tell_of_itself_is_told_by_options(
    terminal: Terminal, charset: str
) -> None:
    def customer() -> dict[str, object]:
        given: dict[str, object] = json.loads(terminal.succeed("export", "acme"))
        return {name: value for name, value in given.items() if not name.startswith("can_")}

    terminal.succeed("import", "acme", terminal.write("old.csv", "external_id,zip_code\n1,20100"))
    text = "external_id;city;zip_code\n1;Malmö;\n"
    (terminal.folder / "new.csv").write_bytes(text.encode(charset))
    command = ("import", "acme", "new.csv", "--charset", charset)
    terminal.succeed(*command)
    assert customer() == {"external_id": "1", "zip_code": "20100", "city": "Malmö"}
    terminal.succeed(*command, "--empty-cells", "clear")
    assert customer() == {"external_id": "1", "city": "Malmö"}


def test_only_csv_has_a_charset_and_empty_cells(terminal: Terminal) -> None:
    file = terminal.write("some.json", "[]")
    for option in (("--charset", "utf-16"), ("--empty-cells", "clear")):
        assert "CSV" in terminal.fail("import", "acme", file, *option)


def test_an_unknown_ending_is_told(terminal: Terminal) -> None:
    assert ".csv" in terminal.fail("import", "acme", terminal.write("customers.gz", "x"))
