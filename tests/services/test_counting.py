"""Which imports are counted before they are applied, and which need not be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.hold import HoldLimits
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_plan import PlanRunner
from regulars.services.import_run import read_import_settings
from regulars.services.imports import Imports
from regulars.services.kept_imports import make_runner
from regulars.services.plan_settings import PlanSettings
from regulars.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.services.installation import Installation, Register

OPTIONS = ImportOptions(BodyForm("json"))
LIMITS = HoldLimits()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = open_installation(read_settings({"REGULARS_DATA": str(tmp_path)}))
    installation.create_company("acme", name="Acme", timezone="UTC", country="FI", actor="test")
    yield installation
    installation.close()


@pytest.fixture
def register(installation: Installation) -> Register:
    return installation.open_register("acme")


def made_up(count: int, email: str, *, can_email: bool) -> bytes:
    return json.dumps(
        [
            {"external_id": str(number), "email": email.format(number), "can_email": can_email}
            for number in range(count)
        ]
    ).encode()


def is_counted(installation: Installation, register: Register, body: bytes) -> bool:
    """Whether an upload of a body, that is then applied, is counted first."""
    imports = Imports(installation)
    imports.acceptance.accept(register, body, OPTIONS, "test")
    queued = installation.store.line.next_import("acme")
    assert queued is not None
    plan_settings = PlanSettings(LIMITS, 7, "")
    runner = make_runner(
        register, queued, read_import_settings(installation, register), plan_settings
    )
    imports.run_waiting(register)
    return isinstance(runner, PlanRunner)


def test_where_few_could_lose_a_permission_nothing_is_counted(
    installation: Installation, register: Register
) -> None:
    most = LIMITS.gone_customers
    taking = made_up(LIMITS.permission_customers + 1, "ada{}@example.org", can_email=False)
    assert not is_counted(installation, register, made_up(most, "b{}@example.org", can_email=True))
    assert not is_counted(installation, register, taking)
    assert is_counted(installation, register, taking)


def test_an_address_on_many_records_is_counted_whoever_is_there(
    installation: Installation, register: Register
) -> None:
    same = made_up(LIMITS.address_records + 1, "ada@example.org", can_email=True)
    assert is_counted(installation, register, same)
    assert register.store.read_position().living == 0
