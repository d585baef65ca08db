from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project.addresses import forbidden_addresses
from tests.project.checkout import ROOT, project_files

if TYPE_CHECKING:
    from pathlib import Path


def test_no_file_names_a_package_registry_or_a_place_on_one_machine() -> None:
    assert forbidden_addresses(ROOT, project_files()) == []


def test_the_files_of_the_project_are_found() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in project_files()}

    assert {"run", ".ci/run", "pyproject.toml", "tests/project/checkout.py"} <= names
    assert not any(name.startswith((".venv/", ".git/")) for name in names)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # In pieces, so that this file holds none of them.
        ("see https://" + "files.pythonhosted" + ".org/packages", "pythonhosted" + ".org"),
        ("--index-url https://" + "pypi" + ".org/simple", "pypi" + ".org"),
        ("open('/" + "home/somebody/customers.json')", "/" + "home/somebody"),
        ("cd /" + "root/regulars", "/" + "root/regulars"),
        ("C:" + "\\Users\\somebody", "C:" + "\\Users\\"),
        ("https://example.org/home/page", None),
        ("/var/lib/regulars and /tmp/customers.json", None),
        ("/api/customers/upload/", None),
    ],
)
def test_an_address_is_seen_where_there_is_one(
    line: str, expected: str | None, tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n{line}\n", "utf-8")

    found = forbidden_addresses(tmp_path, [page])

    assert found == ([f"page.md:2: {expected}"] if expected else [])
