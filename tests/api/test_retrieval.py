"""`GET /api/data/customers/` (SPEC section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.running_server import running_server

if TYPE_CHECKING:
    from pathlib import Path

    from tests.running_server import Shop

PATH = "/api/data/customers/"
AINO = {"external_id": "1", "email": "aino@example.org", "phone_number": "+358401234567"}
EINO = {"external_id": "2", "email": "eino@example.org", "phone_number": "+358401234567"}
NO_PERMISSION = dict.fromkeys(
    ("can_email", "can_post", "can_profile", "can_push", "can_sms"), False
)


def read(shop: Shop, **parameters: str) -> dict[str, Any]:
    reply = shop.http.get(PATH, params=parameters)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def ids(body: dict[str, Any]) -> list[str]:
    return [customer["external_id"] for customer in body["customers"]]


def refusal(reply: httpx.Response) -> str:
    assert reply.status_code == 400, reply.text
    reason: str = reply.json()["error"]["reason"]
    return reason


# Finding


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["1", "2"]),
        ({"external_id": "1"}, ["1"]),
        ({"external_id": "3"}, []),
        ({"email": "eino@example.org"}, ["2"]),
        ({"email": " EINO@Example.org"}, ["2"]),
        ({"phone_number": "+358401234567"}, ["1", "2"]),
        ({"phone_number": "040 1234567"}, ["1", "2"]),
        ({"phone_number": "+358401234567", "email": "aino@example.org"}, ["1"]),
        ({"external_id": "1", "email": "eino@example.org"}, []),
    ],
)
def test_customers_are_found_by_all_identifiers_given(
    shop: Shop, filters: dict[str, str], found: list[str]
) -> None:
    shop.upload(AINO, EINO)
    body = read(shop, **filters)
    assert ids(body) == found
    assert body["count"] == len(found)


def test_an_external_id_is_found_in_its_own_case_only(shop: Shop) -> None:
    shop.upload({"external_id": "Aino"}, {"external_id": "AINO"})
    assert ids(read(shop, external_id="Aino")) == ["Aino"]
    assert ids(read(shop, external_id="aino")) == []


def test_customers_without_external_id_are_found_too(shop: Shop) -> None:
    shop.upload({"email": "aino@example.org"}, {"email": "eino@example.org"})
    (customer,) = read(shop, email="eino@example.org")["customers"]
    assert customer == {**NO_PERMISSION, "email": "eino@example.org"}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("external_id=", "external_id"),
        ("external_id", "external_id"),
        ("email=%20", "email"),
        ("email=nobody", "email"),
        ("phone_number=12", "phone_number"),
        ("external_id=a_1", "external_id"),
        ("external_id=1&external_id=2", "external_id"),
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=ten", "limit"),
        ("limit=%C2%B2", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("after=x", "after"),
        ("fields=", "fields"),
        ("fields=city,shoe_size", "fields"),
        ("datetimes=local", "datetimes"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(empty_shop: Shop, query: str, named: str) -> None:
    assert named in refusal(empty_shop.http.get(f"{PATH}?{query}"))


@pytest.mark.parametrize("name", ["colour", "External_Id2", "dry_run", "__proto__"])
def test_an_unknown_parameter_is_named_and_never_passed_over(empty_shop: Shop, name: str) -> None:
    assert name in refusal(empty_shop.http.get(PATH, params={name: "1"}))


@pytest.mark.parametrize("value", ["aino@example.org", "+358401234567", "0401234567"])
def test_a_value_in_the_place_of_a_parameters_name_is_not_repeated(
    empty_shop: Shop, value: str
) -> None:
    reason = refusal(empty_shop.http.get(PATH, params={value: "1"}))
    assert value not in reason
    assert "external_id" in reason


# Form


def test_a_key_that_the_customer_lacks_is_left_out_and_permissions_are_always_there(
    shop: Shop,
) -> None:
    shop.upload({"external_id": "1", "can_post": True})
    assert shop.customer("1") == {**NO_PERMISSION, "external_id": "1", "can_post": True}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("city", {"external_id": "1", "city": "Turku"}),
        ("city,external_id, CITY ", {"external_id": "1", "city": "Turku"}),
        ("province", {"external_id": "1"}),
        ("can_sms,city", {"external_id": "1", "can_sms": False, "city": "Turku"}),
    ],
)
def test_fields_chooses_fields_beside_external_id(
    shop: Shop, fields: str, shown: dict[str, Any]
) -> None:
    shop.upload({"external_id": "1", "city": "Turku", "first_name": "Aino"})
    assert read(shop, fields=fields)["customers"] == [shown]


def test_fields_takes_the_companys_own_fields(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku", f"{shop.prefix}size": "M"})
    assert read(shop, fields=f"{shop.short_name}__size")["customers"] == [
        {"external_id": "1", f"{shop.prefix}size": "M"}
    ]


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({}, "2015-08-28T11:10:00"),
        ({"datetimes": "rfc3339"}, "2015-08-28T11:10:00Z"),
    ],
)
def test_instants_are_utc_and_carry_the_zone_on_request(
    shop: Shop, parameters: dict[str, str], shown: str
) -> None:
    name = f"{shop.prefix}seen"
    shop.server.regulars("field", "declare", shop.short_name, "seen", "datetime")
    shop.upload({"external_id": "1", "last_login": "2015-08-28T14:10", name: "2015-08-28T14:10"})
    (customer,) = read(shop, **parameters)["customers"]
    assert (customer["last_login"], customer[name]) == (shown, shown)


def test_a_fraction_of_a_second_is_left_out_by_default(shop: Shop) -> None:
    shop.upload({"external_id": "1", "last_login": "2015-08-28T14:10:00.250Z"})
    shown = [
        read(shop, **parameters)["customers"][0]["last_login"]
        for parameters in ({}, {"datetimes": "rfc3339"})
    ]
    assert shown == ["2015-08-28T14:10:00", "2015-08-28T14:10:00.25Z"]


# Pages


@pytest.mark.parametrize("limit", [1, 3, 6, 7, 8, 100])
def test_paging_gives_every_customer_exactly_once_in_order(shop: Shop, limit: int) -> None:
    shop.upload(*({"external_id": str(number)} for number in range(7)))
    found: list[str] = []
    url: str | None = f"{PATH}?limit={limit}"
    while url is not None:
        body = shop.http.get(url).json()
        assert body["count"] == 7
        assert 0 < len(body["customers"]) <= limit
        found += ids(body)
        url = body.get("next_url")
    assert found == [str(number) for number in range(7)]


def test_what_is_uploaded_or_deleted_meanwhile_makes_no_customer_come_twice_or_never(
    shop: Shop,
) -> None:
    shop.upload(*({"external_id": str(number)} for number in range(6)))
    first = read(shop, limit="3")
    shop.upload(
        {"external_id": "0", "is_deleted": True},
        {"external_id": "1", "city": "Turku"},
        {"external_id": "6"},
    )
    second = shop.http.get(first["next_url"]).json()
    third = shop.http.get(second["next_url"]).json()
    assert ids(first) + ids(second) + ids(third) == [str(number) for number in range(7)]
    assert "next_url" not in third


def test_a_limit_is_100_unless_given_and_next_url_keeps_the_other_parameters(
    shop: Shop,
) -> None:
    shop.upload_in_parts(
        [{"external_id": str(number), **dict(list(AINO.items())[1:])} for number in range(101)]
    )
    body = read(shop, email="aino@example.org", fields="city", datetimes="rfc3339")
    assert (len(body["customers"]), body["count"]) == (100, 101)
    following = shop.http.get(body["next_url"]).json()
    assert following == {"customers": [{"external_id": "100"}], "count": 101}


def test_next_url_is_absolute_on_the_host_of_the_request(shop: Shop) -> None:
    shop.upload(AINO, EINO)
    assert read(shop, limit="1")["next_url"].startswith(f"{shop.server.url}{PATH}?")
    reply = shop.http.get(PATH, params={"limit": "1"}, headers={"Host": "crm.example.org"})
    assert reply.json()["next_url"].startswith(f"http://crm.example.org{PATH}?")


def test_next_url_is_on_the_public_url_where_there_is_one(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", public_url="https://crm.example.org/") as server:
        shop = server.make_shop()
        shop.upload(AINO, EINO)
        body = read(shop, limit="1")
        assert body["next_url"].startswith(f"https://crm.example.org{PATH}?")
        query = httpx.URL(body["next_url"]).query.decode()
        assert ids(shop.http.get(f"{PATH}?{query}").json()) == ["2"]


# Deleted and forgotten customers


def test_a_deleted_customer_is_nowhere(shop: Shop) -> None:
    shop.upload(AINO, EINO)
    shop.upload({"external_id": "1", "is_deleted": True})
    assert ids(read(shop)) == ["2"]
    for filters in (
        {"external_id": "1"},
        {"email": "aino@example.org"},
        {"external_id": "1", "email": "aino@example.org"},
    ):
        assert read(shop, **filters) == {"customers": [], "count": 0}
    assert ids(read(shop, phone_number="+358401234567")) == ["2"]


def test_a_forgotten_customer_is_returned_for_its_external_id_only(shop: Shop) -> None:
    shop.upload(AINO, EINO)
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert read(shop, external_id="1") == {
        "customers": [{**NO_PERMISSION, "external_id": "1", "is_forgotten": True}],
        "count": 1,
    }
    assert ids(read(shop)) == ["2"]
    assert read(shop)["count"] == 1
    assert ids(read(shop, email="aino@example.org")) == []
    assert ids(read(shop, phone_number="+358401234567")) == ["2"]


def test_in_one_record_forgotten_goes_before_deleted(shop: Shop) -> None:
    shop.upload(AINO)
    shop.upload({"external_id": "1", "is_forgotten": True, "is_deleted": True})
    (customer,) = read(shop, external_id="1")["customers"]
    assert customer == {**NO_PERMISSION, "external_id": "1", "is_forgotten": True}
