"""Each sentence of the page that the project comes from, kept as a promise over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.running_server import Shop


def test_a_second_import_with_the_same_identifier_updates_only_the_keys_supplied(
    shop: Shop,
) -> None:
    shop.upload({"external_id": "1", "first_name": "Aino", "city": "Turku"})
    report = shop.upload({"external_id": "1", "city": "Oulu"})
    assert report["updated"] == 1
    customer = shop.customer("1")
    assert customer is not None
    assert customer["first_name"] == "Aino"
    assert customer["city"] == "Oulu"
