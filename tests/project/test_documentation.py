"""The documentation says what is true: its commands run, its links lead somewhere, and everything
that has a name is in the reference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click
import msgspec
import pytest

from regulars.api.application import HANDLERS
from regulars.cli.program import program
from regulars.domain.fields.catalogue import BUILTIN_FIELDS
from regulars.domain.fields.types import EXTERNAL_ID, FIELD_TYPES
from regulars.domain.records.problem import PROBLEM_KINDS
from regulars.domain.segments.operators import OPERATORS
from regulars.domain.segments.problem import CONDITION_PROBLEMS
from regulars.settings import PREFIX, Settings
from tests.demo.test_demo_command import running_demo, url_in
from tests.project.checkout import ROOT, project_files
from tests.running_server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.running_server import RunningServer

DOCS: Final = ROOT / "docs"
REFERENCE: Final = DOCS / "reference"
HELP: Final = ROOT / "src" / "regulars" / "web" / "help"
HELP_ADDRESS: Final = "/help/"
PAGES: Final = [path for path in project_files() if path.suffix == ".md"]
ADDRESS: Final = "http://127.0.0.1:8000"

FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)
# `sh` is run by these tests, and what follows it as `json` or `text` is what it prints, with `…`
# for anything; `shell` is only shown. These would be neither.
UNCLEAR: Final = {"", "bash", "console", "zsh"}

# Pages whose commands are run in an installation with a company acme and a TOKEN for it.
WITH_ACME: Final = sorted(
    path
    for path in DOCS.rglob("*.md")
    if "```sh\n" in path.read_text("utf-8") and path != DOCS / "tutorial.md"
)


class Step(NamedTuple):
    """Commands of a page, and what the page says that they print, if it does."""

    commands: str
    printed: str | None


def steps_of(page: Path) -> list[Step]:
    steps = []
    text = page.read_text("utf-8")
    fences = list(FENCE.finditer(text))
    for number, fence in enumerate(fences):
        if fence[1] == "sh":
            after = fences[number + 1] if number + 1 < len(fences) else None
            # What is printed stands right behind the commands.
            follows = after and not text[fence.end() : after.start()].strip()
            shows = after is not None and follows and after[1] in ("json", "text")
            steps.append(Step(fence[2], after[2] if shows and after else None))
    return steps


def run_steps(steps: list[Step], folder: Path, url: str, **variables: str) -> None:
    """Run all commands in one shell, as a reader would, and compare what each step prints."""
    mark = "--- end of step ---"
    script = "".join(f"{step.commands}\necho; echo '{mark}'\n" for step in steps)
    ended = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script.replace(ADDRESS, url)],
        cwd=folder,
        env=environment() | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    outputs = ended.stdout.split(f"\n{mark}\n")
    for step, output in zip(steps, outputs, strict=False):
        if step.printed is not None:
            assert matches(step.printed, output), f"{step.commands}\nprinted\n{output}"


def matches(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed; `…` stands for anything, line ends do not count."""
    parts = [re.escape(part) for part in "".join(shown.splitlines()).split("…")]
    return re.fullmatch(".*".join(parts), "".join(printed.splitlines())) is not None


def environment() -> dict[str, str]:
    programs = Path(sys.executable).parent
    kept = {name: value for name, value in os.environ.items() if "REGULARS" not in name}
    return kept | {"PATH": f"{programs}:{kept['PATH']}"}


def test_the_five_minutes_of_the_readme_work_against_the_demo(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with running_demo(tmp_path / "data" / "demo") as demo:
        run_steps(steps_of(ROOT / "README.md"), tmp_path, url_in(demo.text))


@contextmanager
def server_of_a_reader(folder: Path) -> Iterator[RunningServer]:
    """Its worker is ready: a reader takes longer than that, and what pages show says "done"."""
    with running_server(folder / "data") as server:
        server.await_worker()
        yield server


def test_the_tutorial_works_from_an_empty_folder(tmp_path: Path) -> None:
    with server_of_a_reader(tmp_path) as server:
        run_steps(steps_of(DOCS / "tutorial.md"), tmp_path, server.url)


@pytest.mark.parametrize("page", WITH_ACME, ids=lambda path: path.stem)
def test_the_commands_of_a_page_work_and_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    with server_of_a_reader(tmp_path) as server:
        server.installation.create_company(
            "acme", name="Acme Oy", timezone="Europe/Helsinki", country="FI", actor="test"
        )
        _, token = server.access.create_token("acme", "test", actor="test")
        run_steps(steps_of(page), tmp_path, server.url, TOKEN=token, SERVER=server.url)


def test_every_fence_says_whether_its_commands_are_run() -> None:
    unclear = {
        f"{page.name}: {fence[2]}"
        for page in PAGES
        for fence in FENCE.finditer(page.read_text("utf-8"))
        if fence[1] in UNCLEAR
    }

    assert unclear == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    assert list(dead_links(page)) == []


def dead_links(page: Path) -> Iterator[str]:
    for link in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        path, _, heading = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if path.startswith(HELP_ADDRESS):
            # Of the program itself, where the pages of help are shown.
            target = HELP / f"{path.removeprefix(HELP_ADDRESS).rstrip('/')}.md"
        if not target.exists() or (heading and heading not in headings(target)):
            yield link


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    found = HEADING.findall(FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") for text in found}


def test_every_page_is_reached_from_the_index() -> None:
    linked = {
        (DOCS / link.partition("#")[0]).resolve()
        for link in LINK.findall((DOCS / "index.md").read_text("utf-8"))
    }
    pages = {page for page in PAGES if page.is_relative_to(DOCS)} - {DOCS / "index.md"}

    assert pages - linked == set()


def test_the_reference_is_what_the_code_gives() -> None:
    ended = subprocess.run(
        [sys.executable, DOCS / "build.py", "--check"], capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, "")


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("fields.md", [f"`{field.name}`" for field in BUILTIN_FIELDS]),
        ("types.md", [f"### {name}\n" for name in (*FIELD_TYPES, EXTERNAL_ID.name)]),
        ("problems.md", [f"`{code}`" for code in PROBLEM_KINDS]),
        ("conditions.md", [f"`{name}`" for name in (*OPERATORS, *CONDITION_PROBLEMS)]),
        (
            "settings.md",
            [f"`{PREFIX}{field.name.upper()}`" for field in msgspec.structs.fields(Settings)],
        ),
    ],
)
def test_everything_that_has_a_name_is_in_the_reference(page: str, names: list[str]) -> None:
    text = (REFERENCE / page).read_text("utf-8")

    assert [name for name in names if name not in text] == []


def test_every_command_and_option_is_in_the_reference() -> None:
    text = (REFERENCE / "command-line.md").read_text("utf-8")
    wanted = list(commands("regulars", program))

    assert len(wanted) > 15
    assert [name for name in wanted if name not in text] == []


def commands(name: str, command: click.Command) -> Iterator[str]:
    yield f"### {name}\n"
    yield from (opt for each in command.params for opt in each.opts if opt.startswith("--"))
    if isinstance(command, click.Group):
        for own_name, inner in command.commands.items():
            yield from commands(f"{name} {own_name}", inner)


def test_every_route_of_the_api_is_in_the_reference() -> None:
    text = (REFERENCE / "api.md").read_text("utf-8")
    paths = {re.sub(r":\w+}", "}", path) for handler in HANDLERS for path in handler.paths}

    assert {path for path in paths if f"`{path}" not in text and "style" not in path} == set()
