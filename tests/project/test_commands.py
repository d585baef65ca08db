from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.project.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = [
    "help",
    "setup",
    "demo",
    "serve",
    "test",
    "soak",
    "check",
    "bench",
    "docs",
    "screenshots",
    "lock",
]


def test_help_explains_every_command(tmp_path: Path) -> None:
    help_text = _run("help", folder=tmp_path).stdout

    assert re.findall(r"^  ([a-z]+) +\S", help_text, re.MULTILINE) == COMMANDS


def test_every_command_of_the_script_is_one_we_know() -> None:
    script = (ROOT / "run").read_text("utf-8")

    assert re.findall(r"^run_(\w+)", script, re.MULTILINE) == COMMANDS


def test_no_command_at_all_shows_the_help() -> None:
    assert _run().stdout == _run("help").stdout


@pytest.mark.parametrize("command", ["deploy", "", "tests", "-h x"])
def test_an_unknown_command_is_refused(command: str) -> None:
    ended = _run(command)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert f"There is no command '{command}'." in ended.stderr


def _run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", ROOT / "run", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
