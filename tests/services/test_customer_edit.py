"""Changing one customer by hand, and reading back who did what and who allowed what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation
from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import ConflictError, UnknownNameError
from regulars.services.customer_edit import edit_customer, find_customer
from regulars.services.customer_history import load_history
from regulars.services.imports import Imports
from regulars.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from regulars.services.customer_history import CustomerHistory
    from regulars.services.installation import Installation, Register
    from regulars.store.contract import ImportRun

AINO, EINO = "aino@example.org", "eino@example.org"
PHONE, OTHER_PHONE = "+358401234567", "+358401234568"


class Shop:
    """A company whose customers are made by uploads and changed by hand."""

    def __init__(self, installation: Installation) -> None:
        installation.create_company(
            "acme", name="Acme", timezone="Europe/Helsinki", country="FI", actor="test"
        )
        self.register: Register = installation.open_register("acme")
        self.imports = Imports(installation)

    def upload(self, *records: Mapping[str, object]) -> None:
        body = json.dumps(records).encode()
        self.imports.acceptance.accept(
            self.register, body, ImportOptions(BodyForm("json")), "token:till"
        )
        self.imports.run_waiting(self.register)

    def edit(self, customer_id: int, **values: object) -> ImportRun:
        customer = find_customer(self.register, customer_id)
        accepted = edit_customer(
            self.imports, self.register, customer, values, actor="user:jane@example.org"
        )
        self.imports.run_waiting(self.register)
        return self.imports.find(self.register, accepted.id)

    def fields(self, customer_id: int) -> Mapping[str, object]:
        return find_customer(self.register, customer_id).fields

    def history(self, customer_id: int) -> CustomerHistory:
        return load_history(self.register, customer_id)


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("own_postgres_url")
    installation = open_installation(Settings(data=str(tmp_path), database_url=url))
    yield Shop(installation)
    installation.close()


def test_an_edit_means_the_one_customer_and_not_who_shares_its_address(shop: Shop) -> None:
    shop.upload({"email": AINO}, {"phone_number": PHONE})
    shop.edit(2, email=AINO)
    report = shop.edit(2, city="Turku").report
    assert (report.updated, report.customers_changed) == (1, 1)
    assert shop.fields(2) == {"email": AINO, "phone_number": PHONE, "city": "Turku"}
    assert shop.fields(1) == {"email": AINO}


def test_every_identifier_of_an_unregistered_customer_can_be_changed(shop: Shop) -> None:
    shop.upload({"email": AINO})
    assert shop.edit(1, email=EINO).report.updated == 1
    assert shop.fields(1) == {"email": EINO}
    assert shop.edit(1, email="", phone_number=PHONE).report.updated == 1
    assert shop.fields(1) == {"phone_number": PHONE}
    assert shop.edit(1, phone_number=OTHER_PHONE).report.updated == 1
    assert shop.fields(1) == {"phone_number": OTHER_PHONE}
    # It is found by what it has now, and by nothing that it had.
    shop.upload({"phone_number": OTHER_PHONE, "city": "Oulu"}, {"email": EINO})
    assert shop.fields(1)["city"] == "Oulu"
    assert shop.fields(2) == {"email": EINO}


def test_an_edit_that_takes_the_last_identifier_is_refused(shop: Shop) -> None:
    shop.upload({"email": AINO, "city": "Turku"})
    with pytest.raises(ConflictError):
        shop.edit(1, email="", city="Oulu")
    assert shop.fields(1) == {"email": AINO, "city": "Turku"}


def test_an_edit_never_brings_back_who_is_gone(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": AINO}, {"external_id": "2", "email": EINO})
    aino = find_customer(shop.register, 1)
    shop.upload(
        {"external_id": "1", "is_deleted": True}, {"external_id": "2", "is_forgotten": True}
    )
    edit_customer(shop.imports, shop.register, aino, {"city": "Turku"}, actor="user:jane")
    shop.imports.run_waiting(shop.register)
    with pytest.raises(UnknownNameError):
        find_customer(shop.register, 1)
    run = shop.edit(2, city="Oulu", email=EINO)
    assert [problem.code for problem in run.report.problems] == ["customer_is_forgotten"]
    assert shop.fields(2) == {"external_id": "2", "is_forgotten": True}


def test_an_edit_can_forget_and_delete(shop: Shop) -> None:
    shop.upload({"email": AINO, "city": "Turku"}, {"email": EINO})
    assert shop.edit(1, is_forgotten=True).report.updated == 1
    assert shop.fields(1) == {"is_forgotten": True}
    assert shop.edit(2, is_deleted=True).report.updated == 1
    with pytest.raises(UnknownNameError):
        find_customer(shop.register, 2)


def test_the_history_says_what_changed_when_and_by_whom(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku"})
    run = shop.edit(1, city="Oulu", last_name="Virta")
    made, changed = shop.history(1).events
    assert (made.kind, made.actor, made.record) == ("created", "token:till", 1)
    assert (changed.kind, changed.actor, changed.import_id) == (
        "updated", "user:jane@example.org", run.id,
    )  # fmt: skip
    assert {(each.name, each.before, each.after) for each in changed.fields} == {
        ("city", "Turku", "Oulu"),
        ("last_name", None, "Virta"),
    }


def test_the_ledger_says_for_which_address_a_permission_was_given(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": AINO, "can_email": True, "can_post": True})
    shop.upload({"external_id": "1", "email": EINO})
    shop.edit(1, can_email=False)
    shop.edit(1, can_email="")
    history = shop.history(1)
    decisions = [(each.decision.permission, each.decision.decision, each.decision.address)
                 for each in history.ledger]  # fmt: skip
    assert decisions == [
        ("can_email", True, AINO),
        ("can_post", True, None),
        ("can_email", False, EINO),
        ("can_email", None, EINO),
    ]
    assert history.in_force["can_email"].event.actor == "user:jane@example.org"
    assert history.in_force["can_post"].event.actor == "token:till"
    assert "can_sms" not in history.in_force


def test_of_a_forgotten_person_the_ledger_keeps_decisions_without_addresses(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": AINO, "can_email": True, "city": "Turku"})
    shop.edit(1, is_forgotten=True)
    history = shop.history(1)
    assert [event.kind for event in history.events] == ["created", "forgotten"]
    (given, *_) = history.ledger
    assert (given.decision.permission, given.decision.decision) == ("can_email", True)
    assert given.decision.address is None
    assert given.decision.address_hash
    values = [each for event in history.events for field in event.fields
              for each in (field.before, field.after)]  # fmt: skip
    assert AINO not in values
    assert "Turku" not in values
