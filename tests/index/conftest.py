"""Owns what every test of the index starts from: a company on each engine, and a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.index.indexed import IndexedCompany
from tests.properties.conftest import installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.contract import InstallationStore

__all__ = ["installation"]


@pytest.fixture
def company(installation: InstallationStore, tmp_path: Path) -> Iterator[IndexedCompany]:
    """A company without customers, and its index, which nobody has asked yet."""
    with IndexedCompany.found(installation, tmp_path / "index") as company:
        yield company
