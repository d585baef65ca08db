"""The command line on a data folder of a test's own, with a company `acme` in it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from regulars.app import open_installation
from regulars.services.access import Access
from regulars.settings import read_settings
from tests.postgres_server import own_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from regulars.store.contract import CompanyStore

COMMAND_SECONDS: Final = 60


class Terminal:
    """Runs `regulars` as a person at a terminal would; the same installation is open beside it."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment: Final = dict(environment)
        self.folder: Final = folder
        self.installation: Final = open_installation(read_settings(self.environment))
        self.access: Final = Access(self.installation)
        self.installation.create_company(
            "acme", name="Acme Oy", timezone="Europe/Helsinki", country="FI", actor="test"
        )

    @property
    def store(self) -> CompanyStore:
        """The store of `acme`."""
        return self.installation.open_register("acme").store

    def run(
        self, *arguments: str, stdin: str | bytes = b"", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command. Settings are named without their prefix, in lower case."""
        environment = {name: text for name, text in os.environ.items() if "REGULARS" not in name}
        environment |= self.environment
        environment |= {f"REGULARS_{name.upper()}": text for name, text in settings.items()}
        done = subprocess.run(
            [sys.executable, "-m", "regulars", *arguments],
            env=environment,
            cwd=self.folder,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    def succeed(self, *arguments: str, stdin: str | bytes = b"") -> str:
        """Run a command that must succeed; gives what it printed."""
        done = self.run(*arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fail(self, *arguments: str, stdin: str | bytes = b"", **settings: str) -> str:
        """Run a command that must fail as all do: with one line on standard error, which is given,
        and no word on standard output."""
        done = self.run(*arguments, stdin=stdin, **settings)
        assert done.returncode not in (0, None), done.stdout
        assert done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("regulars: ")
        assert "Traceback" not in line
        return line

    def write(self, name: str, text: str) -> str:
        """Write a file in the folder where commands run; gives its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


def _terminal(environment: Mapping[str, str], folder: Path) -> Iterator[Terminal]:
    opened = Terminal(environment, folder)
    yield opened
    opened.installation.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """On SQLite."""
    yield from _terminal({"REGULARS_DATA": str(tmp_path / "data")}, tmp_path)


@pytest.fixture
def postgres_terminal(tmp_path: Path, own_postgres_url: str) -> Iterator[Terminal]:
    """On PostgreSQL."""
    environment = {
        "REGULARS_DATA": str(tmp_path / "data"),
        "REGULARS_DATABASE_URL": own_postgres_url,
    }
    yield from _terminal(environment, tmp_path)


@pytest.fixture
def own_postgres_url(postgres_url: str) -> Iterator[str]:
    """The URL of a database of this test alone."""
    with own_database(postgres_url) as url:
        yield url
