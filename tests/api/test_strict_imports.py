"""A strict import: a warning rejects its record, and so is an error of it (SPEC sections 1, 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.running_server import Shop


def problems(shop: Shop, report: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.http.get(f"{report['url']}problems/{query}").json()[
        "problems"
    ]
    return found


@pytest.mark.parametrize("query", ["?strict=true", "?strict=true&mode=create"])
def test_what_rejects_a_record_of_a_strict_import_is_an_error_of_that_record(
    shop: Shop, query: str
) -> None:
    records = [{"external_id": str(n), "state": "FI", "email": "x"} for n in range(1, 4)]
    records += [{"external_id": f"new-{len(query)}"}, {"state": "FI"}]
    reply = shop.http.post(f"/api/customers/upload/{query}", json=records)
    done = shop.wait(reply.json()["import"])
    report = shop.http.get(done["url"]).json()["import"]
    assert (report["created"], report["rejected"], report["warnings"]) == (1, 4, 0)
    groups = [(each["code"], each["count"], each["severity"]) for each in report["error_groups"]]
    assert groups == [
        ("unknown_field", 4, "error"), ("bad_email", 3, "error"), ("no_identifier", 1, "error"),
    ]  # fmt: skip
    assert report["warning_groups"] == []
    errors = problems(shop, report, "?severity=error")
    assert errors == problems(shop, report)
    assert [each["record"] for each in errors] == [1, 1, 2, 2, 3, 3, 5, 5]
    assert {(each["severity"], each["count"]) for each in errors} == {("error", 1)}
    assert problems(shop, report, "?severity=warning") == []
    assert len(problems(shop, report, "?code=bad_email&severity=error")) == 3
    lines = shop.http.get(f"/api/imports/{report['id']}/problems/?format=csv").text
    assert lines.count(",error,") == 8
    assert [each["code"] for each in report["problems"]][:2] == ["unknown_field", "bad_email"]


def test_warnings_of_a_record_that_a_strict_import_ignores_stay_warnings(shop: Shop) -> None:
    shop.upload({"external_id": "there"})
    records = [{"external_id": each, "state": "FI"} for each in ("there", "2")]
    url = "/api/customers/upload/?strict=true&mode=create"
    reply = shop.http.post(url, json=records)
    report = shop.wait(reply.json()["import"])
    assert (report["ignored"], report["rejected"]) == (1, 1)
    told = [(each["record"], each["code"], each["severity"]) for each in report["problems"]]
    assert told == [
        (2, "unknown_field", "error"),
        (1, "unknown_field", "warning"),
        (1, "customer_exists", "warning"),
    ]
