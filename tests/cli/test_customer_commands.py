"""`regulars import`, `export`, `field` and `suppression`."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal

AINO = {"external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567"}


def upload(terminal: Terminal, *records: dict[str, Any], name: str = "customers.json") -> None:
    terminal.succeed("import", "acme", terminal.write(name, json.dumps(list(records))))


def exported(terminal: Terminal) -> list[dict[str, Any]]:
    return [json.loads(line) for line in terminal.succeed("export", "acme").splitlines()]


# Import


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("customers.json", '{"customers":[{"external_id":"1"},{"external_id":"2"}]}', ()),
        ("customers.json", '[{"external_id":"1"},{"external_id":"2"}]', ("--format", "json")),
        ("customers.ndjson", '{"external_id":"1"}\n{"external_id":"2"}\n', ()),
        ("customers", '{"external_id":"1"}\n{"external_id":"2"}', ("--format", "ndjson")),
    ],
)
def test_a_file_is_applied_and_its_report_printed(
    terminal: Terminal, name: str, text: str, options: tuple[str, ...]
) -> None:
    printed = terminal.succeed("import", "acme", terminal.write(name, text), *options)
    assert "2 records, 2 created" in printed
    assert [customer["external_id"] for customer in exported(terminal)] == ["1", "2"]


def test_the_same_commands_work_on_postgresql(postgres_terminal: Terminal) -> None:
    terminal = postgres_terminal
    upload(terminal, AINO, {"external_id": "2", "ACME__size": "M"})
    assert exported(terminal) == [AINO, {"external_id": "2", "ACME__size": "M"}]
    upload(terminal, {"external_id": "1", "is_forgotten": True})
    assert len(terminal.succeed("suppression", "list", "acme").splitlines()) == 2
    terminal.succeed("suppression", "lift", "acme", "1", "--reason", "asked for it")
    terminal.succeed("field", "declare", "acme", "loyalty_level", "integer")
    terminal.succeed("token", "create", "acme", "--name", "nightly")
    assert "nightly" in terminal.succeed("token", "list", "acme")
    terminal.fail("import", "nobody", "customers.json")


def test_the_status_is_1_if_any_record_was_rejected_and_the_others_are_applied(
    terminal: Terminal,
) -> None:
    file = terminal.write("customers.json", json.dumps([AINO, {"email": "nobody@"}]))
    done = terminal.run("import", "acme", file)
    assert done.status == 1
    assert "1 rejected" in done.output
    assert "no_identifier" in done.output
    assert "nobody@" not in done.output + done.errors
    assert exported(terminal) == [AINO]


def test_warnings_alone_leave_the_status_0(terminal: Terminal) -> None:
    file = terminal.write("customers.json", '[{"external_id":"1","birth_date":"x"}]')
    assert "bad_date birth_date" in terminal.succeed("import", "acme", file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("customers.json", "[{"),
        ("customers.json", '{"records":[]}'),
        ("customers.json", "[NaN]"),
        ("customers.txt", "[]"),
        ("customers.csv", "city\nTurku\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    terminal: Terminal, name: str, text: str
) -> None:
    terminal.fail("import", "acme", terminal.write(name, text))
    assert terminal.store.read_position().living == 0


@pytest.mark.parametrize(
    "arguments", [("acme", "missing.json"), ("nobody", "customers.json"), ("acme", "data")]
)
def test_a_missing_file_or_company_is_named(terminal: Terminal, arguments: tuple[str, str]) -> None:
    terminal.write("customers.json", "[]")
    line = terminal.fail("import", *arguments)
    assert any(argument in line for argument in arguments)


# Export


def test_an_export_can_be_uploaded_again_and_changes_nothing(terminal: Terminal) -> None:
    upload(
        terminal,
        {
            **AINO,
            "can_email": True,
            "can_sms": False,
            "tags": ["a", "b"],
            "last_login": "2020-01-01",
        },
        {"external_id": "2", "ACME__size": {"eu": 38}, "city": "=1+1"},
    )
    before = terminal.store.read_position()
    file = terminal.write("again.ndjson", terminal.succeed("export", "acme"))
    assert "2 unchanged" in terminal.succeed("import", "acme", file)
    assert terminal.store.read_position() == before


def test_an_export_shows_instants_with_zone_and_only_what_is_set(terminal: Terminal) -> None:
    upload(terminal, {"external_id": "1", "last_login": "2015-08-28", "can_post": False})
    assert exported(terminal) == [
        {"external_id": "1", "last_login": "2015-08-27T21:00:00Z", "can_post": False}
    ]


def test_deleted_and_forgotten_customers_are_not_exported(terminal: Terminal) -> None:
    upload(terminal, AINO, {"external_id": "2"}, {"external_id": "3"})
    upload(
        terminal,
        {"external_id": "1", "is_forgotten": True},
        {"external_id": "2", "is_deleted": True},
    )
    assert exported(terminal) == [{"external_id": "3"}]


def test_csv_defuses_formulas_and_keeps_phone_numbers(terminal: Terminal) -> None:
    upload(terminal, {**AINO, "city": "=1+1", "province": "-5", "tags": ["a", "b,c"]})
    (row,) = csv.DictReader(io.StringIO(terminal.succeed("export", "acme", "--format", "csv")))
    shown = {name: cell for name, cell in row.items() if cell}
    assert shown == {**AINO, "city": "'=1+1", "province": "-5", "tags": 'a,"b,c"'}


def test_parquet_is_written_to_files_and_pipes(terminal: Terminal) -> None:
    upload(terminal, {**AINO, "birth_date": "1991-06-14"})
    terminal.succeed("export", "acme", "--format", "parquet", "--out", "out.parquet")
    piped = terminal.spawn_bytes("export", "acme", "--format", "parquet")
    for source in (terminal.folder / "out.parquet", io.BytesIO(piped)):
        (row,) = parquet.read_table(source).to_pylist()
        assert {name: row[name] for name in AINO} == AINO
        assert row["birth_date"] == date(1991, 6, 14)


def test_an_export_goes_to_a_file_whole_or_not_at_all(terminal: Terminal) -> None:
    upload(terminal, AINO)
    assert terminal.succeed("export", "acme", "--format", "ndjson", "--out", "out.ndjson") == ""
    assert json.loads((terminal.folder / "out.ndjson").read_text("utf-8")) == AINO
    terminal.fail("export", "acme", "--out", "nowhere/out.ndjson")
    terminal.fail("export", "nobody", "--out", "other.ndjson")
    assert sorted(path.name for path in terminal.folder.iterdir()) == [
        "customers.json",
        "data",
        "out.ndjson",
    ]


@pytest.mark.parametrize("export_format", ["xlsx", "Parquet", ""])
def test_an_unknown_format_is_refused(terminal: Terminal, export_format: str) -> None:
    assert "--format" in terminal.fail("export", "acme", "--format", export_format)


# Fields


def test_a_field_is_declared_and_listed(terminal: Terminal) -> None:
    assert terminal.succeed("field", "declare", "acme", "loyalty_level", "integer") == ""
    terminal.succeed("field", "declare", "acme", "ACME__size", "string")
    assert terminal.succeed("field", "list", "acme").splitlines() == [
        "ACME__loyalty_level\tinteger\tdeclared",
        "ACME__size\tstring\tdeclared",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("acme", "1st", "integer"),
        ("acme", "", "integer"),
        ("acme", "a b", "integer"),
        ("acme", "loyalty_level", "colour"),
        ("nobody", "loyalty_level", "integer"),
    ],
)
def test_a_field_that_cannot_be_is_not_declared(
    terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    terminal.fail("field", "declare", *arguments)
    assert terminal.store.load_fields() == []


def test_a_type_that_stored_values_do_not_fit_is_refused(terminal: Terminal) -> None:
    upload(terminal, {"external_id": "1", "ACME__size": "M"})
    line = terminal.fail("field", "declare", "acme", "size", "integer")
    assert "1 customer" in line
    assert terminal.store.load_fields()[0].type == "string"


# Suppressions


def test_suppressions_are_listed_and_lifted_with_a_reason(terminal: Terminal) -> None:
    upload(terminal, AINO)
    upload(terminal, {"external_id": "1", "is_forgotten": True})
    listed = [
        line.split("\t") for line in terminal.succeed("suppression", "list", "acme").splitlines()
    ]
    assert sorted((kind, state) for _, state, _, kind in listed) == [
        ("email", "in force"),
        ("phone_number", "in force"),
    ]
    number = listed[0][0]
    terminal.fail("suppression", "lift", "acme", number)
    terminal.fail("suppression", "lift", "acme", number, "--reason", " ")
    assert terminal.succeed("suppression", "lift", "acme", number, "--reason", "asked") == ""
    assert "lifted" in terminal.succeed("suppression", "list", "acme").splitlines()[0]
    terminal.fail("suppression", "lift", "acme", number, "--reason", "again")


@pytest.mark.parametrize("number", ["99", "x", "0", "9" * 30])
def test_a_suppression_that_there_is_not_cannot_be_lifted(terminal: Terminal, number: str) -> None:
    terminal.fail("suppression", "lift", "acme", number, "--reason", "asked")
