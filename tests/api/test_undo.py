"""`POST /api/imports/ID/undo/` (SPEC section 4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.api.large_import import RECORDS, halted_halfway, send_in_background
from tests.busy import wait_until

if TYPE_CHECKING:
    import httpx

    from tests.running_server import RunningServer, Shop

UPLOAD = ["POST /api/customers/upload/"]


def post_undo(shop: Shop, report: dict[str, Any]) -> httpx.Response:
    return shop.http.post(f"/api/imports/{report['id']}/undo/")


def undo(shop: Shop, report: dict[str, Any]) -> dict[str, Any]:
    """Undo an import, wait for the end, give the report of the undo as it is read back."""
    reply = post_undo(shop, report)
    assert reply.status_code == 200, reply.text
    assert reply.json()["response"] == "ok"
    shop.wait(reply.json()["import"])
    found: dict[str, Any] = shop.http.get(reply.json()["import"]["url"]).json()["import"]
    return found


def problems_of(report: dict[str, Any]) -> list[tuple[str, int, str | None]]:
    return [(each["code"], each["record"], each["field"]) for each in report["problems"]]


def test_an_undo_puts_back_values_and_removes_what_the_import_made(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku", "tags": ["vip"]})
    before = shop.customers()
    wrong = shop.upload(
        {"external_id": "1", "city": "Oulu", "tags.add": "new", "gender": "x"},
        {"external_id": "2", "email": "bob@example.org"},
    )
    undone = undo(shop, wrong)
    assert shop.customers() == before
    assert (undone["status"], undone["undoes"]) == ("done", wrong["id"])
    assert (undone["records"], undone["updated"], undone["removed"]) == (2, 2, 1)
    assert undone["problems"] == []
    assert shop.upload({"external_id": "2", "city": "Oulu"})["created"] == 1


def test_an_undo_is_answered_as_an_upload_is(shop: Shop) -> None:
    wrong = shop.upload({"external_id": "1"})
    answered = post_undo(shop, wrong).json()["import"]
    assert answered.keys() == wrong.keys()
    done = shop.wait(answered)
    assert (done["status"], done["updated"]) == ("done", 1)
    found = shop.http.get(answered["url"]).json()["import"]
    assert (found["undoes"], found["format"], found["size_bytes"]) == (wrong["id"], None, None)


def test_what_an_undo_leaves_is_listed_with_the_record_of_the_import(shop: Shop) -> None:
    shop.upload(
        {"external_id": "1", "email": "ada@example.org", "can_email": True, "city": "Turku"},
        {"external_id": "2", "city": "Turku"},
    )
    wrong = shop.upload(
        {"external_id": "3"},
        {"external_id": "1", "can_email": False, "city": "Oulu"},
        {"external_id": "2", "city": "Oulu", "is_deleted": True},
    )
    shop.upload({"external_id": "1", "city": "Espoo"})
    undone = undo(shop, wrong)
    assert problems_of(undone) == [
        ("permission_not_restored", 2, "can_email"),
        ("written_since", 2, "city"),
        ("customer_is_deleted", 3, None),
    ]
    assert (undone["updated"], undone["unchanged"], undone["ignored"]) == (1, 1, 1)
    (left,) = shop.customers()
    assert (left["can_email"], left["city"]) == (False, "Espoo")


def test_a_value_that_its_field_does_not_read_any_more_is_left(shop: Shop) -> None:
    name = f"{shop.prefix}since"
    shop.upload({"external_id": "1", name: "long ago"})
    wrong = shop.upload({"external_id": "1", name: "2026-01-31"})
    done = shop.server.regulars("field", "declare", shop.short_name, name, "date")
    assert done.status == 0, done.errors
    undone = undo(shop, wrong)
    assert problems_of(undone) == [("unfit_value", 1, name)]
    assert shop.customers()[0][name] == "2026-01-31"


def test_undoing_twice_changes_nothing_the_second_time(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku"})
    wrong = shop.upload({"external_id": "1", "city": "Oulu"}, {"external_id": "2"})
    assert undo(shop, wrong)["updated"] == 2
    again = undo(shop, wrong)
    assert (again["records"], again["unchanged"], again["problems"]) == (2, 2, [])


def test_an_undo_can_be_undone(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku"})
    wrong = shop.upload({"external_id": "1", "city": "Oulu"}, {"external_id": "2"})
    undone_again = undo(shop, undo(shop, wrong))
    assert problems_of(undone_again) == [("customer_is_removed", 2, None)]
    (left,) = shop.customers()
    assert left["city"] == "Oulu"


def test_an_external_id_that_went_to_somebody_else_is_not_given_back(shop: Shop) -> None:
    shop.upload({"email": "ada@example.org"})
    registering = shop.upload({"external_id": "1", "email": "ada@example.org"})
    undone = undo(shop, registering)
    shop.upload({"external_id": "1", "email": "bob@example.org"})
    assert problems_of(undo(shop, undone)) == [("identifier_taken", 1, "external_id")]
    assert [each.get("external_id") for each in shop.customers()] == [None, "1"]


def test_of_two_undos_at_once_one_does_all(shop: Shop) -> None:
    shop.upload(*({"external_id": str(n), "city": "Turku"} for n in range(50)))
    before = shop.customers()
    wrong = shop.upload(*({"external_id": str(n), "city": "Oulu"} for n in range(100)))
    with ThreadPoolExecutor(2) as threads:
        replies = list(threads.map(lambda _: post_undo(shop, wrong), range(2)))
    reports = [shop.wait(reply.json()["import"]) for reply in replies]
    assert sorted(report["updated"] for report in reports) == [0, 100]
    assert shop.customers() == before


def test_an_import_that_changed_nothing_can_be_undone(shop: Shop) -> None:
    undone = undo(shop, shop.upload())
    assert (undone["status"], undone["records"]) == ("done", 0)


@pytest.mark.parametrize("import_id", ["0000000000000000", "x", "%00", "'"])
def test_the_undo_of_an_unknown_import_is_404(empty_shop: Shop, import_id: str) -> None:
    reply = empty_shop.http.post(f"/api/imports/{import_id}/undo/")
    assert reply.status_code == 404
    assert reply.json()["error"]["reason"]


def test_another_companys_import_cannot_be_undone(server: RunningServer, shop: Shop) -> None:
    other = server.make_shop()
    assert post_undo(shop, other.upload({"external_id": "1"})).status_code == 404
    assert len(other.customers()) == 1


def test_an_import_that_waits_cannot_be_undone_yet(shop: Shop) -> None:
    store = shop.server.installation.open_register(shop.short_name).store
    with store.lock(), ThreadPoolExecutor(1) as threads:
        upload = threads.submit(shop.post, [{"external_id": "1"}])
        wait_until(lambda: bool(shop.http.get("/api/imports/").json()["imports"]))
        (waiting,) = shop.http.get("/api/imports/").json()["imports"]
        refused = post_undo(shop, waiting)
        assert refused.status_code == 409
        assert "queued" in refused.json()["error"]["reason"]
        report = upload.result().json()["import"]
    shop.wait(report)
    assert undo(shop, report)["removed"] == 1


def test_what_a_cancelled_import_applied_can_be_undone(shop: Shop) -> None:
    shop.upload({"external_id": "0", "city": "Turku"})
    before = shop.customers()
    sender = send_in_background(shop)
    with halted_halfway(shop):
        running, _ = shop.http.get("/api/imports/").json()["imports"]
        assert post_undo(shop, running).status_code == 409
        assert shop.http.post(f"/api/imports/{running['id']}/cancel/").status_code == 200
    sender.join()
    cancelled = shop.wait(running)
    assert (cancelled["status"], cancelled["records"] < RECORDS) == ("cancelled", True)
    undone = undo(shop, cancelled)
    assert undone["updated"] == cancelled["customers_changed"]
    assert shop.customers() == before


def test_an_undo_waits_for_its_turn(shop: Shop) -> None:
    wrong = shop.upload({"external_id": "1", "city": "Oulu"})
    store = shop.server.installation.open_register(shop.short_name).store
    with store.lock(), ThreadPoolExecutor(1) as threads:
        upload = threads.submit(shop.post, [{"external_id": "1", "city": "Turku"}])
        wait_until(lambda: len(shop.http.get("/api/imports/").json()["imports"]) == 2)
        answered = post_undo(shop, wrong).json()["import"]
        assert answered["status"] == "queued"
        upload.result()
    assert problems_of(shop.wait(answered)) == [
        ("written_since", 1, "city"),
        ("identifier_in_use", 1, "external_id"),
    ]


def test_a_parameter_is_refused(empty_shop: Shop) -> None:
    reply = empty_shop.http.post("/api/imports/0000000000000000/undo/?dry_run=true")
    assert reply.status_code == 400


# Who may


def shop_with(shop: Shop, scopes: list[str]) -> Shop:
    """The same company by another token."""
    _, secret = shop.server.access.create_token(shop.short_name, "other", scopes, actor="test")
    return type(shop)(shop.server, shop.short_name, secret)


def test_whoever_may_upload_may_undo(shop: Shop) -> None:
    till = shop_with(shop, UPLOAD)
    own = till.upload({"external_id": "1"})
    reply = post_undo(till, own)
    assert reply.status_code == 200
    shop.wait(reply.json()["import"])
    assert shop.customers() == []


def test_whoever_may_follow_only_their_own_imports_cannot_undo_others(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"})
    assert post_undo(shop_with(shop, UPLOAD), report).status_code == 404
    assert len(shop.customers()) == 1


def test_whoever_may_only_read_cannot_undo(shop: Shop) -> None:
    report = shop.upload({"external_id": "1"})
    reader = shop_with(shop, ["GET /api/imports/*/", "GET /api/data/customers/"])
    assert post_undo(reader, report).status_code == 403
    assert len(shop.customers()) == 1


def test_a_get_is_405_and_nobody_is_401(shop: Shop, server: RunningServer) -> None:
    path = f"/api/imports/{shop.upload({'external_id': '1'})['id']}/undo/"
    assert shop.http.get(path).status_code in (403, 405)
    assert server.client().post(path).status_code == 401
    assert len(shop.customers()) == 1


def test_an_undo_stands_in_the_audit_log_with_who_asked_for_it(shop: Shop) -> None:
    undone = shop.upload({"external_id": "1"})
    report = undo(shop, undone)
    log = shop.server.installation.open_register(shop.short_name).store.audit_log
    wait_until(lambda: log.load()[-1].action == "import:undo")
    entry = log.load()[-1]
    assert entry.subject == f"import {undone['id']}"
    assert entry.details == f"by import {report['id']}"
    assert entry.actor.startswith("token:")
