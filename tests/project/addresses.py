"""Owns what no file of the project may name: hosts of package registries, places on one machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Kept in pieces, so that this file does not name them either.
_REGISTRIES: Final = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("anaconda", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("crates", "io"),
    ("golang", "org"),
    ("maven", "org"),
    ("deb.debian", "org"),
    ("archive.ubuntu", "com"),
)
_HOST: Final = "|".join(re.escape(".".join(parts)) for parts in _REGISTRIES)
# Folders of people and of workplaces. A system's own, such as /var/lib or /tmp, may be named.
_PLACE: Final = r"(?<![\w.}-])/(?:home|Users|root|work|workspace|mnt|media)/[\w.-]+"
FORBIDDEN: Final = re.compile(rf"\b(?:{_HOST})\b|{_PLACE}|\b[A-Z]:\\Users\\")


def forbidden_addresses(root: Path, paths: Iterable[Path]) -> list[str]:
    """Each registry host and machine path in the text of these files, as `path:line: match`."""
    found = []
    for path in paths:
        content = path.read_bytes()
        if b"\0" in content:  # not text
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), start=1):
            found += [
                f"{path.relative_to(root).as_posix()}:{number}: {match.group()}"
                for match in FORBIDDEN.finditer(line)
            ]
    return found
