"""The list of a company's imports while they come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg

from regulars.app import open_installation
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.imports import Imports
from regulars.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.services.shop import Shop


def test_an_import_that_ends_between_two_looks_is_in_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation = open_installation(read_settings({"REGULARS_DATA": str(tmp_path)}))
    installation.create_company("acme", name="Acme", timezone="UTC", country="FI", actor="test")
    register = installation.open_register("acme")
    imports = Imports(installation)
    options = ImportOptions(BodyForm("json"))
    accepted = imports.acceptance.accept(register, b'[{"external_id": "1"}]', options, "test")

    def then_run(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*arguments: Any) -> Any:
            found = look(*arguments)
            imports.run_waiting(register)
            return found

        return looked

    stores = (installation.store.line, "load_uploads_in_line"), (register.store, "load_imports")
    for store, name in stores:
        monkeypatch.setattr(store, name, then_run(getattr(store, name)))
    page = load_page(installation.store.line, register, ImportPlace(), 10)
    assert [run.id for run in page.runs] == [accepted.id]
    installation.close()


def numbers_of_pages(shop: Shop, limit: int) -> list[list[int]]:
    """The imports of each page, by number; 0 for those that wait."""
    pages: list[list[int]] = []
    place: ImportPlace | None = ImportPlace()
    while place is not None:
        page = load_page(shop.installation.store.line, shop.register, place, limit)
        pages.append([run.number for run in page.runs])
        place = page.older
    return pages


def test_a_page_that_is_full_goes_on_only_where_more_follow(shop: Shop) -> None:
    assert numbers_of_pages(shop, 2) == [[]]
    for number in range(4):
        shop.upload({"external_id": str(number)})
    body, options = b'[{"external_id": "new"}]', ImportOptions(BodyForm("json"))
    for _ in range(3):
        shop.imports.acceptance.accept(shop.register, body, options, "test")
    assert numbers_of_pages(shop, 2) == [[0, 0], [0, 4], [3, 2], [1]]
    assert numbers_of_pages(shop, 3) == [[0, 0, 0], [4, 3, 2], [1]]
    assert numbers_of_pages(shop, 4) == [[0, 0, 0, 4], [3, 2, 1]]
    assert numbers_of_pages(shop, 7) == [[0, 0, 0, 4, 3, 2, 1]]


def test_numbers_that_a_crash_has_used_up_make_no_page(own_postgres_url: str, shop: Shop) -> None:
    with psycopg.connect(own_postgres_url) as connection:
        sought = (
            "SELECT table_schema FROM information_schema.tables WHERE table_name = 'import_run'"
        )
        for (schema,) in connection.execute(sought).fetchall():
            sequence = f"pg_get_serial_sequence('{schema}.import_run', 'number')"
            connection.execute(f"SELECT setval({sequence}, 7)")
    shop.upload({"external_id": "1"})
    assert numbers_of_pages(shop, 2) in ([[8]], [[1]])
