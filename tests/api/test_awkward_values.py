"""Values and bodies that are odd but meant well: each has a clear answer, and good records live."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.busy import is_within

if TYPE_CHECKING:
    from tests.running_server import Shop

MEBIBYTE = 1024 * 1024
BOM = b"\xef\xbb\xbf"


def with_prefix(shop: Shop, body: bytes) -> bytes:
    """A body in which the company's own fields begin as they must."""
    return body.replace(b"OWN__", shop.prefix.encode())


def found_ids(shop: Shop) -> list[str]:
    return [customer["external_id"] for customer in shop.customers()]


def codes_of(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["field"]) for problem in report["problems"]]


# Values


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"email": "a@example.org", "can_email": "1"}, {"can_email": True}),
        ({"phone_number": "+358 40 1234567", "can_sms": 1}, {"can_sms": True}),
        ({"can_post": "YES", "can_push": 0}, {"can_post": True, "can_push": False}),
        ({"can_email": "", "can_profile": None}, {"can_email": False, "can_profile": False}),
        ({"email": " Aino.Virta@Example.ORG "}, {"email": "aino.virta@example.org"}),
        ({"phone_number": "040 123 4567"}, {"phone_number": "+358401234567"}),
        ({"phone_number": "07757 138957", "country": "GB"}, {"phone_number": "+447757138957"}),
        ({"phone_number": "00358 (40) 123-4567"}, {"phone_number": "+358401234567"}),
        ({"date_joined": "2016-03-04 05:06:07"}, {"date_joined": "2016-03-04T03:06:07"}),
        ({"date_joined": "2016-03-04"}, {"date_joined": "2016-03-03T22:00:00"}),
        ({"last_login": "2024-03-31T02:30:00+02:00"}, {"last_login": "2024-03-31T00:30:00"}),
        ({"last_login": "2024-03-31 03:30"}, {"last_login": "2024-03-31T01:30:00"}),
        ({"last_login": "2024-10-27T03:30:00"}, {"last_login": "2024-10-27T00:30:00"}),
        ({"zip_code": 90100, "house_number": 7.0}, {"zip_code": "90100", "house_number": "7"}),
        ({"city": True, "company": 0}, {"city": "true", "company": "0"}),
        ({"mailing_lists": "news"}, {"mailing_lists": ["news"]}),
        ({"tags": [1, None, "", " vip ", "vip"]}, {"tags": ["1", "vip"]}),
        ({"language": "en_US", "country": "swe"}, {"language": "en", "country": "SE"}),
        ({"FIRST_NAME ": "Aino"}, {"first_name": "Aino"}),
        ({"city": "A\u030abo"}, {"city": "\u00c5bo"}),
        ({"birth_date": "1991-06-14T10:00:00Z"}, {"birth_date": "1991-06-14"}),
    ],
    ids=str,
)
def test_a_value_is_read_as_its_sender_means_it(
    shop: Shop, given: dict[str, object], expected: dict[str, object]
) -> None:
    report = shop.upload({"external_id": "1", **given})
    assert (report["created"], report["problems"]) == (1, [])
    customer = shop.customer("1")
    assert customer is not None
    assert {name: customer[name] for name in expected} == expected


def test_an_empty_string_withdraws_a_permission(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "a@example.org", "can_email": "1"})
    report = shop.upload({"external_id": "1", "can_email": ""})
    assert report["updated"] == 1
    customer = shop.customer("1")
    assert customer is not None
    assert customer["can_email"] is False


def test_null_leaves_everything_as_it_is(shop: Shop) -> None:
    given = {"external_id": "1", "email": "a@example.org", "tags": ["vip"], "can_email": True}
    shop.upload(given)
    before = shop.customer("1")
    report = shop.upload(given | dict.fromkeys(["email", "tags", "can_email", "city"]))
    assert report["unchanged"] == 1
    assert shop.customer("1") == before


def test_integers_identify_as_their_digits(shop: Shop) -> None:
    shop.upload({"external_id": 3619490226, "city": "Oulu"})
    assert shop.upload({"external_id": "3619490226", "city": "Turku"})["updated"] == 1


def test_keys_of_plugins_are_told_once_and_harm_nothing(shop: Shop) -> None:
    records = [{"external_id": str(n), "state": "x", "store_id": n} for n in range(7)]
    report = shop.upload(*records)
    assert report["created"] == 7
    assert {(each["code"], each["field"], each["count"]) for each in report["problems"]} == {
        ("unknown_field", "state", 7),
        ("unknown_field", "store_id", 7),
    }


