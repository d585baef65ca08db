"""What a change of a field's type would do, looked at in part or as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regulars.services.field_preview import preview_type

if TYPE_CHECKING:
    from tests.services.shop import Shop


@pytest.mark.parametrize(
    ("most", "expected"), [(None, (3, 1, True)), (4, (3, 1, True)), (3, (3, 0, False))]
)
def test_a_preview_says_whether_it_has_looked_at_all_values(
    shop: Shop, most: int | None, expected: tuple[int, int, bool]
) -> None:
    values = ["40", "41", "42", "tall"]
    shop.upload(*({"external_id": value, "ACME__size": value} for value in values))
    shop.upload({"email": "nobody@example.org"})
    found = preview_type(shop.search, shop.register, "ACME__size", "integer", most)
    assert (found.readable, found.unreadable, found.is_whole) == expected
