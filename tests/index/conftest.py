"""Owns what every test of the index starts from: a company on each engine, and a folder."""

from __future__ import annotations

import random
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


@pytest.fixture
def filled(company: IndexedCompany) -> IndexedCompany:
    """A company whose index file has several blocks, and is closed."""
    dice = random.Random(7)  # noqa: S311
    company.upload(
        *(
            {
                "external_id": f"{number}",
                "email": f"{number}.{dice.random()}@example.org",
                "city": dice.choice(["Turku", "Oulu"]),
                "street_address": dice.randbytes(200).hex(),
                "tags": [dice.choice(["vip", "garden"])],
                "last_login": f"20{dice.randint(10, 26)}-03-29T01:30:00Z",
                "ACME__n": number,
            }
            for number in range(1500)
        )
    )
    company.index.catch_up()
    company.upload(*({"external_id": f"{number}", "city": "Lahti"} for number in range(300)))
    company.index.catch_up()
    company.close()
    return company
