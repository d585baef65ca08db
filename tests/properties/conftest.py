"""Owns the installation that all examples of a property share, on each engine in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.store.contract import InstallationStore


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[InstallationStore]:
    """An installation without companies: each example makes its own."""
    if request.param == "sqlite":
        place = Place("sqlite", str(tmp_path_factory.mktemp("properties")))
    else:
        place = Place("postgres", request.getfixturevalue("postgres_url"))
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")
