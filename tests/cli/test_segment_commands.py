"""`regulars count`, `segments`, `export --where` and `index`, without a running server."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from pyarrow import parquet

if TYPE_CHECKING:
    from tests.cli.conftest import Terminal
    from tests.commands import Done

CUSTOMERS = (
    {"external_id": "1", "email": "ada@example.org", "country": "FI", "tags": ["vip"],
     "can_email": True},
    {"external_id": "2", "country": "FI"},
    {"external_id": "3", "country": "SE", "tags": ["vip"]},
)  # fmt: skip


@pytest.fixture(params=["terminal", "postgres_terminal"])
def acme(request: pytest.FixtureRequest) -> Terminal:
    terminal: Terminal = request.getfixturevalue(request.param)
    upload(terminal, *CUSTOMERS)
    return terminal


def upload(terminal: Terminal, *records: dict[str, Any]) -> None:
    terminal.succeed("import", "acme", terminal.write("some.json", json.dumps(list(records))))


def count(terminal: Terminal, expression: str) -> int:
    return int(terminal.succeed("count", "acme", expression))


def external_ids(lines: str) -> list[str]:
    return [json.loads(line)["external_id"] for line in lines.splitlines()]


def refused(terminal: Terminal, *arguments: str) -> Done:
    """A command whose condition has a problem."""
    done = terminal.run(*arguments)
    assert (done.status, done.output) == (2, "")
    assert done.errors.startswith("regulars: the condition has a problem\n")
    return done


# Count


def test_customers_are_counted_as_they_are_now(acme: Terminal) -> None:
    assert count(acme, "country = FI") == 2
    upload(acme, {"external_id": "4", "country": "fi", "ACME__size": 40})
    assert count(acme, "country = FI") == 3
    assert count(acme, "acme__size > 39") == 1
    upload(acme, {"external_id": "4", "is_deleted": True}, {"external_id": "1", "country": ""})
    assert count(acme, "country = FI") == 1


def test_a_condition_with_a_problem_is_pointed_into_and_asks_nothing(terminal: Terminal) -> None:
    for arguments in (
        ("count", "acme", "cty = Turku"),
        ("export", "acme", "--where", "cty = Turku", "--out", "out.ndjson"),
        ("segments", "save", "acme", "turku", "cty = Turku"),
    ):
        assert "  cty = Turku\n  ^^^\n" in refused(terminal, *arguments).errors
    assert not (terminal.folder / "data" / "index").exists()
    assert not list(terminal.folder.glob("out*"))
    assert terminal.succeed("segments", "list", "acme") == ""


def test_what_there_is_not_is_refused_in_one_line(terminal: Terminal) -> None:
    for arguments in (
        ("count", "nobody", "country = FI"),
        ("count", "acme"),
        ("export", "acme", "--segment", "vips"),
        ("segments", "show", "acme", "vips"),
        ("segments", "count", "acme", "vips"),
        ("segments", "export", "acme", "vips"),
        ("segments", "delete", "acme", "vips"),
        ("segments", "rename", "acme", "vips", "others"),
        ("segments", "save", "acme", "", "country = FI"),
        ("segments", "save", "acme", "x" * 101, "country = FI"),
        ("index", "rebuild", "nobody"),
    ):
        terminal.fail(*arguments)
    assert "unknown_segment" not in refused(terminal, "count", "acme", "segment vips").errors


# Export


def test_those_who_meet_a_condition_are_exported(acme: Terminal) -> None:
    lines = acme.succeed("export", "acme", "--where", "country = FI")
    assert [json.loads(line) for line in lines.splitlines()] == list(CUSTOMERS[:2])
    acme.succeed("segments", "save", "acme", "vips", "tags has any (vip)")
    assert external_ids(acme.succeed("export", "acme", "--segment", "VIPS")) == ["1", "3"]
    both = acme.succeed(
        "export", "acme", "--segment", "vips", "--where", "country = SE or city = x"
    )
    assert external_ids(both) == ["3"]
    assert acme.succeed("export", "acme", "--where", "city = Oulu") == ""


@pytest.mark.parametrize("export_format", ["ndjson", "csv", "parquet"])
def test_a_segment_is_exported_in_every_format_and_stands_in_the_audit_log(
    terminal: Terminal, export_format: str
) -> None:
    upload(terminal, *CUSTOMERS)
    terminal.succeed("segments", "save", "acme", "finns", "country = FI")
    terminal.succeed(
        "segments", "export", "acme", "finns", "--format", export_format, "--out", "out"
    )
    out = (terminal.folder / "out").read_bytes()
    match export_format:
        case "ndjson":
            found = external_ids(out.decode())
        case "csv":
            found = [row["external_id"] for row in csv.DictReader(io.StringIO(out.decode()))]
        case _:
            found = parquet.read_table(io.BytesIO(out)).column("external_id").to_pylist()
    assert found == ["1", "2"]
    begun, ended = terminal.store.audit_log.load()[-2:]
    assert (begun.action, begun.subject, begun.details) == (
        "export:start", export_format, "customers by segment finns",
    )  # fmt: skip
    assert (ended.action, ended.details) == ("export:end", "2 customers")


def test_the_audit_log_holds_no_values_of_a_condition(terminal: Terminal) -> None:
    upload(terminal, *CUSTOMERS)
    terminal.succeed("export", "acme", "--where", 'email = "ada@example.org" or sample 1 %')
    (begun,) = [each for each in terminal.store.audit_log.load() if each.action == "export:start"]
    assert begun.details == "customers by email, sample"


# Segments


def test_a_segment_is_saved_shown_renamed_and_deleted(acme: Terminal) -> None:
    acme.succeed("segments", "save", "acme", "vips", "tags has any (vip)")
    acme.succeed("segments", "save", "acme", "finns", 'segment "Vips" and country=FI')
    assert acme.succeed("segments", "count", "acme", "FINNS") == "1\n"
    acme.succeed("segments", "save", "acme", "Vips", "tags has any (vip, gold)")
    acme.succeed("segments", "rename", "acme", "vips", "regulars")
    assert [
        line.split("\t")[0] for line in acme.succeed("segments", "list", "acme").splitlines()
    ] == [
        "finns",
        "regulars",
    ]
    assert 'segment "regulars" and country = FI' in acme.succeed(
        "segments", "show", "acme", "finns"
    )
    shown = acme.succeed("segments", "show", "acme", "regulars")
    assert shown.startswith("regulars\ntags has any (vip, gold)\n")
    assert "vips      tags has any (vip) " in shown
    assert "finns" in acme.fail("segments", "delete", "acme", "regulars")
    acme.succeed("segments", "delete", "acme", "finns")
    acme.succeed("segments", "delete", "acme", "regulars")
    assert acme.succeed("segments", "list", "acme") == ""


def test_a_segment_shows_how_many_customers_it_had_day_by_day(acme: Terminal) -> None:
    acme.succeed("segments", "save", "acme", "vips", "tags has any (vip)")
    assert "Trend" not in acme.succeed("segments", "show", "acme", "vips")
    assert "1 segments counted" in acme.succeed("maintain", "acme")
    assert "0 segments counted" in acme.succeed("maintain", "acme")
    trend = acme.succeed("segments", "show", "acme", "vips").partition("Trend")[2].split("\n")
    assert trend[1].split()[:2] == ["day", "customers"]
    assert trend[2].split()[1] == "2"


# The index


def test_an_index_is_made_anew_by_hand_and_where_it_is_missing_or_damaged(
    terminal: Terminal,
) -> None:
    upload(terminal, *CUSTOMERS)
    folder = terminal.folder / "data" / "index"
    assert count(terminal, "country = FI") == 2
    assert terminal.succeed("index", "rebuild", "acme") == ""
    assert count(terminal, "country = FI") == 2
    (file,) = folder.glob("*.duckdb")
    file.write_bytes(file.read_bytes()[:5000])
    assert count(terminal, "country = FI") == 2
    file.unlink()
    assert count(terminal, "country = FI") == 2


def test_the_index_is_for_its_owner_only(terminal: Terminal) -> None:
    count(terminal, "country = FI")
    folder = terminal.folder / "data" / "index"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_segment_that_fits_its_fields_no_more_is_shown_with_its_problem(acme: Terminal) -> None:
    upload(acme, {"external_id": "1", "ACME__level": "gold"})
    acme.succeed("segments", "save", "acme", "gold", "acme__level starts with go")
    acme.succeed("segments", "save", "acme", "Finns", "segment gold and country = FI")
    acme.succeed("field", "declare", "acme", "level", "list")
    done = acme.run("segments", "show", "acme", "gold")
    assert done.status == 0
    assert "Used by Finns." in done.output
    assert "the operator does not fit the type of this field" in done.errors
    assert "the condition of this segment has a problem" in acme.fail(
        "segments", "count", "acme", "Finns"
    )
