"""`GET /api/data/customers/` by values of fields, segment, condition and words (SPEC sections 10
and 11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from regulars.services.segments import Segments

if TYPE_CHECKING:
    from tests.running_server import Shop

PATH = "/api/data/customers/"
AINO = {
    "external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567",
    "last_name": "Virtanen", "city": "Turku", "can_email": True, "tags": ["vip", "New York"],
    "birth_date": "1991-06-14", "last_login": "2026-03-01T22:30:00Z", "language": "fi",
}  # fmt: skip
EINO = {
    "external_id": "2", "email": "eino@example.org", "phone_number": "+358401234567",
    "last_name": "VIRTANEN", "city": "Oulu", "can_email": False, "tags": ["gold"],
    "country": "SE", "last_login": "2026-03-02T10:00:00Z",
}  # fmt: skip
OLLI = {"external_id": "Ä-3", "last_name": "Ödberg", "mailing_lists": ["vip"]}


@pytest.fixture(scope="module")
def shop(server: Any) -> Shop:
    """Aino, Eino and Olli, with fields of the company's own; tests only read."""
    shop: Shop = server.make_shop()
    own = shop.prefix
    server.regulars("field", "declare", shop.short_name, "level", "integer")
    shop.upload(
        {**AINO, f"{own}level": 1, f"{own}size": "M", f"{own}owner": {"a": 1}},
        {**EINO, f"{own}level": 2, f"{own}Size": 7},
        OLLI,
        {"external_id": "gone", "last_name": "Virtanen", "is_deleted": True},
        {"external_id": "lost", "last_name": "Virtanen", "is_forgotten": True},
    )
    segments = Segments(server.installation)
    register = server.installation.open_register(shop.short_name)
    segments.save(register, "Finns", "language = fi", actor="test")
    return shop


def read(shop: Shop, **parameters: str) -> dict[str, Any]:
    reply = shop.http.get(PATH, params=parameters)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def ids(shop: Shop, **parameters: str) -> list[str]:
    body = read(shop, **parameters)
    assert body["count"] == len(body["customers"])
    return [customer["external_id"] for customer in body["customers"]]


def refusal(shop: Shop, query: str | dict[str, str]) -> dict[str, Any]:
    reply = shop.http.get(PATH, params=httpx.QueryParams(query))
    assert reply.status_code == 400, reply.text
    error: dict[str, Any] = reply.json()["error"]
    return error


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"last_name": "virtanen"}, ["1", "2"]),
        ({"LAST_NAME": " Virtanen "}, ["1", "2"]),
        ({"last_name": "virtanen", "can_email": "true"}, ["1"]),
        ({"last_name": "virtanen", "can_email": "0"}, ["2"]),
        ({"can_email": "no"}, ["2", "Ä-3"]),
        ({"last_name": "virtane"}, []),
        ({"last_name": "ödberg"}, ["Ä-3"]),
        ({"last_name": "odberg"}, []),
        ({"tags": "vip"}, ["1"]),
        ({"tags": "VIP"}, ["1"]),
        ({"tags": "new york"}, ["1"]),
        ({"tags": "vip", "mailing_lists": "vip"}, []),
        ({"mailing_lists": "vip"}, ["Ä-3"]),
        ({"country": "se"}, ["2"]),
        ({"country": "SWE"}, ["2"]),
        ({"language": "fi-FI"}, ["1"]),
        ({"birth_date": "1991-06-14"}, ["1"]),
        ({"last_login": "2026-03-02"}, ["1", "2"]),  # a day in Helsinki
        ({"last_login": "2026-03-01T22:30Z"}, ["1"]),
        ({"last_login": "2026-03-02T00:30"}, ["1"]),
        ({"phone_number": "040 123 4567", "city": "oulu"}, ["2"]),
        ({"external_id": "1", "city": "Turku"}, ["1"]),
        ({"external_id": "1", "city": "Oulu"}, []),
        ({"external_id": "Ä-3"}, ["Ä-3"]),
        ({"external_id": "ä-3"}, []),
        ({"is_deleted": "true"}, []),
        ({"is_deleted": "false"}, ["1", "2", "Ä-3"]),
        ({"is_forgotten": "false"}, ["1", "2", "Ä-3"]),
        ({"segment": "finns"}, ["1"]),
        ({"segment": "Finns", "city": "Oulu"}, []),
        ({"where": "city = Turku or country = SE"}, ["1", "2"]),
        ({"where": "city = Turku or country = SE", "city": "Oulu"}, ["2"]),
        ({"where": 'not segment "Finns"', "last_name": "Virtanen"}, ["2"]),
        ({"q": "VIRTANEN tur"}, ["1"]),
        ({"q": "odberg"}, ["Ä-3"]),
        ({"q": "0401234567"}, ["1", "2"]),
        ({"q": "eino@example.org"}, ["2"]),
        ({"q": "vip"}, ["1", "Ä-3"]),
        ({"q": "vip", "where": "city is set", "segment": "Finns", "can_email": "1"}, ["1"]),
        ({"q": "2"}, ["2", "1"]),
    ],
)
def test_customers_are_found_by_all_that_is_asked(
    shop: Shop, filters: dict[str, str], found: list[str]
) -> None:
    assert ids(shop, **filters) == found


