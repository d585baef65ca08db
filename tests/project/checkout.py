"""Owns which files belong to the project, and how they are found from a test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def project_files(root: Path = ROOT) -> list[Path]:
    """The files under version control and the new ones that will be; sorted.

    A copy without version control is taken as it is, but for hidden folders (`.ci` belongs).
    """
    if (root / ".git").exists():
        # The checkout may belong to another user than the one who runs the tests.
        command = ["git", "-c", f"safe.directory={root}", "ls-files", "-z"]
        # In a git hook GIT_DIR and its kind would lead to another repository.
        environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
        listing = subprocess.run(
            [*command, "--cached", "--others", "--exclude-standard"],
            cwd=root,
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        paths = {root / os.fsdecode(name) for name in listing.split(b"\0") if name}
        return sorted(path for path in paths if path.is_file())
    return sorted(
        path for path in root.rglob("*") if path.is_file() and not _is_made(path.relative_to(root))
    )


def _is_made(path: Path) -> bool:
    return any(
        (part[0] == "." and part != ".ci") or part == "__pycache__" for part in path.parts[:-1]
    )


def python_files(root: Path = ROOT) -> list[Path]:
    """The project's Python modules; sorted."""
    return [path for path in project_files(root) if path.suffix == ".py"]
