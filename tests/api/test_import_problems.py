"""`GET /api/imports/ID/problems/` and `/ID/rejected/`: nothing that was wrong gets lost."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.running_server import Shop

CSV = "text/csv"
NDJSON = "application/x-ndjson"


def pages(shop: Shop, url: str | None) -> list[list[dict[str, Any]]]:
    """All pages of problems from an address on."""
    found = []
    while url is not None:
        reply = shop.http.get(url)
        assert reply.status_code == 200, reply.text
        found.append(reply.json()["problems"])
        url = reply.json().get("next_url")
    return found


def problems(shop: Shop, report: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    url = f"/api/imports/{report['id']}/problems/{query}"
    return [each for page in pages(shop, url) for each in page]


def rejected(shop: Shop, report: dict[str, Any]) -> bytes:
    reply = shop.http.get(f"/api/imports/{report['id']}/rejected/")
    assert reply.status_code == 200, reply.text
    return reply.content


def upload_bytes(shop: Shop, body: bytes, content_type: str) -> dict[str, Any]:
    reply = shop.post_bytes(body, content_type).json()
    return shop.wait(reply["import"] if "import" in reply else reply["error"]["import"])


def test_every_problem_is_listed_page_by_page_in_order(shop: Shop) -> None:
    report = shop.upload(*({"external_id": str(n), "birth_date": "x"} for n in range(1, 251)))
    assert len(report["problems"]) == 100
    found = pages(shop, f"/api/imports/{report['id']}/problems/?limit=60")
    assert [len(page) for page in found] == [60, 60, 60, 60, 10]
    assert [each["record"] for page in found for each in page] == list(range(1, 251))
    assert found[0][0] == report["problems"][0]
    assert [len(page) for page in pages(shop, f"/api/imports/{report['id']}/problems")] == [
        100, 100, 50,
    ]  # fmt: skip


def test_a_page_that_is_just_full_leads_nowhere(shop: Shop) -> None:
    report = shop.upload(*({"external_id": str(n), "email": "x"} for n in range(3)))
    assert len(pages(shop, f"/api/imports/{report['id']}/problems/?limit=3")) == 1


def test_problems_are_filtered_by_severity_and_code(shop: Shop) -> None:
    records = [{"external_id": "1", "email": "x"}, 5, {"city": "Turku"}, {"external_id": "1 2"}]
    report = shop.upload(*records)

    def codes(query: str) -> list[str]:
        return [each["code"] for each in problems(shop, report, query)]

    every = ["bad_email", "malformed_record", "no_identifier", "bad_external_id"]
    assert codes("") == every
    assert codes("?severity=error") == every[1:]
    assert codes("?severity=warning&limit=1") == ["bad_email"]
    assert codes("?code=no_identifier") == ["no_identifier"]
    assert codes("?code=no_identifier&severity=warning") == []


def test_an_unknown_field_is_listed_once_with_its_count(shop: Shop) -> None:
    report = shop.upload(*({"external_id": str(n), "state": 1} for n in range(2500)))
    (problem,) = problems(shop, report)
    assert (problem["code"], problem["field"], problem["count"]) == ("unknown_field", "state", 2500)


@pytest.mark.parametrize(
    "query",
    ["severity=bad", "code=nothing", "format=xml", "limit=0", "limit=10001", "after=x", "page=1"],
)
def test_a_parameter_that_cannot_be_used_is_refused(shop: Shop, query: str) -> None:
    report = shop.upload({"external_id": "1"})
    reply = shop.http.get(f"/api/imports/{report['id']}/problems/?{query}")
    assert reply.status_code == 400
    assert reply.json()["error"]["reason"].startswith(query.partition("=")[0])
    assert shop.http.get(f"/api/imports/{report['id']}/rejected/?x=1").status_code == 400


@pytest.mark.parametrize(("query", "accept"), [("?format=csv", "*/*"), ("", "text/csv;q=0.9, */*")])
def test_all_problems_come_as_one_csv_file(shop: Shop, query: str, accept: str) -> None:
    records = [{"external_id": str(n), "birth_date": "x"} for n in range(1, 6001)]
    report = shop.upload(*records, {"external_id": "1", "=1+2": 1})
    reply = shop.http.get(
        f"/api/imports/{report['id']}/problems/{query}", headers={"Accept": accept}
    )
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"].startswith("attachment; filename=")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [int(row["record"]) for row in rows] == list(range(1, 6002))
    assert rows[0] == {
        "record": "1", "line": "", "field": "birth_date", "code": "bad_date", "count": "1",
        "severity": "warning", "message": rows[1]["message"], "suggestion": rows[1]["suggestion"],
    }  # fmt: skip
    assert rows[-1]["field"] == "'=1+2"


def test_a_csv_of_some_problems_is_filtered_as_well(shop: Shop) -> None:
    report = shop.upload({"external_id": "1", "email": "x"}, 5, 6, 7)
    url = f"/api/imports/{report['id']}/problems/?format=csv&severity=error&limit=2"
    rows = list(csv.DictReader(io.StringIO(shop.http.get(url).text)))
    assert [row["record"] for row in rows] == ["2", "3"]


def test_problems_of_csv_tell_their_line(shop: Shop) -> None:
    body = b'external_id,email,city\n1,x,"two\nlines"\n,,Turku\n'
    report = upload_bytes(shop, body, CSV)
    assert [(each["record"], each["line"]) for each in problems(shop, report)] == [(1, 2), (2, 4)]
    assert [each["line"] for each in report["problems"]] == [4, 2]


def test_rejected_records_come_back_as_json(shop: Shop) -> None:
    body = b'[{"external_id":"1"}, {"city": "Turku",  "age": 1.50}, 5, {"external_id": "1 2"}]'
    report = upload_bytes(shop, body, "application/json")
    reply = shop.http.get(f"{report['url']}rejected/")
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["content-disposition"] == (
        f'attachment; filename="rejected-{report["id"]}.json"'
    )
    first, second, third = reply.json()["customers"]
    assert (first["city"], first["age"], first["_record"]) == ("Turku", 1.5, 2)
    assert first["_problem"].startswith("no_identifier")
    assert first["_suggestion"]
    assert second["_record"] == 3
    assert (third["external_id"], third["_field"]) == ("1 2", "external_id")


def test_rejected_records_come_back_as_ndjson(shop: Shop) -> None:
    body = b'{"city":"Turku"}\n{"external_id":"1"}\n{"broken\n{"external_id":"\xc3\xa4 "}\n\n7\n'
    report = upload_bytes(shop, body, NDJSON)
    lines = rejected(shop, report).splitlines()
    assert [json.loads(line)["_record"] for line in lines] == [1, 3, 5]


def test_rejected_records_come_back_as_csv(shop: Shop) -> None:
    body = "external_id;first_name;Stadt\n1;Ada;x\n;Bob;'=y\n2;a;b;c\n;Örjan\n".encode()
    report = upload_bytes(shop, body, CSV)
    reply = shop.http.get(f"{report['url']}rejected/")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(reply.text), delimiter=";"))
    assert rows[0][:3] == ["external_id", "first_name", "Stadt"]
    assert rows[1][:3] == ["", "Bob", "'=y"]
    assert rows[3][:3] == ["", "Örjan", ""]
    assert rows[1][3] == "2"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"customers": [{"city": "Turku"}, {"city": "Oulu"}]}', "application/json"),
        (b'{"city": "Turku"}\n{"city": "Oulu"}\n', NDJSON),
        (b"email,city\n,Turku\n,Oulu\n", CSV),
    ],
)
def test_a_file_of_rejected_records_can_be_mended_and_sent_again(
    shop: Shop, body: bytes, content_type: str
) -> None:
    report = upload_bytes(shop, body, content_type)
    assert report["rejected"] == 2
    file = rejected(shop, report)
    again = upload_bytes(shop, file, content_type)
    assert (again["rejected"], again["warnings"]) == (2, 0)
    if content_type == CSV:
        mended = file.replace(b"\r\n,Turku", b"\r\na@example.org,Turku")
        mended = mended.replace(b"\r\n,Oulu", b"\r\nb@example.org,Oulu")
    else:
        mended = file.replace(b'"Turku"', b'"Turku","email":"a@example.org"')
        mended = mended.replace(b'"Oulu"', b'"Oulu","email":"b@example.org"')
    done = upload_bytes(shop, mended, content_type)
    assert (done["created"], done["rejected"], done["warnings"]) == (2, 0, 0)
    assert {each["city"] for each in shop.customers()} == {"Turku", "Oulu"}


def test_an_import_without_problems_has_empty_lists(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"})
    detail = shop.http.get(report["url"]).json()["import"]
    assert detail["rejected_url"] is None
    assert (detail["error_groups"], detail["warning_groups"]) == ([], [])
    assert problems(shop, report) == []
    assert json.loads(rejected(shop, report)) == {"customers": []}


def test_a_record_too_large_to_keep_is_told_all_the_same(shop: Shop) -> None:
    report = shop.upload({"city": "x" * 1024 * 1024}, {"external_id": "1"})
    (record,) = json.loads(rejected(shop, report))["customers"]
    assert (record["_record"], record["_problem"].partition(":")[0]) == (1, "record_too_large")


def test_progress_is_told(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"}, {"external_id": "2"})
    progress = shop.http.get(report["url"]).json()["import"]["progress"]
    assert (progress["records_done"], progress["records_total"]) == (2, 2)
    assert progress["seconds_left"] == 0
    assert progress["records_per_second"] > 0


@pytest.mark.parametrize("part", ["problems", "rejected"])
def test_an_unknown_import_and_one_of_another_company_are_404(shop: Shop, part: str) -> None:
    other = shop.server.make_shop()
    report = other.upload({"city": "Turku"})
    for number in (report["id"], "0000000000000000", "%00"):
        reply = shop.http.get(f"/api/imports/{number}/{part}/")
        assert reply.status_code == 404
        assert reply.json()["error"]["reason"]


@pytest.mark.parametrize("part", ["problems", "rejected"])
def test_who_may_only_upload_sees_the_own_imports_and_no_others(shop: Shop, part: str) -> None:
    _, secret = shop.server.access.create_token(
        shop.short_name, "till", actor="test", scopes=["POST /api/customers/upload/"]
    )
    till = shop.server.client(secret)
    posted = till.post("/api/customers/upload/", json=[{"city": "Turku"}, {"external_id": "1"}])
    own = posted.json()["import"]["id"]
    others = shop.upload({"city": "Oulu"})["id"]
    assert till.get(f"/api/imports/{own}/{part}/").status_code == 200
    assert till.get(f"/api/imports/{others}/{part}/").status_code == 404
    assert shop.http.get(f"/api/imports/{own}/{part}/").status_code == 200


def test_a_plan_lists_its_problems(shop: Shop) -> None:
    reply = shop.http.post(
        "/api/customers/upload/?dry_run=true",
        json=[{"external_id": "1", "email": "x"}, {"city": "Turku"}],
    )
    report = shop.wait(reply.json()["import"])
    assert report["status"] == "planned"
    assert [each["code"] for each in problems(shop, report)] == ["bad_email", "no_identifier"]
    assert len(problems(shop, report, "?limit=1&severity=warning")) == 1


def test_a_strict_import_keeps_what_it_rejects(shop: Shop) -> None:
    records = [{"external_id": str(n), "state": 1, "city": "Turku"} for n in range(3)]
    reply = shop.http.post("/api/customers/upload/?strict=true", json=records)
    report = shop.wait(reply.json()["error"]["import"])
    kept = json.loads(rejected(shop, report))["customers"]
    assert [each["external_id"] for each in kept] == ["0", "1", "2"]
    assert all(each["_problem"].startswith("unknown_field") for each in kept)


@pytest.mark.parametrize(
    "forget",
    [
        {"external_id": "7", "is_forgotten": True},
        {"email": "ada@example.org", "is_forgotten": True},
    ],
)
def test_forgetting_takes_rejected_records_of_the_person(
    shop: Shop, forget: dict[str, Any]
) -> None:
    shop.upload({"external_id": "7", "email": "ada@example.org"})
    shop.upload({"external_id": "7", "email": "ada@example.com", "phone_number": "0401234567"})
    shop.upload({"external_id": "7", "email": "ada@example.org"})
    named = [
        {"external_id": "a b", "email": "ada@example.org", "_note": "bold"},
        {"external_id": "a b", "email": "ADA@example.com"},
        {"external_id": "a b", "phone_number": "+358 40 123 4567"},
        ["ada@example.org"],
        {"external_id": "a b", "email": "bob@example.org"},
    ]
    report = shop.upload(*named)
    assert report["rejected"] == 5
    # In the same import, before the request and behind it.
    last = shop.upload(named[0], forget, named[1], named[4])
    assert last["rejected"] == 3
    for each, numbers in ((report, [5]), (last, [4])):
        kept = json.loads(rejected(shop, each))["customers"]
        assert [record["_record"] for record in kept] == numbers
        assert [record["email"] for record in kept] == ["bob@example.org"]
    # From then on, what names the person is not kept at all.
    later = shop.upload(named[0], {"external_id": "1"})
    (record,) = json.loads(rejected(shop, later))["customers"]
    assert set(record) == {"_record", "_problem", "_field", "_suggestion"}


def test_the_same_holds_for_a_large_body_read_in_a_process_of_its_own(shop: Shop) -> None:
    good = [{"external_id": str(n), "first_name": "x" * 400} for n in range(12_000)]
    report = shop.upload(*good, {"city": "Turku"}, {"external_id": "1", "email": "x"})
    assert report["created"] == 12_000
    assert [each["record"] for each in problems(shop, report)] == [12_001, 12_002]
    (record,) = json.loads(rejected(shop, report))["customers"]
    assert record["city"] == "Turku"
