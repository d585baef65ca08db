"""A small upload that nothing stands before is applied as it is accepted; any other waits."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from regulars.domain.imports.body_form import BodyForm
from regulars.domain.imports.options import ImportOptions
from regulars.errors import StorageFullError
from regulars.services import import_run
from regulars.services.import_acceptance import RequestKey
from regulars.services.import_at_once import MOST_RECORDS
from regulars.services.import_pages import ImportPlace, load_page
from regulars.services.import_run import SMALL_BYTES, ImportRunner
from regulars.services.imports import Imports

if TYPE_CHECKING:
    from regulars.services.import_acceptance import Accepted
    from regulars.services.installation import Installation, Register

OPTIONS = ImportOptions(BodyForm("json"))


@pytest.fixture
def imports(installation: Installation) -> Imports:
    return Imports(installation)


@pytest.fixture
def register(installation: Installation) -> Register:
    installation.create_company("acme", name="Acme", timezone="UTC", country="FI", actor="test")
    return installation.open_register("acme")


def body_of(count: int = 1, **fields: object) -> bytes:
    return json.dumps([{"external_id": str(n), **fields} for n in range(count)]).encode()


def accept(imports: Imports, register: Register, body: bytes, **options: Any) -> Accepted:
    chosen = msgspec.structs.replace(OPTIONS, **options)
    return imports.accept(register, body, chosen, "token:till")


def customers_of(register: Register) -> int:
    return register.store.read_position().living


def is_in_line(imports: Imports, register: Register, accepted: Accepted) -> bool:
    waiting = imports._store.line.load_queued_imports(register.company.short_name)
    return accepted.id in {each.id for each in waiting}


def test_it_has_ended_when_it_is_accepted(imports: Imports, register: Register) -> None:
    accepted = accept(imports, register, body_of(MOST_RECORDS))
    assert accepted.run is not None
    assert (accepted.run.status, accepted.run.report.created) == ("done", MOST_RECORDS)
    assert not is_in_line(imports, register, accepted)
    assert imports.find(register, accepted.id) == accepted.run
    assert customers_of(register) == MOST_RECORDS


@pytest.mark.parametrize(
    ("body", "options"),
    [
        pytest.param(body_of(MOST_RECORDS + 1), {}, id="many records"),
        pytest.param(body_of().ljust(SMALL_BYTES), {}, id="a large body"),
        pytest.param(body_of(), {"is_dry_run": True}, id="a dry run"),
        pytest.param(body_of(), {"may_be_held": True}, id="one that may be held"),
    ],
)
def test_it_waits_in_the_line(
    imports: Imports, register: Register, body: bytes, options: dict[str, object]
) -> None:
    accepted = accept(imports, register, body, **options)
    assert accepted.run is None
    assert is_in_line(imports, register, accepted)
    assert customers_of(register) == 0


def test_it_waits_behind_what_waits_already(imports: Imports, register: Register) -> None:
    first = imports.acceptance.accept(register, body_of(city="Oulu"), OPTIONS, "test")
    second = accept(imports, register, body_of(city="Turku"))
    assert second.run is None
    imports.run_waiting(register)
    assert imports.find(register, first.id).number < imports.find(register, second.id).number
    (customer,) = register.store.load_customers([1])
    assert customer.fields["city"] == "Turku"


def test_it_waits_where_somebody_else_writes(imports: Imports, register: Register) -> None:
    with ThreadPoolExecutor() as threads, register.store.lock():
        accepted = threads.submit(accept, imports, register, body_of()).result(20)
    assert accepted.run is None
    assert is_in_line(imports, register, accepted)


def test_it_waits_where_another_is_being_applied(
    imports: Imports,
    installation: Installation,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installation.create_company("bolt", name="Bolt", timezone="UTC", country="FI", actor="test")
    bolt = installation.open_register("bolt")
    apply = ImportRunner._apply_batches
    waiting = []

    def accept_another(runner: ImportRunner, *arguments: Any) -> bool:
        monkeypatch.undo()
        with ThreadPoolExecutor() as threads:
            waiting.append(threads.submit(accept, imports, bolt, body_of()).result(20))
        return apply(runner, *arguments)

    monkeypatch.setattr(import_run.ImportRunner, "_apply_batches", accept_another)
    assert accept(imports, register, body_of()).run is not None
    assert waiting[0].run is None
    assert is_in_line(imports, bolt, waiting[0])
    assert accept(imports, register, body_of()).run is not None


def test_one_that_was_accepted_meanwhile_is_not_overtaken(
    imports: Imports, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = type(register.store).try_lock

    def accept_another_first(store: Any, *, briefly: bool = False) -> Any:
        monkeypatch.undo()
        imports.acceptance.accept(register, body_of(city="Oulu"), OPTIONS, "test")
        return taken(store, briefly=briefly)

    monkeypatch.setattr(type(register.store), "try_lock", accept_another_first)
    accepted = accept(imports, register, body_of(city="Turku"))
    assert accepted.run is None
    assert is_in_line(imports, register, accepted)


def test_one_with_a_key_waits_so_that_both_are_kept_together(
    imports: Imports, register: Register
) -> None:
    key = RequestKey("till-7", b"POST")
    accepted = imports.accept(register, body_of(), OPTIONS, "test", key)
    assert accepted.run is None
    assert is_in_line(imports, register, accepted)
    assert imports.accept(register, body_of(), OPTIONS, "test", key).is_replay


def fail_at_the_end(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Have the next import fail once all its records are applied."""
    apply = ImportRunner._apply_batches

    def apply_and_fail(runner: ImportRunner, *arguments: Any) -> bool:
        assert not apply(runner, *arguments)
        monkeypatch.undo()
        raise error

    monkeypatch.setattr(import_run.ImportRunner, "_apply_batches", apply_and_fail)


def test_where_it_fails_by_our_fault_nothing_is_applied_and_it_is_kept_in_the_line(
    imports: Imports, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at_the_end(monkeypatch, ZeroDivisionError())
    accepted = accept(imports, register, body_of())
    assert accepted.run is None
    assert register.store.load_imports(None, 10) == []
    assert customers_of(register) == 0
    imports.run_waiting(register)
    assert imports.find(register, accepted.id).status == "done"
    assert customers_of(register) == 1


def test_where_the_disk_is_full_nothing_is_accepted(
    imports: Imports, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at_the_end(monkeypatch, StorageFullError("the disk is full"))
    with pytest.raises(StorageFullError):
        accept(imports, register, body_of())
    assert load_page(imports._store.line, register, ImportPlace(), 10).runs == []
    assert customers_of(register) == 0
