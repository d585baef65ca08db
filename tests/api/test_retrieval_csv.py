"""`GET /api/data/customers/` as CSV (SPEC section 10)."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.running_server import Shop

PATH = "/api/data/customers/"
AINO = {
    "external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567",
    "first_name": '=cmd|" /C calc"!A0', "city": 'Turku, "Åbo"', "can_email": True,
    "tags": ["-vip", "New York, NY"], "last_login": "2026-03-01T22:30:00.250Z",
}  # fmt: skip


def rows(reply: httpx.Response) -> list[dict[str, str]]:
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="customers.csv"'
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


def test_a_csv_has_a_column_for_each_field_and_its_instants_have_a_zone(shop: Shop) -> None:
    own = f"{shop.prefix}score"
    shop.upload({**AINO, own: -1.5}, {"external_id": "2", "first_name": "+1 Eino"})
    aino, eino = rows(shop.http.get(PATH, params={"format": "csv"}))
    assert aino["last_login"] == "2026-03-01T22:30:00.25Z"
    assert aino["city"] == AINO["city"]
    assert (aino["can_email"], aino["can_sms"], aino["is_forgotten"]) == ("true", "false", "")
    assert (aino[own], eino[own]) == ("-1.5", "")
    assert aino["phone_number"] == "+358401234567"
    # What a spreadsheet would run is text there.
    assert aino["first_name"] == f"'{AINO['first_name']}"
    assert eino["first_name"] == "'+1 Eino"
    assert aino["tags"].startswith("'-vip")
    assert list(aino)[:2] == ["external_id", "phone_number"]


def test_what_was_read_as_csv_changes_nothing_that_can_be_seen_when_it_is_uploaded_again(
    shop: Shop,
) -> None:
    shop.upload(AINO, {"external_id": "2", "first_name": "'quoted", "tags": ["a"]})
    before = shop.customers(datetimes="rfc3339")
    reply = shop.http.get(PATH, headers={"Accept": "text/csv"})
    report = shop.wait(shop.post_bytes(reply.content, "text/csv").json()["import"])
    assert (report["rejected"], report["warnings"]) == (0, 0)
    assert shop.customers(datetimes="rfc3339") == before


@pytest.mark.parametrize(
    ("parameters", "accept", "is_csv"),
    [
        ({}, "text/csv", True),
        ({}, "text/csv;q=0.9, text/html", True),
        ({"format": "csv"}, "application/json", True),
        ({"format": "json"}, "text/csv", False),
        ({}, "*/*", False),
        ({}, "", False),
    ],
)
def test_csv_is_asked_for_by_parameter_or_header(
    empty_shop: Shop, parameters: dict[str, str], accept: str, *, is_csv: bool
) -> None:
    reply = empty_shop.http.get(PATH, params=parameters, headers={"Accept": accept})
    assert reply.headers["Content-Type"].startswith("text/csv" if is_csv else "application/json")


def test_fields_are_the_columns_and_pages_go_on_by_the_link_header(shop: Shop) -> None:
    shop.upload(*({"external_id": str(number), "city": f"C{number % 2}"} for number in range(7)))
    found: list[str] = []
    reply = shop.http.get(PATH, params={"format": "csv", "fields": "City", "limit": "2", "q": "c1"})
    while True:
        page = rows(reply)
        assert all(list(row) == ["external_id", "city"] for row in page)
        found += [row["external_id"] for row in page]
        if "Link" not in reply.headers:
            break
        assert reply.links["next"]["url"].startswith(f"{shop.server.url}{PATH}?")
        reply = shop.http.get(reply.links["next"]["url"])
    assert found == ["1", "3", "5"]


def test_a_refusal_is_json_also_where_csv_was_asked_for(empty_shop: Shop) -> None:
    reply = empty_shop.http.get(PATH, params={"format": "csv", "where": "shoe_size = 42"})
    assert reply.status_code == 400
    assert reply.json()["error"]["problems"]


def test_more_customers_come_as_csv_than_as_json(shop: Shop) -> None:
    lines = "".join(f"{number},Turku\n" for number in range(10_500))
    shop.wait(shop.post_bytes(f"external_id,city\n{lines}".encode(), "text/csv").json()["import"])
    for more in ({}, {"city": "turku"}):
        parameters = {"format": "csv", "limit": "100000", "fields": "city", **more}
        found = rows(shop.http.get(PATH, params=parameters))
        assert [row["external_id"] for row in found] == [*map(str, range(10_500))]
