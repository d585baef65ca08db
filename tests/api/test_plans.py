"""Plans and holds over HTTP: `dry_run`, `/apply/`, `/release/`, and cancelling (SPEC section 4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.running_server import RunningServer, Shop

UPLOAD = ["POST /api/customers/upload/"]
HOLDING = {
    "hold_permission_customers": "2",
    "hold_gone_customers": "2",
    "hold_address_records": "2",
}


def plan(shop: Shop, *records: object, query: str = "dry_run=true") -> dict[str, Any]:
    """The plan of an import, as it is read back."""
    reply = shop.http.post(f"/api/customers/upload/?{query}", json={"customers": list(records)})
    assert reply.status_code == 200, reply.text
    report = shop.wait(reply.json()["import"])
    found: dict[str, Any] = read(shop, report)
    assert found["status"] == "planned"
    return found


def read(shop: Shop, report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shop.http.get(f"/api/imports/{report['id']}/").json()["import"]
    return found


def post(shop: Shop, report: dict[str, Any], what: str) -> httpx.Response:
    return shop.http.post(f"/api/imports/{report['id']}/{what}/")


def do(shop: Shop, report: dict[str, Any], what: str) -> dict[str, Any]:
    reply = post(shop, report, what)
    assert reply.status_code == 200, reply.text
    return shop.wait(reply.json()["import"])


def counts_of(report: dict[str, Any]) -> dict[str, Any]:
    names = ("records", "created", "updated", "unchanged", "rejected", "ignored", "problems")
    return {name: report[name] for name in names}


def shop_with(shop: Shop, *scopes: str) -> Shop:
    """The same company, with another token."""
    _, secret = shop.server.access.create_token(shop.short_name, "other", scopes, actor="test")
    return type(shop)(shop.server, shop.short_name, secret)


def test_a_plan_shows_what_would_change_and_changes_nothing(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "ada@example.org", "city": "Turku"})
    before = shop.customers()
    found = plan(
        shop,
        {"external_id": "1", "city": "Oulu", "gender": "x"},
        {"external_id": "2", "state": "FI"},
        {"external_id": "a b"},
    )
    assert shop.customers() == before
    assert (found["created"], found["updated"], found["rejected"]) == (1, 1, 1)
    assert [each["code"] for each in found["problems"]] == ["bad_external_id", "unknown_field"]
    assert found["plan"]["holds"] == []
    assert found["plan"]["changes"] == [
        {
            "record": 1,
            "customer": {"external_id": "1", "email": "ada@example.org"},
            "before": {"city": "Turku"},
            "after": {"city": "Oulu", "gender": "x"},
        },
        {
            "record": 2,
            "customer": {"external_id": "2"},
            "before": None,
            "after": {"external_id": "2"},
        },
    ]


def test_an_applied_plan_does_what_it_showed_and_only_once(shop: Shop) -> None:
    found = plan(shop, {"external_id": "1", "city": "Oulu"}, {"external_id": "1", "city": "Vaasa"})
    done = do(shop, found, "apply")
    assert done["status"] == "done"
    assert counts_of(done) == counts_of(found)
    assert shop.customer("1")["city"] == "Vaasa"  # type: ignore[index]
    again = post(shop, found, "apply")
    assert again.status_code == 409
    assert again.json()["error"]["reason"] == "the import is done, not planned"
    assert read(shop, done)["plan"] is None
    undone = shop.http.post(f"/api/imports/{done['id']}/undo/")
    assert undone.status_code == 200
    shop.wait(undone.json()["import"])
    assert shop.customer("1") is None


def test_a_plan_whose_customers_have_changed_is_not_applied(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "ada@example.org"}, {"external_id": "2"})
    found = plan(
        shop,
        {"external_id": "2", "city": "Oulu"},
        {"email": "ada@example.org", "city": "Oulu"},
        {"external_id": "3"},
    )
    shop.upload({"external_id": "2", "gender": "x"}, {"external_id": "1", "email": ""})
    before = shop.customers()
    refused = post(shop, found, "apply")
    assert refused.status_code == 409
    assert [(each["record"], each["code"]) for each in refused.json()["error"]["records"]] == [
        (1, "customer_has_changed"),
        (2, "means_other_customers"),
    ]
    assert "example.org" not in refused.text
    assert shop.customers() == before
    assert read(shop, found)["status"] == "planned"


def test_plans_of_nothing_and_of_bad_records_are_plans(shop: Shop) -> None:
    assert plan(shop)["records"] == 0
    assert plan(shop, {"city": "Oulu"})["rejected"] == 1
    assert do(shop, plan(shop), "apply")["status"] == "done"


def test_mode_strict_and_keep_are_taken_from_the_address(shop: Shop) -> None:
    shop.upload({"external_id": "1", "city": "Turku"})
    records = [{"external_id": "1", "city": "Oulu", "state": "FI"}, {"external_id": "2"}]
    assert plan(shop, *records, query="dry_run=1&mode=create")["ignored"] == 1
    assert plan(shop, *records, query="dry_run=1&mode=update")["ignored"] == 1
    assert plan(shop, *records, query="dry_run=1&strict=true")["rejected"] == 1
    kept = plan(shop, *records, query="dry_run=1&keep=City")
    assert (kept["unchanged"], kept["created"]) == (1, 1)
    assert do(shop, kept, "apply")["unchanged"] == 1
    assert shop.customer("1")["city"] == "Turku"  # type: ignore[index]


def test_a_plan_can_be_dropped(shop: Shop) -> None:
    found = plan(shop, {"external_id": "1"})
    assert do(shop, found, "cancel")["status"] == "cancelled"
    assert read(shop, found)["plan"] is None
    assert post(shop, found, "apply").status_code == 409
    assert post(shop, found, "cancel").status_code == 409
    assert shop.customers() == []


def test_two_who_apply_a_plan_at_once_apply_it_once(shop: Shop) -> None:
    found = plan(shop, {"external_id": "1", "tags.add": "a"})
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: post(shop, found, "apply").status_code, range(4)))
    assert replies.count(200) == 1
    assert set(replies) <= {200, 409, 503}
    assert shop.wait(read(shop, found))["created"] == 1


def test_what_is_no_plan_is_not_applied_or_released(shop: Shop) -> None:
    done = shop.upload({"external_id": "1"})
    planned = plan(shop, {"external_id": "2"})
    admin = shop_with(shop, "POST /api/imports/*/release/", "POST /api/imports/*/apply/")
    assert post(shop, done, "apply").status_code == 409
    assert post(admin, planned, "release").status_code == 409
    for what in ("apply", "release"):
        assert post(admin, {"id": "none"}, what).status_code == 404
        assert admin.http.post(f"/api/imports/{done['id']}/{what}/?x=1").status_code == 400


def test_whoever_uploads_applies_their_own_plans_and_releases_nothing(shop: Shop) -> None:
    uploader = shop_with(shop, *UPLOAD)
    planned = plan(shop, {"external_id": "1"})
    assert post(uploader, planned, "apply").status_code == 404
    own = plan(uploader, {"external_id": "2"})
    assert post(uploader, own, "release").status_code == 403
    assert do(uploader, own, "apply")["created"] == 1
    reader = shop_with(shop, "GET /api/imports/*/")
    assert post(reader, planned, "apply").status_code == 403


def test_somebody_forgotten_is_in_no_plan(shop: Shop) -> None:
    shop.upload({"external_id": "1", "email": "ada@example.org"})
    found = plan(shop, {"external_id": "1", "city": "Oulu"})
    assert "ada@example.org" in str(found["plan"])
    shop.upload({"external_id": "1", "is_forgotten": True})
    assert read(shop, found)["plan"]["changes"] == []


# Holds


def held(shop: Shop, *records: object) -> dict[str, Any]:
    reply = shop.post({"customers": list(records)})
    assert reply.status_code == 200, reply.text
    report = read(shop, shop.wait(reply.json()["import"]))
    assert report["status"] == "held"
    return report


def holding_shop(start_server: Callable[..., RunningServer]) -> tuple[Shop, Shop]:
    """A company where little is needed for a hold, and the same with the right to release."""
    shop = start_server(**HOLDING).make_shop()
    admin = shop_with(
        shop, *UPLOAD, "GET /api/imports/*/", "POST /api/imports/*/release/",
        "GET /api/data/customers/",
    )  # fmt: skip
    shop.upload(
        *(
            {"external_id": str(number), "email": f"p{number}@example.org", "can_email": True}
            for number in range(1, 6)
        )
    )
    return shop, admin


def test_an_import_past_a_limit_is_held_until_it_is_released(
    start_server: Callable[..., RunningServer],
) -> None:
    shop, admin = holding_shop(start_server)
    before = shop.customers()
    no = [{"external_id": str(n), "can_email": False, "city": "Oulu"} for n in range(1, 4)]
    report = held(shop, *no)
    assert shop.customers() == before
    (why,) = report["plan"]["holds"]
    assert (why["code"], why["field"], why["count"], why["of"]) == (
        "permission_taken", "can_email", 3, 5,
    )  # fmt: skip
    assert report["updated"] == 3
    # It left the line: others go on.
    assert shop.upload({"external_id": "1", "city": "Vaasa"})["status"] == "done"
    assert post(shop, report, "release").status_code == 403
    done = do(admin, report, "release")
    assert (done["status"], done["updated"]) == ("done", 3)
    assert [(each["code"], each["record"], each["field"]) for each in done["problems"]] == [
        ("written_since", 1, "city")
    ]
    cities = [each.get("city") for each in shop.customers()]
    assert cities == ["Vaasa", "Oulu", "Oulu", None, None]
    assert [each["can_email"] for each in shop.customers()] == [False] * 3 + [True] * 2
    assert post(admin, report, "release").status_code == 409


def test_what_a_body_repeats_or_deletes_is_held_and_can_be_dropped(
    start_server: Callable[..., RunningServer],
) -> None:
    shop, admin = holding_shop(start_server)
    gone = held(shop, *({"external_id": str(n), "is_deleted": True} for n in range(1, 4)))
    assert gone["plan"]["holds"][0]["code"] == "customers_gone"
    same = held(shop, *({"external_id": f"n{n}", "email": "x@example.org"} for n in range(3)))
    assert same["plan"]["holds"][0]["code"] == "address_repeated"
    assert do(shop, gone, "cancel")["status"] == "cancelled"
    assert post(admin, gone, "release").status_code == 409
    assert len(shop.customers()) == 5
    # Within the limits, and near them.
    near = shop.upload(*({"external_id": str(n), "is_deleted": True} for n in range(1, 3)))
    assert near["status"] == "done"


def test_a_plan_that_would_be_held_takes_the_right_to_release(
    start_server: Callable[..., RunningServer],
) -> None:
    shop, admin = holding_shop(start_server)
    records = [{"external_id": str(n), "can_email": False} for n in range(1, 4)]
    found = plan(shop, *records)
    assert found["plan"]["holds"][0]["count"] == 3
    assert post(shop, found, "apply").status_code == 403
    assert do(admin, found, "apply")["updated"] == 3


def test_plans_and_holds_survive_a_restart(start_server: Callable[..., RunningServer]) -> None:
    shop, admin = holding_shop(start_server)
    found = plan(shop, {"external_id": "9", "city": "Oulu"})
    report = held(shop, *({"external_id": str(n), "is_deleted": True} for n in range(1, 4)))
    shop.server.kill()
    shop.server.restart()
    assert do(shop, found, "apply")["created"] == 1
    assert do(admin, report, "release")["updated"] == 3
    assert len(shop.customers()) == 3