def test_fields_of_the_company_are_filters_too(shop: Shop) -> None:
    assert ids(shop, **{f"{shop.prefix}level": "2"}) == ["2"]
    assert ids(shop, **{f"{shop.short_name}__SIZE": "m"}) == ["1"]
    assert ids(shop, **{f"{shop.prefix}size": "7", "city": "Oulu"}) == ["2"]
    assert "level" in refusal(shop, {f"{shop.prefix}level": "two"})["reason"]
    assert "owner" in refusal(shop, {f"{shop.prefix}owner": "1"})["reason"]
    assert f"{shop.prefix}colour" in refusal(shop, {f"{shop.prefix}colour": "red"})["reason"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("last_name=", "last_name"),
        ("last_name=%20", "last_name"),
        ("tags=", "tags"),
        ("can_email=maybe", "can_email"),
        ("country=Atlantis", "country"),
        ("birth_date=14.6.1991", "birth_date"),
        ("is_forgotten=x", "is_forgotten"),
        ("city=a%00b", "city"),
        ("tags=a%00b", "tags"),
        ("city=Oulu&CITY=Turku", "city"),
        ("segment=", "segment"),
        ("segment=nowhere", "segment"),
        ("segment=%00", "segment"),
        ("where=", "where"),
        ("q=", "q"),
        ("q=%00", "q"),
        ("q=" + "+".join(map(str, range(31))), "q"),
        ("order=", "order"),
        ("order=shoe_size", "order"),
        ("order=tags", "order"),
        ("order=--city", "order"),
        ("order=city&is_forgotten=true", "order"),
        ("format=xml", "format"),
        ("limit=10001", "limit"),
        ("limit=100001&format=csv", "limit"),
        ("shoe_size=42", "shoe_size"),
        ("tags.add=vip", "tags.add"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(shop: Shop, query: str, named: str) -> None:
    reason = refusal(shop, query)["reason"]
    assert reason.startswith(f"{named}:")


@pytest.mark.parametrize(
    ("parameters", "reason", "places"),
    [
        (
            {"where": "city = Turku and shoe_size = 42"},
            "where: there is no such field (character 18)",
            [("unknown_field", [1], "field", 17, 26)],
        ),
        (
            {"where": "city = Turku and", "last_name": "Virtanen"},
            "where: expected ",
            [("syntax", [], "node", 16, 16)],
        ),
        (
            {"where": "tags = vip or can_email = maybe", "last_name": "Virtanen"},
            "where: the operator does not fit the type of this field, expected has any",
            [("unfit_operator", [0], "operator", 5, 10), ("bad_value", [1], 0, 26, 31)],
        ),
        ({"where": 'segment "x"'}, "where: there is no such segment (character 9)", None),
    ],
)
def test_a_condition_with_a_problem_is_refused_with_its_place(
    shop: Shop, parameters: dict[str, str], reason: str, places: list[Any] | None
) -> None:
    error = refusal(shop, parameters)
    assert error["reason"].startswith(reason)
    found = [
        (each["code"], each["path"], each["part"], each["start"], each["end"])
        for each in error["problems"]
    ]
    assert places is None or found == places


def test_a_segment_that_broke_is_named_and_never_means_everyone(shop: Shop) -> None:
    register = shop.server.installation.open_register(shop.short_name)
    segments = Segments(shop.server.installation)
    segments.save(register, "Sized", f"{shop.prefix}level > 1", actor="test")
    assert ids(shop, segment="sized") == ["2"]
    shop.server.regulars("field", "declare", shop.short_name, "level", "list")
    try:
        error = refusal(shop, {"segment": "Sized", "city": "Oulu"})
        assert error["reason"].startswith("segment:")
        assert [each["code"] for each in error["problems"]] == ["broken_segment"]
    finally:
        shop.server.regulars("field", "declare", shop.short_name, "level", "integer")


# Order


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"order": "city"}, ["2", "1", "Ä-3"]),
        ({"order": "-City"}, ["1", "2", "Ä-3"]),
        ({"order": "-last_login"}, ["2", "1", "Ä-3"]),
        ({"order": "can_email"}, ["2", "Ä-3", "1"]),
        ({"order": "last_name"}, ["1", "2", "Ä-3"]),
        ({"order": "-last_name"}, ["Ä-3", "1", "2"]),
        ({"order": "-last_name", "where": "city is set"}, ["1", "2"]),
        ({"order": "-city", "phone_number": "0401234567"}, ["1", "2"]),
        ({"order": "city", "phone_number": "0401234567"}, ["2", "1"]),
        ({"order": "birth_date", "phone_number": "0401234567"}, ["1", "2"]),
        ({"order": "can_email", "phone_number": "0401234567"}, ["2", "1"]),
        ({"order": "-city", "q": "2"}, ["1", "2"]),
    ],
)
def test_customers_come_in_the_order_asked_for_page_by_page(
    shop: Shop, parameters: dict[str, str], found: list[str]
) -> None:
    assert ids(shop, **parameters) == found
    customers: list[dict[str, Any]] = []
    url = str(httpx.URL(PATH, params={**parameters, "limit": "1"}))
    while url:
        body = shop.http.get(url).json()
        assert body["count"] == len(found)
        customers += body["customers"]
        url = body.get("next_url", "")
    assert [each["external_id"] for each in customers] == found


