"""`/api/segments/NAME/customers/`: as `/api/data/customers/`, of a segment (SPEC section 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from regulars.services.fields import declare_field
from tests.api.segment_client import SegmentClient, refusal

if TYPE_CHECKING:
    from tests.running_server import RunningServer

CUSTOMERS = [
    {"external_id": str(number), "city": "Turku" if number % 2 else "Oulu",
     "birth_date": f"19{80 - number}-01-01", "email": f"{number}@example.org"}
    for number in range(1, 12)
]  # fmt: skip


@pytest.fixture(scope="module")
def segments(server: RunningServer) -> SegmentClient:
    shop = server.make_shop()
    shop.upload(*CUSTOMERS)
    client = SegmentClient(shop)
    client.made("in Turku/Åbo", "city = Turku")
    client.made("everybody", "city is set")
    return client


def ids(body: dict[str, Any]) -> list[str]:
    return [each["external_id"] for each in body["customers"]]


def test_the_customers_of_a_segment_are_read_page_by_page(segments: SegmentClient) -> None:
    name = "in Turku/Åbo"
    body = segments.figures(name, "customers", limit=4)
    assert ids(body) == ["1", "3", "5", "7"]
    assert body["count"] == 6
    assert urlsplit(body["next_url"]).path == "/api/segments/in%20Turku%2F%C3%85bo/customers/"
    last = segments.http.get(body["next_url"]).json()
    assert ids(last) == ["9", "11"]
    assert "next_url" not in last


def test_everything_that_customers_are_asked_for_with_is_taken(segments: SegmentClient) -> None:
    narrowed = segments.figures(
        "everybody", "customers", city="oulu", where="birth_date < 1975-01-01"
    )
    assert ids(narrowed) == ["6", "8", "10"]
    ordered = segments.figures("everybody", "customers", order="birth_date", limit=2, fields="city")
    assert ordered["customers"] == [
        {"external_id": "11", "city": "Turku"}, {"external_id": "10", "city": "Oulu"},
    ]  # fmt: skip
    assert ids(segments.http.get(ordered["next_url"]).json()) == ["9", "8"]
    assert ids(segments.figures("everybody", "customers", q="3@example.org")) == ["3"]
    reply = segments.get("everybody", "customers", format="csv", fields="city", limit=2)
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.text.splitlines() == ["external_id,city", "1,Turku", "2,Oulu"]
    assert "/api/segments/everybody/customers/?" in reply.headers["Link"]


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"segment": "everybody"}, "segment: the address names the segment already"),
        ({"colour": "red"}, "colour: "),
        ({"where": "city ="}, "where"),
        ({"limit": "0"}, "limit: "),
        ({"city": ""}, "city: "),
    ],
)
def test_what_cannot_be_asked_is_refused(
    segments: SegmentClient, parameters: dict[str, str], named: str
) -> None:
    assert named in refusal(segments.get("everybody", "customers", **parameters), 400)


def test_the_customers_of_no_segment_and_of_one_that_fits_no_more_are_not_everybody(
    segments: SegmentClient,
) -> None:
    refusal(segments.get("nobody", "customers"), 404)
    shop = segments.shop
    level = f"{shop.prefix}level"
    shop.upload({"external_id": "1", level: "7"})
    segments.made("high", f"{level} starts with 7")
    register = shop.server.installation.open_register(shop.short_name)
    declare_field(shop.server.installation, register, level, "integer", actor="test")
    assert "does not fit" in refusal(segments.get("high", "customers"), 409)
    assert "does not fit" in refusal(segments.get("high", "customers", city="Turku"), 409)
    refusal(segments.get("high", "customers", where="city ="), 400)
