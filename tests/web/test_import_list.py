"""`/imports/`: all imports, a page at a time, also those that wait."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.services.imports import Imports
from tests.api.large_import import register_of

if TYPE_CHECKING:
    from tests.site import Site

PAGE = 50
OLDER = re.compile(r'href="(/imports/\?[^"]+)">Older imports')
ROW = re.compile(r'<a href="/imports/([0-9a-f]{16})/">')


def test_imports_that_wait_are_paged_as_all_others_are(own_site: Site) -> None:
    shop = own_site.shop
    started = [shop.upload({"external_id": str(number)})["id"] for number in range(3)]
    register, imports = register_of(shop), Imports(shop.server.installation)
    options = ImportOptions(BodyForm("json"))
    viewer = own_site.sign_in("viewer")
    with register.store.lock():
        waiting = [
            imports.acceptance.accept(register, b'[{"external_id": "w"}]', options, "test").id
            for _ in range(PAGE + 2)
        ]
        pages: list[list[str]] = []
        text, address = "", "/imports/"
        while address:
            text = viewer.get(address).text
            pages.append(ROW.findall(text))
            found = OLDER.search(text)
            address = found[1] if found else ""
    newest_first = [*waiting[::-1], *started[::-1]]
    assert pages == [newest_first[:PAGE], newest_first[PAGE:]]
    assert "Newest imports" in text
