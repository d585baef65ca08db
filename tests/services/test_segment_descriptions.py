"""What a segment asks for, and how segments hang together, as pages and API tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.app import open_installation
from regulars.domain.fields.company_field import CompanyField
from regulars.services.fields import declare_field
from regulars.services.segment_descriptions import describe_segments, load_described
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

    def add_field(self, name: str, type_name: str) -> None:
        entry = AuditEntry(self.installation.now(), "test", "field:declare", name, type_name)
        with self.register.store.lock():
            field = CompanyField(name, type_name, "inferred", as_given=True)
            self.register.store.save_field(field, entry)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    installation = open_installation(Settings(data=str(tmp_path)))
    yield Shop(installation)
    installation.close()


def test_a_segment_is_told_with_its_sentence_its_fields_and_its_neighbours(shop: Shop) -> None:
    shop.save("vips", "tags has any (vip) and (CITY = Turku or city = Oulu)")
    shop.save("young vips", "segment VIPs and birth_date > 2000-01-01")
    shop.save("old vips", 'segment "vips" and not segment "young vips"')
    described = {each.segment.name: each for each in load_described(shop.register)}
    assert list(described) == ["old vips", "vips", "young vips"]
    vips = described["vips"]
    assert vips.fields == ("city", "tags")
    assert (vips.uses, vips.used_by) == ((), ("old vips", "young vips"))
    assert vips.sentence.startswith("Customers where tags ")
    assert described["young vips"].fields == ("birth_date",)
    assert described["young vips"].uses == ("VIPs",)
    assert described["old vips"].uses == ("vips", "young vips")
    assert all(each.problems == () for each in described.values())


def test_a_segment_that_fits_its_fields_no_more_says_where(shop: Shop) -> None:
    shop.add_field("ACME__level", "string")
    broken = shop.save("gold", "acme__level starts with go")
    user = shop.save("gold in Turku", "segment gold and city = Turku")
    declare_field(shop.installation, shop.register, "level", "integer", actor="ada")
    described, user_described = describe_segments(shop.register, [broken, user])
    (problem,) = described.problems
    assert (problem.code, problem.start) == ("unfit_operator", len("acme__level "))
    assert described.fields == ("ACME__level",)
    assert [each.code for each in user_described.problems] == ["broken_segment"]


def test_a_segment_is_described_as_it_is_given(shop: Shop) -> None:
    former = shop.save("vips", "tags has any (vip)")
    shop.save("vips", "city = Turku")
    (described,) = describe_segments(shop.register, [former])
    assert described.fields == ("tags",)
