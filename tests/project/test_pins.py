from __future__ import annotations

import tomllib

import pytest

from tests.project.checkout import ROOT
from tests.project.pins import read_pins, unmet, unsafe_lines

FILES = ["runtime.txt", "development.txt"]
HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize("name", FILES)
def test_every_requirement_has_a_version_and_hashes_and_no_address(name: str) -> None:
    text = _text(name)

    assert read_pins(text)
    assert unsafe_lines(text) == []


def test_every_dependency_of_the_project_is_pinned_as_it_asks() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    development = project["optional-dependencies"]["development"]

    assert unmet(project["dependencies"], read_pins(_text("runtime.txt"))) == []
    assert unmet(development, read_pins(_text("development.txt"))) == []


def test_development_runs_on_the_versions_of_the_runtime() -> None:
    assert read_pins(_text("runtime.txt")).items() <= read_pins(_text("development.txt")).items()


@pytest.mark.parametrize(
    ("line", "unsafe"),
    [
        (f"msgspec==0.19.0 \\\n    {HASH} \\\n    {HASH}\n    # via regulars", False),
        (f'tzdata==2025.1 ; sys_platform == "linux" \\\n    {HASH}', False),
        ("msgspec==0.19.0", True),
        (f"msgspec>=0.19.0 {HASH}", True),
        (f"msgspec @ https://example.org/msgspec.whl {HASH}", True),
        ("--index-url https://example.org/simple", True),
        ("--find-links wheels", True),
    ],
)
def test_a_line_that_leaves_something_open_is_seen(line: str, unsafe: bool) -> None:
    assert bool(unsafe_lines(line)) is unsafe


def test_a_missing_and_an_old_pin_are_seen() -> None:
    assert unmet(["click>=8.1", "rich>=13"], {"click": "8.0.9"}) == ["click>=8.1", "rich>=13"]


def _text(name: str) -> str:
    return (ROOT / "requirements" / name).read_text("utf-8")
