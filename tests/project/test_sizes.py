from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.project.checkout import ROOT, python_files
from tests.project.sizes import empty_names, long_functions, long_modules

if TYPE_CHECKING:
    from pathlib import Path

# Path -> why it is better long.
LONG_MODULES: dict[str, str] = {}
# path::name -> why it is better long.
LONG_FUNCTIONS: dict[str, str] = {}


def test_modules_have_at_most_300_lines_but_for_a_reason() -> None:
    assert long_modules(ROOT, python_files()).keys() == LONG_MODULES.keys()


def test_functions_have_at_most_40_lines_but_for_a_reason() -> None:
    assert long_functions(ROOT, python_files()).keys() == LONG_FUNCTIONS.keys()


def test_no_module_has_a_name_that_would_fit_anything() -> None:
    assert empty_names(ROOT, python_files()) == []


@pytest.mark.parametrize(("lines", "expected"), [(300, {}), (301, {"one.py": 301})])
def test_the_line_too_many_makes_a_module_long(
    lines: int, expected: dict[str, int], tmp_path: Path
) -> None:
    module = tmp_path / "one.py"
    module.write_text("pass\n" * lines, "utf-8")

    assert long_modules(tmp_path, [module]) == expected


@pytest.mark.parametrize(
    ("lines", "expected"), [(40, {}), (41, {"one.py::read": 41, "one.py::write": 41})]
)
def test_the_line_too_many_makes_a_function_long_its_docstring_aside(
    lines: int, expected: dict[str, int], tmp_path: Path
) -> None:
    body = '    """One line.\n\n    Another.\n    """\n' + "    pass\n" * lines
    module = tmp_path / "one.py"
    module.write_text(f"def read(\n    one: int,\n):\n{body}async def write():\n{body}", "utf-8")

    assert long_functions(tmp_path, [module]) == expected


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        ("utils.py", True),
        ("store/base.py", True),
        ("common/money.py", True),
        ("domain/_helpers.py", True),
        ("store/database.py", False),
    ],
)
def test_a_name_that_would_fit_anything_is_seen(path: str, empty: bool, tmp_path: Path) -> None:
    assert empty_names(tmp_path, [tmp_path / path]) == ([path] if empty else [])
