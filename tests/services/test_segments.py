"""Segments refer to each other by name, and stay right whatever is saved, renamed or deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation
from regulars.domain.fields.company_field import CompanyField
from regulars.errors import (
    ConflictError,
    InvalidConditionError,
    InvalidValueError,
    NameTakenError,
    UnknownNameError,
)
from regulars.services.maintenance import Maintenance
from regulars.services.segments import Segments
from regulars.settings import Settings
from regulars.store.contract import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from regulars.services.installation import Installation, Register
    from regulars.store.contract.segments import Segment


class Shop:
    """The segments of a company."""

    def __init__(self, installation: Installation) -> None:
        installation.create_company(
            "acme", name="Acme", timezone="Europe/Helsinki", country="FI", actor="test"
        )
        self.installation = installation
        self.register: Register = installation.open_register("acme")
        self.segments = Segments(installation)

    def save(self, name: str, condition: str) -> Segment:
        return self.segments.save(self.register, name, condition, actor="ada")

    def rename(self, name: str, new_name: str) -> Segment:
        return self.segments.rename(self.register, name, new_name, actor="bob")

    def delete(self, name: str) -> None:
        self.segments.delete(self.register, name, actor="bob")

    def conditions(self) -> dict[str, str]:
        return {each.name: each.condition for each in self.segments.load(self.register)}

    def problems(self, name: str, condition: str) -> set[str]:
        with pytest.raises(InvalidConditionError) as caught:
            self.save(name, condition)
        return {problem.code for problem in caught.value.problems}


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("own_postgres_url")
    installation = open_installation(Settings(data=str(tmp_path), database_url=url))
    yield Shop(installation)
    installation.close()


def test_a_condition_is_kept_in_one_form_and_what_changes_nothing_makes_no_version(
    shop: Shop,
) -> None:
    assert shop.save(" VIPs ", "tags has any(vip)").condition == "tags has any (vip)"
    assert shop.save("vips", "tags  has any ( vip )").version == 1
    assert shop.save("vips", "tags has any (gold)").version == 2
    found = shop.segments.find(shop.register, "Vips")
    assert (found.name, found.created_by) == ("VIPs", "ada")
    versions = shop.segments.load_versions(shop.register, found)
    assert [(each.version, each.condition) for each in versions] == [
        (2, "tags has any (gold)"), (1, "tags has any (vip)"),
    ]  # fmt: skip


def test_a_condition_with_a_problem_is_not_saved(shop: Shop) -> None:
    assert shop.problems("a", "cty = Oulu") == {"unknown_field"}
    assert shop.problems("a", "segment b") == {"unknown_segment"}
    assert shop.problems("a", "city =") == {"syntax"}
    assert shop.conditions() == {}


def test_no_segment_leads_back_to_itself(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.save("b", "segment a")
    shop.save("c", "segment b or city = Turku")
    assert shop.problems("a", "segment A") == {"segment_cycle"}
    assert shop.problems("a", "not segment c") == {"segment_cycle"}
    assert shop.problems("new", "segment new") == {"segment_cycle"}
    assert shop.conditions()["a"] == "city = Oulu"


def test_renaming_keeps_references_and_their_history(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.save("b", 'segment "A" and country = FI')
    assert shop.rename("a", "the north").version == 2
    assert shop.conditions() == {
        "b": 'segment "the north" and country = FI', "the north": "city = Oulu",
    }  # fmt: skip
    changed = shop.segments.find(shop.register, "b")
    assert (changed.version, changed.changed_by) == (2, "bob")
    shop.rename("the north", "The North")
    assert shop.segments.find(shop.register, "b").version == 2


def test_names_are_unique_without_regard_to_case(shop: Shop) -> None:
    shop.save("Åland", "city = Oulu")
    shop.save("b", "city = Turku")
    with pytest.raises(NameTakenError):
        shop.rename("b", "ÅLAND")
    with pytest.raises(NameTakenError):
        shop.segments.create(shop.register, "åland", "city = x", actor="ada")
    for name in ("", " ", "x" * 101, "a\nb", "a\tb"):
        with pytest.raises(InvalidValueError):
            shop.save(name, "city = Oulu")
    assert shop.save("x" * 100, "city = Oulu").version == 1


def test_one_that_others_use_is_not_deleted(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.save("b", "not segment a")
    with pytest.raises(ConflictError, match="others: b"):
        shop.delete("A")
    shop.delete("b")
    shop.delete("A")
    with pytest.raises(UnknownNameError):
        shop.delete("a")
    with pytest.raises(UnknownNameError):
        shop.rename("a", "c")


def test_who_has_not_seen_the_last_version_changes_nothing(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.save("a", "city = Turku")
    with pytest.raises(ConflictError, match="version 2, not 1"):
        shop.segments.save(shop.register, "a", "city = Pori", version=1, actor="ada")
    assert shop.conditions() == {"a": "city = Turku"}


def test_a_name_that_makes_another_condition_too_long_is_refused(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.save("b", " or ".join(["segment a"] * 900))
    with pytest.raises(InvalidValueError, match="too long"):
        shop.rename("a", "x" * 100)
    assert shop.segments.find(shop.register, "a").version == 1


def test_changes_at_the_same_time_are_made_one_after_the_other(shop: Shop) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: shop.save(f"s{number % 6}", f"city = c{number}"), range(24)))
    found = shop.segments.load(shop.register)
    assert [each.name for each in found] == [f"s{number}" for number in range(6)]
    assert [each.version for each in found] == [4] * 6
    assert len({each.id for each in found}) == 6


def test_a_change_stands_in_the_audit_log(shop: Shop) -> None:
    shop.save("a", "city = Oulu")
    shop.rename("a", "b")
    shop.delete("b")
    log = [
        (each.action, each.subject, each.details) for each in shop.register.store.audit_log.load()
    ]
    assert log[-3:] == [
        ("segment:create", "a", ""), ("segment:change", "a", "renamed to b"),
        ("segment:delete", "b", ""),
    ]  # fmt: skip


# Fields that nobody declared


def add_field(shop: Shop, name: str) -> None:
    entry = AuditEntry(shop.installation.now(), "test", "field:declare", name, "")
    with shop.register.store.lock():
        shop.register.store.save_field(
            CompanyField(f"ACME__{name}", "integer", "inferred", as_given=True), entry
        )


def origins(shop: Shop) -> dict[str, str]:
    return {each.name: each.origin for each in shop.register.store.load_fields()}


def test_a_field_that_a_segment_uses_is_declared_as_what_it_is(shop: Shop) -> None:
    for name in ("size", "level"):
        add_field(shop, name)
    shop.save("large", "not (acme__SIZE < 40 or city = Oulu)")
    assert origins(shop) == {"ACME__size": "declared", "ACME__level": "inferred"}
    assert all(field.as_given for field in shop.register.store.load_fields())


def test_where_an_import_runs_it_is_declared_later(shop: Shop) -> None:
    add_field(shop, "size")
    with ThreadPoolExecutor(1) as pool, shop.register.store.lock():
        pool.submit(shop.save, "large", "ACME__size > 40").result(30)
        assert origins(shop) == {"ACME__size": "inferred"}
    done = Maintenance(shop.installation).maintain(shop.register, wait=True) or {}
    assert done["fields of segments declared"] == 1
    assert origins(shop) == {"ACME__size": "declared"}
