"""The command line on a data folder of a test's own, with a company `acme` in it."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch

import pytest

from regulars.app import open_installation
from regulars.cli import main
from regulars.services.access import Access
from regulars.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from regulars.store.contract import CompanyStore

COMMAND_SECONDS: Final = 60


class Done(NamedTuple):
    """How a command ended, and what it wrote."""

    status: int
    output: str
    errors: str

    @property
    def failure(self) -> str:
        """The one line on standard error that all failures have."""
        assert self.status != 0, self.output
        assert self.output == ""
        (line,) = self.errors.splitlines()
        assert line.startswith("regulars: ")
        return line


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

    def run(self, *arguments: str, stdin: str | bytes = b"", **settings: str) -> Done:
        """Run a command in this process: whatever it raises fails the test. Settings are named
        without their prefix, in lower case.
        """
        output, errors = _stream(), _stream()
        with (
            patch.dict(os.environ, self._environment(settings), clear=True),
            patch.object(sys, "argv", ["regulars", *arguments]),
            patch.object(sys, "stdin", _stream(stdin)),
            chdir(self.folder),
            redirect_stdout(output),
            redirect_stderr(errors),
            pytest.raises(SystemExit) as exit_,
        ):
            main()
        gc.enable()  # an import leaves it off: its process ends
        return Done(int(exit_.value.code or 0), _text(output), _text(errors))

    def spawn(self, *arguments: str, **settings: str) -> Done:
        """Run a command as a process of its own, which takes much longer."""
        done = self._spawn(arguments, settings)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def spawn_bytes(self, *arguments: str) -> bytes:
        """Run a command, which must succeed, as a process of its own; gives what it wrote."""
        done = self._spawn(arguments, {})
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _spawn(
        self, arguments: tuple[str, ...], settings: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "regulars", *arguments],
            env=self._environment(settings),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        ours = self.environment | {f"REGULARS_{name.upper()}": settings[name] for name in settings}
        return {name: os.environ[name] for name in os.environ if "REGULARS" not in name} | ours

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


def _stream(text: str | bytes = b"") -> io.TextIOWrapper:
    content = text.encode() if isinstance(text, str) else text
    return io.TextIOWrapper(io.BytesIO(content), "utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


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
