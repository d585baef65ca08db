"""A company with an index, as services meet it."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.index.company_indexes import CompanyIndexes
from regulars.services.customer_search import CustomerSearch
from regulars.services.imports import Imports
from regulars.services.installation import FollowedRegister
from regulars.services.segments import Segments
from tests.index.indexed import at_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from regulars.domain.customers.customer import Customer
    from regulars.services.customer_search import Asked
    from regulars.services.installation import Installation, Register


class Shop:
    """A company with an index."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        installation.create_company(
            "acme", name="Acme", timezone="Europe/Helsinki", country="FI", actor="test"
        )
        self.installation = installation
        self.register: Register = installation.open_register("acme")
        self.imports = Imports(installation)
        self.indexes = CompanyIndexes(folder, partial(FollowedRegister, installation), at_once())
        self.segments = Segments(installation)
        self.search = CustomerSearch(installation, self.indexes, self.segments)

    def upload(self, *records: Mapping[str, object]) -> None:
        body = json.dumps(records).encode()
        self.imports.acceptance.accept(self.register, body, ImportOptions(BodyForm("json")), "test")
        self.imports.run_waiting(self.register)

    def ask(self, condition: str | None = None, words: str = "") -> Asked:
        return self.search.ask(self.register, condition=condition, words=words)

    def customer(self, external_id: str) -> Customer:
        asked = self.ask(f"external_id = {external_id}")
        (customer,) = asked.find_page(limit=2).customers
        return customer
