"""The command line on a data folder of a test's own, with a company `acme` in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from argon2.profiles import CHEAPEST

from regulars.app import open_installation
from regulars.services.access import Access
from regulars.services.passwords import Passwords
from regulars.settings import read_settings
from tests.commands import Done, run_command, spawn_command, without_settings

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from regulars.store.contract import CompanyStore


class Terminal:
    """Runs `regulars` as a person at a terminal would; the same installation is open beside it."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self.environment: Final = dict(environment)
        self.folder: Final = folder
        self.installation: Final = open_installation(read_settings(self.environment))
        self.access: Final = Access(self.installation, Passwords(CHEAPEST))
        self.installation.create_company(
            "acme", name="Acme Oy", timezone="Europe/Helsinki", country="FI", actor="test"
        )

    @property
    def store(self) -> CompanyStore:
        """The store of `acme`."""
        return self.installation.open_register("acme").store

    def run(self, *arguments: str, stdin: str | bytes = b"", **settings: str) -> Done:
        """Run a command in this process: whatever it raises fails the test. Settings are named
        without their prefix, in lower case.
        """
        return run_command(arguments, self._environment(settings), stdin=stdin, folder=self.folder)

    def spawn(self, *arguments: str, **settings: str) -> Done:
        """Run a command as a process of its own, which takes much longer."""
        return Done.of(self._spawn(arguments, settings))

    def spawn_bytes(self, *arguments: str) -> bytes:
        """Run a command, which must succeed, as a process of its own; gives what it wrote."""
        done = self._spawn(arguments, {})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _spawn(
        self, arguments: tuple[str, ...], settings: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        return spawn_command(arguments, self._environment(settings), folder=self.folder)

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        ours = self.environment | {f"REGULARS_{name.upper()}": settings[name] for name in settings}
        return without_settings() | ours

    def succeed(self, *arguments: str, stdin: str | bytes = b"") -> str:
        """Run a command that must succeed; gives what it printed."""
        done = self.run(*arguments, stdin=stdin)
        assert done.status == 0, done.errors
        return done.output

    def fail(self, *arguments: str, stdin: str | bytes = b"", **settings: str) -> str:
        """Run a command that must fail; gives its one line on standard error."""
        return self.run(*arguments, stdin=stdin, **settings).failure

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