def test_a_page_behind_a_customer_that_is_gone_from_an_order_is_a_conflict(shop: Shop) -> None:
    for more in ({}, {"phone_number": "0401234567"}):
        reply = shop.http.get(PATH, params={"order": "city", "after": "99999", **more})
        assert reply.status_code == 409
        assert "gone" in reply.json()["error"]["reason"]


# Forgotten customers


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"is_forgotten": "true"}, ["lost"]),
        ({"is_forgotten": "1", "can_email": "false"}, ["lost"]),
        ({"is_forgotten": "true", "external_id": "lost"}, ["lost"]),
        ({"external_id": "lost"}, ["lost"]),
        ({"external_id": "lost", "can_sms": "false"}, ["lost"]),
        ({"external_id": "lost", "can_sms": "true"}, []),
        ({"external_id": "lost", "is_forgotten": "false"}, []),
        ({"is_forgotten": "true", "external_id": "1"}, []),
        ({"is_forgotten": "true", "external_id": "gone"}, []),
        ({"is_forgotten": "true", "can_email": "true"}, []),
        ({"is_forgotten": "true", "last_name": "Virtanen"}, []),
        ({"is_forgotten": "true", "email": "aino@example.org"}, []),
        ({"is_forgotten": "true", "segment": "Finns"}, []),
        ({"is_forgotten": "true", "q": "virtanen"}, []),
        ({"where": "is_forgotten = true"}, []),
        ({"external_id": "lost", "where": "is_forgotten = true"}, []),
        ({"q": "lost"}, []),
    ],
)
def test_forgotten_customers_come_only_where_they_are_asked_for(
    shop: Shop, filters: dict[str, str], found: list[str]
) -> None:
    assert ids(shop, **filters) == found


def test_forgotten_customers_come_page_by_page(shop: Shop) -> None:
    other = shop.server.make_shop()
    other.upload(*({"external_id": f"f{n}", "is_forgotten": True} for n in range(5)))
    other.upload({"external_id": "here"})
    found = other.customers(is_forgotten="true", limit="2")
    assert [each["external_id"] for each in found] == [f"f{n}" for n in range(5)]
    assert all(each["is_forgotten"] and each["can_email"] is False for each in found)
    assert read(other, is_forgotten="true", limit="2")["count"] == 5
