"""The list of a company's imports while they come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regulars.app import open_installation
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.imports import Imports
from regulars.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def test_an_import_that_ends_between_two_looks_is_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = open_installation(read_settings({"REGULARS_DATA": str(tmp_path)}))
    installation.create_company("acme", name="Acme", timezone="UTC", country="FI", actor="test")
    register = installation.open_register("acme")
    imports = Imports(installation)
    options = ImportOptions(BodyForm("json"))
    accepted = imports.accept(register, b'[{"external_id": "1"}]', options, "test")

    def then_run(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*arguments: Any) -> Any:
            found = look(*arguments)
            imports.run_waiting(register)
            return found

        return looked

    stores = (installation.store, "load_queued_imports"), (register.store, "load_imports")
    for store, name in stores:
        monkeypatch.setattr(store, name, then_run(getattr(store, name)))
    assert [run.id for run in imports.load(register, None, 10)] == [accepted.id]
    installation.close()
