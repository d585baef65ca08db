"""What a plan says of problems and rejected records, and that nothing of it stays behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.running_server import Shop

BAD: Final = 120
RECORDS: Final = [
    {"external_id": f"a {number}", "birth_date": "never", "email": f"p{number}@example.org"}
    if number % 2
    else {"external_id": str(number), "birth_date": "never", "email": f"p{number}@example.org"}
    for number in range(2 * BAD)
]
NOTHING: Final = {
    "records": 0, "created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "ignored": 0,
    "customers_changed": 0, "warnings": 0, "problems": [], "error_groups": [], "plan": None,
    "rejected_url": None,
}  # fmt: skip


def send(shop: Shop, query: str = "", records: list[Any] | None = None) -> dict[str, Any]:
    """An upload once it has ended, as it is read back."""
    body = {"customers": RECORDS if records is None else records}
    reply = shop.http.post(f"/api/customers/upload/?{query}", json=body)
    assert reply.status_code == 200, reply.text
    return read(shop, shop.wait(reply.json()["import"]))


def read(shop: Shop, report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shop.http.get(f"/api/imports/{report['id']}/").json()["import"]
    return found


def do(shop: Shop, report: dict[str, Any], what: str) -> dict[str, Any]:
    reply = shop.http.post(f"/api/imports/{report['id']}/{what}/")
    assert reply.status_code == 200, reply.text
    return read(shop, shop.wait(reply.json()["import"]))


def problems_of(shop: Shop, report: dict[str, Any], query: str = "limit=50") -> list[Any]:
    """All problems, page by page."""
    found: list[Any] = []
    url: str | None = f"{report['problems_url']}?{query}"
    while url is not None:
        page = shop.http.get(url).json()
        found += page["problems"]
        url = page.get("next_url")
    return found


def rejected_of(shop: Shop, report: dict[str, Any]) -> list[Any]:
    found: list[Any] = shop.http.get(f"/api/imports/{report['id']}/rejected/").json()["customers"]
    return found


def test_a_plan_tells_all_problems_and_rejected_records_as_its_import_does(shop: Shop) -> None:
    planned = send(shop, "dry_run=true")
    assert (planned["status"], planned["rejected"]) == ("planned", BAD)
    problems, rejected = problems_of(shop, planned), rejected_of(shop, planned)
    assert len(problems) > 3 * BAD // 2
    assert [each["record"] for each in problems] == sorted(each["record"] for each in problems)
    assert len(problems_of(shop, planned, "limit=7&severity=error")) == BAD
    assert [each["_record"] for each in rejected] == list(range(2, 2 * BAD + 1, 2))
    assert rejected[0]["email"] == "p1@example.org"
    listed = shop.http.get("/api/imports/").json()["imports"]
    assert [each["rejected_url"] for each in listed] == [planned["rejected_url"]]

    done = do(shop, planned, "apply")
    assert (done["status"], done["plan"]) == ("done", None)
    assert problems_of(shop, done) == problems
    assert rejected_of(shop, done) == rejected
    direct = send(shop.server.make_shop())
    assert direct["problems"] == planned["problems"] == done["problems"]


def test_a_plan_that_was_dropped_looks_like_an_import_that_did_nothing(shop: Shop) -> None:
    planned = send(shop, "dry_run=true")
    assert planned["rejected_url"] is not None
    assert planned["plan"] is not None
    dropped = do(shop, planned, "cancel")
    assert dropped["status"] == "cancelled"
    assert {name: dropped[name] for name in NOTHING} == NOTHING
    progress = dropped["progress"]
    assert (progress["records_done"], progress["records_per_second"]) == (0, None)
    assert problems_of(shop, planned) == []
    assert rejected_of(shop, planned) == []


def test_whoever_is_forgotten_is_in_no_rejected_record_of_a_plan(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "p1@example.org"})
    planned = send(shop, "dry_run=true")
    assert "p1@example.org" in [each["email"] for each in rejected_of(shop, planned)]
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert len(rejected_of(shop, planned)) == BAD - 1
    assert "p1@example.org" not in [each["email"] for each in rejected_of(shop, planned)]
