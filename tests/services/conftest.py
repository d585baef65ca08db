"""What tests of services share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation
from regulars.settings import Settings
from tests.services.shop import Shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.services.installation import Installation


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("own_postgres_url")
    opened = open_installation(Settings(data=str(tmp_path), database_url=url))
    yield opened
    opened.close()


@pytest.fixture
def shop(installation: Installation, tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(installation, tmp_path / "index")
    yield shop
    shop.indexes.close()
