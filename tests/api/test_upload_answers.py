"""`POST` and `PUT /api/customers/upload/`: bodies, and what is answered (SPEC section 4)."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from tests.running_server import Shop

PATH = "/api/customers/upload/"
NDJSON = "application/x-ndjson"
COUNTS = ("created", "updated", "unchanged", "rejected", "ignored")


def report_of(reply: httpx.Response) -> dict[str, Any]:
    assert reply.status_code == 200, reply.text
    report: dict[str, Any] = reply.json()["import"]
    return report


def refusal(reply: httpx.Response, status: int) -> str:
    assert reply.status_code == status, reply.text
    assert reply.json().keys() == {"error"}
    reason: str = reply.json()["error"]["reason"]
    assert reason
    return reason


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in COUNTS if report[name]}


# The answer


def test_the_answer_has_these_keys_in_this_order_as_compact_json(shop: Shop) -> None:
    reply = shop.post({"customers": [{"external_id": "1"}, {"external_id": "2"}]})
    import_id = reply.json()["import"]["id"]
    assert reply.text == (
        f'{{"response":"ok","import":{{"id":"{import_id}","status":"done","records":2,"created":2,'
        '"updated":0,"unchanged":0,"rejected":0,"ignored":0,"customers_changed":2,"warnings":0,'
        f'"problems":[],"url":"/api/imports/{import_id}/"}}}}'
    )
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("path", [PATH, PATH.rstrip("/")])
def test_post_and_put_upload_with_or_without_the_last_slash(
    shop: Shop, method: str, path: str
) -> None:
    reply = shop.http.request(method, path, json={"customers": [{"external_id": "1"}]})
    assert counts(report_of(reply)) == {"created": 1}


def test_each_record_is_counted_by_its_outcome(shop: Shop) -> None:
    shop.upload({"external_id": "1", "is_deleted": True}, {"external_id": "2", "city": "Oulu"})
    report = report_of(
        shop.post(
            {
                "customers": [
                    {"external_id": "1"},
                    {"external_id": "2", "city": "Turku"},
                    {"external_id": "2", "city": "Turku"},
                    {"external_id": "2", "zip_code": "20100"},
                    {"external_id": "3"},
                    {"city": "Turku"},
                ]
            }
        )
    )
    assert [report[name] for name in COUNTS] == [1, 2, 1, 1, 1]
    assert (report["records"], report["customers_changed"]) == (6, 2)


def test_one_record_may_update_several_customers(shop: Shop) -> None:
    shop.upload(*({"external_id": each, "email": "a@example.org"} for each in "123"))
    report = shop.upload({"email": "a@example.org", "city": "Turku"})
    assert (report["updated"], report["customers_changed"]) == (1, 3)
    assert {customer["city"] for customer in shop.customers()} == {"Turku"}


def test_problems_come_errors_first_and_say_what_and_where(shop: Shop) -> None:
    report = shop.upload(
        {"external_id": "1", "birth_date": "14.6.1991"}, {"external_id": "2"}, {"city": "Turku"}
    )
    assert [
        (each["record"], each["field"], each["code"], each["severity"])
        for each in report["problems"]
    ] == [(3, None, "no_identifier", "error"), (1, "birth_date", "bad_date", "warning")]
    assert all(each["message"] and each["suggestion"] for each in report["problems"])


def test_the_first_100_problems_are_listed(shop: Shop) -> None:
    records = [{"external_id": str(number), "birth_date": "x"} for number in range(120)]
    report = shop.upload(*records, {"city": "Turku"})
    assert (report["warnings"], len(report["problems"])) == (120, 100)
    assert report["problems"][0]["code"] == "no_identifier"


def test_problems_hold_no_values(shop: Shop) -> None:
    reply = shop.post(
        {
            "customers": [
                {"external_id": "1", "email": "aino@", "phone_number": "040x", "tags": 7.25}
            ]
        }
    )
    assert not any(value in reply.text for value in ("aino@", "040x", "7.25"))


def test_one_bad_record_never_fails_the_others(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"}, 7, None, "x", [], {}, {"external_id": "2"})
    assert counts(report) == {"created": 2, "rejected": 5}
    assert len(shop.customers()) == 2


def test_records_apply_in_their_order(shop: Shop) -> None:
    shop.upload(*({"external_id": "1", "tags.add": [str(number)]} for number in range(50)))
    assert shop.customers()[0]["tags"] == [str(number) for number in range(50)]


def test_an_upload_is_answered_once_it_can_be_read_back(shop: Shop) -> None:
    for number in range(10):
        report = report_of(shop.post([{"external_id": "1", "city": f"City {number}"}]))
        assert report["status"] == "done"
        assert shop.customers()[0]["city"] == f"City {number}"


# All rejected


def test_where_all_records_are_rejected_the_status_is_400_and_the_reason_names_the_problems(
    shop: Shop,
) -> None:
    reply = shop.post({"customers": [{"city": "Turku"}, {"external_id": "a_1"}]})
    reason = refusal(reply, 400)
    assert "no_identifier" in reason
    assert "bad_external_id" in reason
    report = reply.json()["error"]["import"]
    assert (report["status"], report["rejected"]) == ("done", 2)
    assert shop.http.get(report["url"]).json()["import"]["rejected"] == 2
    assert b'"response":"ok"' not in reply.content


def test_ignored_is_not_rejected(shop: Shop) -> None:
    shop.upload({"external_id": "1", "is_deleted": True})
    report = report_of(shop.post([{"external_id": "1"}, {"city": "Turku"}]))
    assert counts(report) == {"rejected": 1, "ignored": 1}


@pytest.mark.parametrize("payload", [{"customers": []}, []])
def test_an_empty_list_is_accepted(shop: Shop, payload: Any) -> None:
    report = report_of(shop.post(payload))
    assert (report["records"], report["problems"]) == (0, [])


# JSON


@pytest.mark.parametrize(
    "body",
    [
        b'[{"external_id":"1"}]',
        b'{"customers":[{"external_id":"1"}]}',
        b'\n { "source" : {"customers": []}, "customers" : [ {"external_id":"1"} ] , "n": 1 } \n',
        b'\xef\xbb\xbf{"customers":[{"external_id":"1"}]}',
        b'{"\\u0063ustomers":[{"external_id":"1"}]}',
    ],
)
def test_a_list_may_come_bare_or_under_customers_beside_other_keys(shop: Shop, body: bytes) -> None:
    assert counts(report_of(shop.post_bytes(body))) == {"created": 1}


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=UTF-8"],
)
def test_the_content_type_may_be_written_in_any_case_and_name_utf_8(
    shop: Shop, content_type: str
) -> None:
    assert counts(report_of(shop.post_bytes(b'[{"external_id":"1"}]', content_type))) == {
        "created": 1
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"null",
        b"7",
        b"{}",
        b'"customers"',
        b'{"customers":null}',
        b'{"customers":{"external_id":"1"}}',
        b'{"customers":[{"external_id":"1"}],"customers":[]}',
        b'{"Customers":[{"external_id":"1"}]}',
        b'{"external_id":"1"}',
        b'[{"external_id":"1"}',
        b'[{"external_id":"1"},]',
        b'[{"external_id":"1"}] x',
        b"[{'external_id':'1'}]",
        b'[{"external_id":NaN}]',
        b'[{"external_id":"1"},{"city":"Turku\xff"}]',
    ],
)
def test_a_body_that_cannot_be_read_is_refused_as_a_whole(empty_shop: Shop, body: bytes) -> None:
    refusal(empty_shop.post_bytes(body), 400)
    assert empty_shop.customers() == []
    assert empty_shop.http.get("/api/imports/").json()["imports"] == []


@pytest.mark.parametrize(
    ("body", "byte"),
    [
        ('[{"external_id":"1"},{"city":"ä"}, x]'.encode(), 36),
        (b'[{"external_id":"1"},{"city":"Turku\xff"}]', 35),
    ],
)
def test_the_reason_names_the_byte_where_a_body_is_wrong(
    empty_shop: Shop, body: bytes, byte: int
) -> None:
    assert f"byte {byte}" in refusal(empty_shop.post_bytes(body), 400)


# NDJSON


def test_ndjson_is_a_record_a_line(shop: Shop) -> None:
    body = b'\xef\xbb\xbf{"external_id":"1"}\r\n\n{"external_id":"2"}\n{"external_id":"3"}'
    report = report_of(shop.post_bytes(body, NDJSON))
    assert (counts(report), report["records"]) == ({"created": 3}, 3)


def test_a_line_that_is_no_object_is_that_records_problem(shop: Shop) -> None:
    body = b'{"external_id":"1"}\n{"external_id":\n[]\n{"external_id":"2"}\n'
    report = report_of(shop.post_bytes(body, NDJSON))
    assert counts(report) == {"created": 2, "rejected": 2}
    assert [(each["record"], each["code"]) for each in report["problems"]] == [
        (2, "malformed_record"),
        (3, "malformed_record"),
    ]


def test_empty_ndjson_is_accepted(shop: Shop) -> None:
    assert report_of(shop.post_bytes(b"", NDJSON))["records"] == 0


# What an upload does not take


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=iso-8859-1", ""]
)
def test_another_content_type_is_415(empty_shop: Shop, content_type: str) -> None:
    refusal(empty_shop.post_bytes(b'[{"external_id":"1"}]', content_type), 415)
    assert empty_shop.customers() == []


def test_a_content_encoding_that_is_not_taken_is_415(empty_shop: Shop) -> None:
    body = gzip.compress(b'[{"external_id":"1"}]')
    refusal(empty_shop.post_bytes(body, headers={"Content-Encoding": "br"}), 415)
    assert empty_shop.customers() == []


@pytest.mark.parametrize("query", ["colour=red", "colour=", "dry-run=true"])
def test_an_unknown_parameter_is_refused_and_nothing_applied(empty_shop: Shop, query: str) -> None:
    reply = empty_shop.http.post(f"{PATH}?{query}", json=[{"external_id": "1"}])
    assert query.partition("=")[0] in refusal(reply, 400) or "query" in refusal(reply, 400)
    assert empty_shop.customers() == []