def test_the_companys_prefix_may_have_any_case(shop: Shop) -> None:
    short_name = shop.short_name
    shop.upload({"external_id": "1", f"{short_name}__Level": 3})
    shop.upload({"external_id": "1", f"{short_name.title()}__LEVEL": 4})
    customer = shop.customer("1")
    assert customer is not None
    assert customer[f"{short_name.upper()}__Level"] == 4


# Whole bodies


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (b'{"customers":[]}', 0),
        (b"[]", 0),
        (b'[{"external_id":"1"}]', 1),
        (BOM + b'{"customers":[{"external_id":"1"}]}', 1),
        (b'\n\t {"customers" : [ {"external_id":"1"} ] } \r\n', 1),
        (b'{"version":{"customers":[9]},"customers":[{"external_id":"1"}],"n":null}', 1),
        (b'{"c\\u0075stomers":[{"external_id":"1"}]}', 1),
    ],
    ids=str,
)
def test_a_json_body_is_read(shop: Shop, body: bytes, records: int) -> None:
    reply = shop.post_bytes(body)
    assert reply.status_code == 200
    assert reply.content.startswith(b'{"response":"ok"')
    assert (reply.json()["import"]["records"], len(found_ids(shop))) == (records, records)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "byte 0"),
        (b"{}", "customers"),
        (b"null", "list"),
        (b'"customers"', "list"),
        (b'{"customers":null}', "list"),
        (b'{"customers":{"external_id":"1"}}', "list"),
        (b'{"customers":[{"external_id":"1"}]', "byte 34"),
        (b'{"customers":[{"external_id":"1"}]} x', "byte 36"),
        (b'{"customers":[{"external_id":"1"}]}{"customers":[]}', "byte 35"),
        (b'{"customers":[{"external_id":"1"}],"customers":[{"external_id":"2"}]}', "customers"),
        (b'{"customers":[{"external_id":"1"}],"c\\u0075stomers":[]}', "customers"),
        (b'{"customers":[{"external_id":"1"},{"external_id":"2","city":NaN}]}', "JSON"),
        (b'{"customers":[{"external_id":"1"},{"external_id":"2","city":"a\0b"}]}', "byte 62"),
        (b'{"customers":[{"external_id":"1"},\0]}', "byte 34"),
        ('{"customers":[{"external_id":"1","city":"Åbo"}]}'.encode("latin-1"), "UTF-8 (byte 41)"),
        ('{"customers":[{"external_id":"1"}]}'.encode("utf-16"), "UTF-8 (byte 0)"),
        (b'{"customers":[{"external_id":"1","city":"\xed\xa0\x80"}]}', "UTF-8 (byte 41)"),
        (b'[{"external_id":"1"},{"x":' + b"[" * 63 + b"]" * 63 + b"}]", "deeper than 64"),
        (b"[" * MEBIBYTE, "deeper than 64"),
        (b'{"a":' * MEBIBYTE, "deeper than 64"),
        (b'[{"external_id":"1"},{"x":' + b"[" * MEBIBYTE, "deeper than 64"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_not_json_is_refused_as_a_whole(shop: Shop, body: bytes, reason: str) -> None:
    reply = shop.post_bytes(body)
    assert reply.status_code == 400
    assert list(reply.json()) == ["error"]
    assert reason in reply.json()["error"]["reason"]
    assert found_ids(shop) == []
    assert shop.http.get("/api/imports/").json()["imports"] == []


def test_a_hundred_thousand_records_are_answered_in_time_and_end_right(shop: Shop) -> None:
    body = json.dumps(
        {
            "customers": [
                {
                    "external_id": str(n),
                    "email": f"p{n}@example.org",
                    "phone_number": f"040{1_000_000 + n}",
                }
                for n in range(100_000)
            ]
        }
    ).encode()
    began = time.monotonic()
    reply = shop.post_bytes(body)
    assert is_within(time.monotonic() - began, 10)
    assert reply.status_code == 200
    assert reply.json()["import"]["status"] in ("queued", "running", "done")
    report = shop.wait(reply.json()["import"])
    assert (report["status"], report["created"], report["problems"]) == ("done", 100_000, [])
    assert shop.http.get("/api/data/customers/?limit=1").json()["count"] == 100_000
    assert shop.customer("99999") is not None


# One bad record among good ones

BAD_RECORDS: list[tuple[bytes, list[tuple[str, str | None]], bool]] = [
    # the record, its problems, whether it is stored nevertheless
    (b'{"external_id":"x","city":"a\\u0000b"}', [("bad_text", "city")], True),
    (b'{"external_id":"x","city":"a\\ud800b"}', [("bad_text", "city")], True),
    (b'{"external_id":"x","tags":["a","\\udfff"]}', [("bad_text", "tags")], True),
    (b'{"external_id":"x\\u0000"}', [("bad_external_id", "external_id")], False),
    (b'{"external_id":"\\ud83d"}', [("bad_external_id", "external_id")], False),
    (b'{"external_id":"x","a\\u0000b":1}', [("unknown_field", "a?b")], True),
    (b'{"external_id":"x","a\\ud800b":1}', [("unknown_field", "a?b")], True),
    (b'{"external_id":"x","OWN__a\\ud800b":1}', [("bad_field_name", "OWN__a?b")], True),
    (b'{"external_id":"x","OWN__o":{"k":"\\ud800"}}', [("bad_text", "OWN__o")], True),
    (b'{"external_id":"x","city":' + b"1" * 5000 + b"}", [("wrong_type", "city")], True),
    (b'{"external_id":' + b"1" * 5000 + b"}", [("bad_external_id", "external_id")], False),
    (b'{"external_id":"x","OWN__n":1e400}', [("wrong_type", "OWN__n")], True),
    (b'{"external_id":"x","OWN__n":-1E+99999}', [("wrong_type", "OWN__n")], True),
    (b'{"external_id":"x","OWN__n":' + b"9" * 5000 + b"}", [("wrong_type", "OWN__n")], True),
    (b'{"external_id":"x","OWN__o":{"k":[1e400]}}', [("wrong_type", "OWN__o")], True),
    (b'{"external_id":1e400}', [("bad_external_id", "external_id")], False),
    (b'{"external_id":"x","city":"' + b"a" * 20_000 + b'"}', [("too_long", "city")], True),
    (b'{"external_id":"x","city":"' + b"a" * 10_000_000 + b'"}',
     [("record_too_large", None)], False),
    (b'{"external_id":"x","birth_date":"0000-00-00"}', [("bad_date", "birth_date")], True),
    (b'{"external_id":"x","email":"nobody","can_email":true}',
     [("bad_email", "email"), ("permission_without_address", "can_email")], True),
    (b'{"city":"Oulu"}', [("no_identifier", None)], False),
    (b'{"external_id":"x y"}', [("bad_external_id", "external_id")], False),
    (b"{}", [("no_identifier", None)], False),
    (b"null", [("malformed_record", None)], False),
    (b"[]", [("malformed_record", None)], False),
    (b'"x"', [("malformed_record", None)], False),
    (b"17", [("malformed_record", None)], False),
    (b'{"external_id":"x","city":"A","city":"B","CITY ":"C"}', [], True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("bad", "problems", "is_stored"), BAD_RECORDS, ids=[str(row[0])[:50] for row in BAD_RECORDS]
)
def test_a_bad_record_never_fails_the_good_ones_around_it(
    shop: Shop, bad: bytes, problems: list[tuple[str, str | None]], *, is_stored: bool
) -> None:
    body = b'{"customers":[{"external_id":"before"},%b,{"external_id":"after"}]}' % bad
    reply = shop.post_bytes(with_prefix(shop, body))
    assert reply.status_code == 200
    report = shop.wait(reply.json()["import"])
    expected = [(code, field and field.replace("OWN__", shop.prefix)) for code, field in problems]
    assert codes_of(report) == expected
    assert {problem["record"] for problem in report["problems"]} <= {2}
    assert (report["created"], report["rejected"]) == ((3, 0) if is_stored else (2, 1))
    assert found_ids(shop) == (["before", "x", "after"] if is_stored else ["before", "after"])


def test_of_two_equal_keys_the_last_counts(shop: Shop) -> None:
    shop.post_bytes(b'[{"external_id":"1","city":"A","CITY":"B","external_id":"2","City ":"C"}]')
    assert [(each["external_id"], each["city"]) for each in shop.customers()] == [("2", "C")]
