"""The command line as tests use it: in the test's own process, or in one of its own."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from unittest.mock import patch

import pytest

from regulars.cli import main

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMMAND_SECONDS: Final = 120


class Done(NamedTuple):
    """How a command ended, and what it wrote."""

    status: int
    output: str
    errors: str

    @classmethod
    def of(cls, process: subprocess.CompletedProcess[bytes]) -> Done:
        """That of a process, which wrote text."""
        return cls(process.returncode, process.stdout.decode(), process.stderr.decode())

    @property
    def failure(self) -> str:
        """The one line on standard error that all failures have."""
        assert self.status != 0, self.output
        assert self.output == ""
        (line,) = self.errors.splitlines()
        assert line.startswith("regulars: ")
        return line


def run_command(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: str | bytes = b"",
    folder: Path | None = None,
) -> Done:
    """Run a command in this process: whatever it raises fails the test. Not for threads, which
    share what it changes while it runs: environment, arguments, streams.
    """
    output, errors = _stream(), _stream()
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", ["regulars", *arguments]),
        patch.object(sys, "stdin", _stream(stdin)),
        chdir(folder or Path.cwd()),
        redirect_stdout(output),
        redirect_stderr(errors),
        pytest.raises(SystemExit) as exit_,
    ):
        main()
    gc.enable()  # an import leaves it off: its process ends
    return Done(int(exit_.value.code or 0), _text(output), _text(errors))


def spawn_command(
    arguments: Sequence[str], environment: Mapping[str, str], *, folder: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a process of its own, which takes much longer."""
    return subprocess.run(
        [sys.executable, "-m", "regulars", *arguments],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


def without_settings() -> dict[str, str]:
    """The variables of this process, but for settings of ours."""
    return {name: os.environ[name] for name in os.environ if "REGULARS" not in name}


def _stream(text: str | bytes = b"") -> io.TextIOWrapper:
    content = text.encode() if isinstance(text, str) else text
    return io.TextIOWrapper(io.BytesIO(content), "utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
