"""`GET /api/imports/` and `GET /api/imports/ID/` (SPEC section 4)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.running_server import RunningServer, Shop

INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def read(shop: Shop, path: str = "/api/imports/") -> dict[str, Any]:
    reply = shop.http.get(path)
    assert reply.status_code == 200, reply.text
    body: dict[str, Any] = reply.json()
    return body


def test_an_import_is_found_under_the_url_of_its_report(shop: Shop) -> None:
    answered = shop.post([{"external_id": "1"}, {"city": "Turku"}]).json()["import"]
    found = read(shop, answered["url"])["import"]
    assert found.items() >= answered.items()
    assert read(shop, answered["url"].rstrip("/"))["import"] == found


def test_an_import_tells_who_sent_what_and_when(shop: Shop) -> None:
    body = b'{"external_id":"1"}\n'
    answered = shop.post_bytes(body, "application/x-ndjson").json()["import"]
    found = read(shop, answered["url"])["import"]
    assert (found["format"], found["size_bytes"]) == ("ndjson", len(body))
    assert re.fullmatch(r"token:[0-9a-f]+", found["actor"])
    times = [found[name] for name in ("accepted_at", "started_at", "ended_at")]
    assert all(re.fullmatch(INSTANT, time) for time in times)
    assert times == sorted(times)


def test_problems_are_grouped_by_code_and_field(shop: Shop) -> None:
    report = shop.upload(
        {"external_id": "1", "birth_date": "x"},
        {"city": "Turku"},
        {"external_id": "2", "birth_date": "y", "last_login": "z"},
        {"external_id": "3", "state": "new"},
    )
    found = read(shop, report["url"])["import"]
    assert [
        (each["code"], each["field"], each["severity"], each["count"], each["first_record"])
        for each in found["warning_groups"]
    ] == [
        ("bad_date", "birth_date", "warning", 2, 1),
        ("bad_datetime", "last_login", "warning", 1, 3),
        ("unknown_field", "state", "warning", 1, 4),
    ]
    (error,) = found["error_groups"]
    assert (error["code"], error["field"], error["severity"]) == ("no_identifier", None, "error")
    assert (error["count"], error["first_record"]) == (1, 2)
    groups = found["error_groups"] + found["warning_groups"]
    assert all(each["message"] and each["suggestion"] for each in groups)


def test_imports_are_listed_newest_first_page_by_page(shop: Shop) -> None:
    made = [shop.upload({"external_id": str(number)})["id"] for number in range(5)]
    found: list[str] = []
    url: str | None = "/api/imports/?limit=2"
    pages = 0
    while url is not None:
        body = read(shop, url)
        found += [each["id"] for each in body["imports"]]
        url = body.get("next_url")
        pages += 1
        assert url is None or url.startswith(f"{shop.server.url}/api/imports/?")
    assert found == made[::-1]
    assert pages == 3


def test_the_list_of_a_company_without_imports_is_empty(empty_shop: Shop) -> None:
    assert read(empty_shop) == {"imports": []}


def test_a_refused_body_is_no_import(empty_shop: Shop) -> None:
    assert empty_shop.post_bytes(b"{").status_code == 400
    assert read(empty_shop) == {"imports": []}


@pytest.mark.parametrize("import_id", ["0000000000000000", "x", "1", "%00", "%F0%9F%98%80", "'"])
def test_an_unknown_id_is_404(empty_shop: Shop, import_id: str) -> None:
    reply = empty_shop.http.get(f"/api/imports/{import_id}/")
    assert reply.status_code == 404
    assert reply.json()["error"]["reason"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("before=", "before"),
        ("before=x", "before"),
        ("status=done", "status"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(empty_shop: Shop, query: str, named: str) -> None:
    reply = empty_shop.http.get(f"/api/imports/?{query}")
    assert reply.status_code == 400
    assert named in reply.json()["error"]["reason"]


def test_another_companys_import_does_not_exist(server: RunningServer, shop: Shop) -> None:
    other = server.make_shop()
    report = other.upload({"external_id": "1"})
    reply = shop.http.get(report["url"])
    assert reply.status_code == 404
    assert reply.text == shop.http.get("/api/imports/0000000000000000/").text
    assert read(shop)["imports"] == []


def test_what_waits_behind_another_import_is_answered_queued_and_applied_in_its_turn(
    shop: Shop,
) -> None:
    store = shop.server.installation.open_register(shop.short_name).store
    with store.lock(), ThreadPoolExecutor(2) as threads:
        # Accepted one after the other; only their answers come at the same time.
        first = threads.submit(shop.post, [{"external_id": "1", "city": "Turku"}])
        while not read(shop)["imports"]:
            pass
        second = threads.submit(shop.post, [{"external_id": "1", "city": "Oulu"}])
        answers = [each.result() for each in (first, second)]
        assert [each.status_code for each in answers] == [200, 200]
        reports = [each.json()["import"] for each in answers]
        assert [each["status"] for each in reports] == ["queued", "queued"]
        listed = read(shop)["imports"]
        assert [each["id"] for each in listed] == [reports[1]["id"], reports[0]["id"]]
        assert [each["started_at"] for each in listed] == [None, None]
        assert shop.customers() == []
    ended = [shop.wait(report) for report in reports]
    assert [each["status"] for each in ended] == ["done", "done"]
    assert (ended[0]["created"], ended[1]["updated"]) == (1, 1)
    assert shop.customers()[0]["city"] == "Oulu"
