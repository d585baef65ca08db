"""However a command fails: one line on standard error, a status that is not 0, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Terminal

LIST = ("token", "list", "acme")
SERVE = ("serve", "--port", "0")


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "list", "nobody"),
        ("token", "create", "nobody", "--name", "n"),
        ("token", "revoke", "nobody", "1"),
        ("user", "disable", "nobody", "jane@example.org"),
        ("user", "disable", "acme", "jane@example.org"),
        ("suppression", "list", "nobody"),
        ("suppression", "lift", "nobody", "1", "--reason", "r"),
        ("field", "list", "nobody"),
        ("export", "nobody"),
        ("export", "../acme"),
        ("brew",),
        ("token",),
        ("token", "brew"),
        ("token", "list"),
        ("token", "list", "acme", "more"),
        ("token", "create", "acme", "--colour", "red"),
        ("serve", "--port", "70000"),
    ],
)
def test_what_there_is_not_is_refused_in_one_line(
    terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    terminal.fail(*arguments)


def test_an_argument_that_is_no_text_is_refused(terminal: Terminal) -> None:
    assert terminal.spawn("export", "a\udcffb").failure


@pytest.mark.parametrize("arguments", [LIST, SERVE])
def test_a_process_of_its_own_fails_in_the_same_way(
    terminal: Terminal, arguments: tuple[str, ...]
) -> None:
    assert "body_bytes" in terminal.spawn(*arguments, body_bytes="many").failure.lower()


@pytest.mark.parametrize(
    "settings",
    [
        {"colour": "red"},
        {"body_bytes": "many"},
        {"body_bytes": "0"},
        {"requests_per_minute": "-1"},
        {"secret_key": "short"},
        {"database_url": "mysql://example.org/db"},
        {"database_url": "postgresql://127.0.0.1:1/nowhere"},
        {"database_url": "postgresql://[broken"},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    terminal: Terminal, settings: dict[str, str]
) -> None:
    terminal.fail(*LIST, **settings)


def test_a_database_that_cannot_be_reached_is_named_without_its_password(
    terminal: Terminal,
) -> None:
    line = terminal.fail(*LIST, database_url="postgresql://jane:s3cr3t@127.0.0.1:1/nowhere")
    assert "s3cr3t" not in line


def test_a_missing_secret_key_stops_every_command_and_is_not_made_anew(
    terminal: Terminal,
) -> None:
    key = terminal.folder / "data" / "secret.key"
    key.rename(terminal.folder / "kept")
    for run, arguments in ((terminal.run, LIST), (terminal.spawn, SERVE)):
        assert "secret key" in run(*arguments).failure
        assert not key.exists()
    (terminal.folder / "kept").rename(key)
    terminal.succeed(*LIST)


def test_a_wrong_secret_key_stops_every_command(terminal: Terminal) -> None:
    for run, arguments in ((terminal.run, LIST), (terminal.spawn, SERVE)):
        assert "secret key" in run(*arguments, secret_key="0" * 64).failure
    (terminal.folder / "data" / "secret.key").write_bytes(b"\xff" * 64)
    assert "secret" in terminal.fail(*LIST)


def test_the_secret_key_is_for_its_owner_only(terminal: Terminal) -> None:
    assert (terminal.folder / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_data_folder_that_is_a_file_is_refused(terminal: Terminal) -> None:
    terminal.write("file", "")
    for data in ("file", "file/data", "/proc/data"):
        terminal.fail(*LIST, data=data)


def test_a_database_file_that_is_none_is_refused(terminal: Terminal) -> None:
    folder = terminal.folder / "other"
    folder.mkdir()
    (folder / "installation.db").write_bytes(b"this is no database" * 1000)
    terminal.fail(*LIST, data=str(folder))


def test_a_reader_that_goes_away_is_no_traceback(terminal: Terminal) -> None:
    environment = {name: text for name, text in os.environ.items() if "REGULARS" not in name}
    process = subprocess.Popen(
        [sys.executable, "-m", "regulars", "token", "list", "acme"],
        env=environment | terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait(60)
    assert b"Traceback" not in errors


def test_help_needs_no_installation(terminal: Terminal, tmp_path: Path) -> None:
    for arguments in (("--help",), ("import", "-h"), ("--version",)):
        done = terminal.run(*arguments, data=str(tmp_path / "none"), colour="red")
        assert done.status == 0
        assert done.output
    assert not (tmp_path / "none").exists()
